"""Which language a page is answered in."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from tenants.languages import language_of

# What links in mails say at their end.
LINK_LANGUAGE = "language"


class BusinessLocaleMiddleware(LocaleMiddleware):
    """The choice kept in the browser, else that of the link, its Accept-Language, the business's.

    A link in a mail says which language it was asked for in: another browser opens it in that one.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Activate the language."""
        business = getattr(request, "business", None)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if business is None or chosen:
            super().process_request(request)
            return
        wanted = of_link(request) or request.headers.get("Accept-Language", "")
        translation.activate(language_of(wanted, business.language))
        request.LANGUAGE_CODE = translation.get_language()


def of_link(request: HttpRequest) -> str:
    """The language of the link that was followed; empty for none."""
    found = request.GET.get(LINK_LANGUAGE, "")
    return found if found in dict(settings.LANGUAGES) else ""
