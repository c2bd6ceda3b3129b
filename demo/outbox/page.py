"""The outbox of a demo business, as a page and as JSON."""

import re
from dataclasses import asdict, dataclass
from email.message import EmailMessage

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from console.answers import page
from demo.outbox.mail_backend import kept

_LINK = re.compile(r"https?://\S+/l/[\w-]+")
_CODE = re.compile(r"(?<![\w-])\d{6}(?![\w-])")


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail as it is shown; link and code are those of a sign-in, empty in other mails."""

    to: str
    subject: str
    at: str
    text: str
    link: str
    code: str


@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """The mails of this business, newest first; 404 outside the demo."""
    if settings.DEMO_DIR is None:
        raise Http404
    mails = [_shown(mail) for mail in kept() if isinstance(mail, EmailMessage)]
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"mails": [asdict(mail) for mail in mails]})
    return page(request, "outbox", mails=mails)


def _shown(mail: EmailMessage) -> ShownMail:
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    link, code = _LINK.search(text), _CODE.search(text)
    return ShownMail(
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        at=str(mail["Date"]),
        text=text,
        link=link[0] if link else "",
        code=code[0] if code else "",
    )
