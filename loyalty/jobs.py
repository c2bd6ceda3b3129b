"""Jobs: each reads what it is about, calls one thing, and may run twice."""

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from loyalty import tokens
from loyalty.models import Settings, SignInLink


class MailNotSentError(RuntimeError):
    """The mail server refused or was away; the job is tried again."""


def send_sign_in_mail(link_id: int) -> None:
    """Send the mail with link and code; nothing when a newer one made this void."""
    link = SignInLink.objects.filter(id=link_id, is_void=False, used_at=None).first()
    if link is None:
        return
    business = Settings.objects.get()
    token = tokens.derive(settings.TOKEN_KEY, bytes(link.salt), purpose="link")
    facts = {
        "business": business.business_name,
        "link": f"{business.site_url}/l/{token}",
        "code": tokens.derive_code(settings.TOKEN_KEY, bytes(link.salt)),
    }
    with translation.override(link.language or business.language):
        subject = render_to_string("loyalty/sign_in_subject.txt", facts).strip()
        mail = EmailMultiAlternatives(
            subject, render_to_string("loyalty/sign_in_mail.txt", facts), to=[link.email]
        )
        mail.attach_alternative(render_to_string("loyalty/sign_in_mail.html", facts), "text/html")
        try:
            mail.send()
        except (SMTPException, OSError) as error:
            # Its text may quote the address, and the job's failure is kept where operators look.
            raise MailNotSentError(type(error).__name__) from None
