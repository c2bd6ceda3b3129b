"""The outbox of a demo business, as a page and as JSON."""

from dataclasses import asdict, dataclass
from email.message import EmailMessage

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from console.outbox.mail_backend import kept
from tenants.requests import on_business_host


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail as it is shown."""

    to: str
    subject: str
    at: str
    text: str


@never_cache
def outbox(request: HttpRequest) -> HttpResponse:
    """The mails of this business, newest first; 404 outside the demo."""
    if settings.DEMO_DIR is None:
        raise Http404
    mails = [_shown(mail) for mail in kept() if isinstance(mail, EmailMessage)]
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"mails": [asdict(mail) for mail in mails]})
    business = on_business_host(request).business
    return render(request, "console/outbox.html", {"mails": mails, "business": business})


def _shown(mail: EmailMessage) -> ShownMail:
    body = mail.get_body(("plain",))
    return ShownMail(
        to=str(mail["To"]),
        subject=str(mail["Subject"]),
        at=str(mail["Date"]),
        text=body.get_content() if body else "",
    )
