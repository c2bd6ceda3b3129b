"""Django's sessions and users for the operators' admin only.

People of a business carry a token of that business instead (console/cookies.py), so that no cookie
of one host means anything on another.
"""

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse


class PublicSessionMiddleware(SessionMiddleware):
    """Django's session middleware, on the platform's own hosts."""

    def process_request(self, request: HttpRequest) -> None:
        """Nothing on a business's host."""
        if not hasattr(request, "business"):
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Nothing on a business's host."""
        if hasattr(request, "business") or not hasattr(request, "session"):
            return response
        return super().process_response(request, response)


class PublicAuthenticationMiddleware(AuthenticationMiddleware):
    """Django's `request.user`, on the platform's own hosts."""

    def process_request(self, request: HttpRequest) -> None:
        """Nothing on a business's host."""
        if not hasattr(request, "business"):
            super().process_request(request)
