"""A page for when there is no business, or no database, to make a better one from."""

import json

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy

from tenants.languages import language_of

UNKNOWN_HOST = gettext_lazy("No business lives at this address.")
AWAY = gettext_lazy("We are away for a moment. Nothing was changed: try again in a few seconds.")
_NEW = "application/graphql-response+json"
_POLICY = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"


def plain_page(
    request: HttpRequest, sentence: object, *, status: int, retry_after: int | None = None
) -> HttpResponse:
    """The sentence, as a page for browsers and as text for programs; it needs no other file.

    Anybody who asks for JSON, or calls /graphql, gets it in GraphQL's form.
    """
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": _POLICY}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)
    with translation.override(language_of(request.headers.get("Accept-Language", ""), "en")):
        if "text/html" in request.headers.get("Accept", ""):
            body = render_to_string("tenants/plain_page.html", {"sentence": sentence})
            return HttpResponse(body, status=status, headers=headers)
        if _reads_json(request):
            code = {404: "NOT_FOUND", 503: "UNAVAILABLE"}[status]
            error = {"message": str(sentence), "extensions": {"code": code}}
            kind = _NEW if _NEW in request.headers.get("Accept", "") else "application/json"
            answer = json.dumps({"errors": [error]})
            return HttpResponse(
                answer, status=status, headers=headers, content_type=f"{kind}; charset=utf-8"
            )
        text = f"{sentence}\n"
    return HttpResponse(
        text, status=status, headers=headers, content_type="text/plain; charset=utf-8"
    )


def _reads_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return request.path == "/graphql" or _NEW in accept or "application/json" in accept
