"""Which language a page is answered in."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from tenants.languages import language_of


class BusinessLocaleMiddleware(LocaleMiddleware):
    """The choice kept in the browser, else its Accept-Language, else the business's own."""

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language."""
        business = getattr(request, "business", None)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if business is None or chosen:
            super().process_request(request)
            return
        wanted = request.headers.get("Accept-Language", "")
        translation.activate(language_of(wanted, business.language))
        request.LANGUAGE_CODE = translation.get_language()
