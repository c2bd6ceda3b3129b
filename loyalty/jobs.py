"""Jobs: each reads what it is about, calls one thing, and may run twice."""

import logging
from collections.abc import Callable
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import Error
from django.template.loader import render_to_string
from django.utils import translation

from loyalty.base import tokens
from loyalty.base.one_line import neutral
from loyalty.db.database_errors import sqlstate
from loyalty.db.enqueue import enqueue
from loyalty.db.roundtrip import database_now
from loyalty.expiry import expiring
from loyalty.expiry.absence import absence
from loyalty.expiry.absences import absence_rule, regulars
from loyalty.expiry.expire import expire
from loyalty.expiry.expiring import UpcomingExpiry
from loyalty.expiry.note_absence import note_absence
from loyalty.expiry.prune import prune
from loyalty.expiry.warn_customer import warn_customer
from loyalty.findings.facts import is_there_news
from loyalty.findings.find_anomalies import find_anomalies
from loyalty.models import Customer, Settings, SignInLink
from loyalty.wording import ending_text

log = logging.getLogger(__name__)
# Done well within the time that a job may take; the rest is a job of its own.
BATCH = 100
# Read and judged without a lock: only who is absent is looked at again behind it.
READ_AT_ONCE = 500


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
        "link": f"{business.site_url}/l/{token}{_asked_in(link, business)}",
        "code": tokens.derive_code(settings.TOKEN_KEY, bytes(link.salt)),
    }
    _send("sign_in", facts, to=link.email, language=link.language or business.language)


def _asked_in(link: SignInLink, business: Settings) -> str:
    # The mail may be opened in another browser, which would answer in its own language.
    is_other = link.language and link.language != business.language
    return f"?language={link.language}" if is_other else ""


def send_expiry_mail(customer_id: int, warned_at: str) -> None:
    """Send the list of what ends soon; nothing when all of it is gone, or its customer."""
    now = database_now()
    customer = Customer.objects.filter(pk=customer_id).exclude(email="").first()
    told = expiring.told_of(customer_id, warned_at=datetime.fromisoformat(warned_at), now=now)
    if customer is None or not told:
        return
    business = Settings.objects.get()
    language = customer.language or business.language
    with translation.override(language):
        endings = [_shown(each, business.site_url) for each in told]
    facts = {"business": business.business_name, "endings": endings}
    _send("expiry", facts, to=customer.email, language=language)


def expire_due(after: int = 0) -> str:
    """Write what is over on the next cards behind this one; the counts, for the job's result."""
    due = expiring.cards_with_something_over(after=after, at_most=BATCH)
    return _in_batches(due, expire, job="loyalty.jobs.expire_due")


def warn_due(after: int = 0) -> str:
    """Tell the next customers behind this one what ends soon."""
    due = expiring.customers_with_something_ending(after=after, at_most=BATCH)
    return _in_batches(due, warn_customer, job="loyalty.jobs.warn_due")


def absences_due(after: int = 0) -> str:
    """Write down which of the next customers behind this one have stayed away too long."""
    rule = absence_rule()
    if not rule.is_on:
        return "off"
    now = database_now()
    found = regulars(after=after, at_most=READ_AT_ONCE)
    absent = [
        each.customer_id for each in found if each.untold and absence(each.untold, rule, now=now)
    ]
    counts = _each(absent, note_absence)
    if len(found) == READ_AT_ONCE:
        enqueue("loyalty.jobs.absences_due", found[-1].customer_id)
    return counts


def prune_due() -> int:
    """Forget what has served its time; the number of rows."""
    return prune()


def review_due() -> int:
    """Read the log on by one batch; the number of findings. The rest is a job of its own."""
    found = find_anomalies()
    if is_there_news():
        enqueue("loyalty.jobs.review_due", is_kept=False)
    return found


def _in_batches(numbers: list[int], work: Callable[[int], object], *, job: str) -> str:
    counts = _each(numbers, work)
    if len(numbers) == BATCH:
        enqueue(job, numbers[-1])
    return counts


def _each(numbers: list[int], work: Callable[[int], object]) -> str:
    failed = 0
    for number in numbers:
        try:
            work(number)
        except Error as error:
            # One row that is held for long keeps no other from its turn; tomorrow it is found
            # again.
            log.error("A daily job failed for one row: %s", sqlstate(error))  # noqa: TRY400  its text may quote a row
            failed += 1
    return f"{len(numbers) - failed} done, {failed} failed"


def _shown(ending: UpcomingExpiry, site_url: str) -> dict[str, Any]:
    text = ending_text(
        ending.program,
        title=ending.title,
        count=ending.count,
        currency=ending.currency,
        last_day=ending.day,
    )
    return {"text": text, "link": f"{site_url}/card/{ending.card_id}"}


def _send(name: str, facts: dict[str, Any], *, to: str, language: str) -> None:
    with translation.override(language):
        # A name that was kept before names stood in one line must not end the mail's head.
        subject = neutral(render_to_string(f"loyalty/{name}_subject.txt", facts))
        mail = EmailMultiAlternatives(
            subject, render_to_string(f"loyalty/{name}_mail.txt", facts), to=[to]
        )
        mail.attach_alternative(render_to_string(f"loyalty/{name}_mail.html", facts), "text/html")
        try:
            mail.send()
        except (SMTPException, OSError, ValueError) as error:
            # Its text may quote the address, and the job's failure is kept where operators look;
            # /readyz counts it.
            log.error("MAIL_NOT_SENT: %s, %s", name, type(error).__name__)  # noqa: TRY400  the same
            raise MailNotSentError(type(error).__name__) from None
