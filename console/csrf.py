"""Django's protection of forms, for pages that tell nobody where they are."""

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

_OURS = {"", "same-origin", "none"}


class PageCsrfMiddleware(CsrfViewMiddleware):
    """Takes `Origin: null`, which browsers send from a page with `Referrer-Policy: no-referrer`.

    The form's token is checked as ever, its cookie cannot be set by a sibling host, and a browser
    that says that the request came from elsewhere is believed.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META["HTTP_ORIGIN"] == "null":
            return request.META.get("HTTP_SEC_FETCH_SITE", "") in _OURS
        return bool(super()._origin_verified(request))  # type: ignore[misc]  # untyped in the stubs
