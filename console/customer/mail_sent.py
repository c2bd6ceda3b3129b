"""The page of a browser that waits for a mail: the address in full, and a field for the code."""

from django.http import HttpRequest, HttpResponse

from console.answers import page
from loyalty.wording import RefusalPage


def mail_sent(
    request: HttpRequest,
    email: str,
    *,
    token: str = "",
    refusal: RefusalPage | None = None,
    **facts: object,
) -> HttpResponse:
    """The page; with the token of a live session its address can still be corrected."""
    here = f"/c/{token}" if token else "/"
    return page(
        request,
        "mail_sent",
        status=refusal.status if refusal else 200,
        email=email,
        refusal=refusal,
        change_at=here,
        code_at=f"/c/{token}/code" if token else "/code",
        **facts,
    )
