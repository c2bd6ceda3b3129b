"""Mails leave whatever a name holds, to one recipient; one that cannot leave is seen."""

import logging
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty import jobs
from loyalty.jobs import MailNotSentError, send_sign_in_mail
from loyalty.models import Settings, SignInLink
from loyalty.waiting.request_link import LinkAsker, request_link

pytestmark = pytest.mark.django_db
NAMES = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40
)


def link_to(email: str) -> int:
    Settings.objects.update(site_url="https://alpha.example")
    request_link(email, who=LinkAsker("192.0.2.1", "en"), token_key="k")
    return SignInLink.objects.latest("id").pk


@given(NAMES | st.just("Caf\u00e9\nBcc: eve@example.com") | st.just("A\r\n\r\nB"))
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_name_that_was_kept_before_ends_no_head(name: str) -> None:
    Settings.objects.update(business_name=name)
    link = SignInLink.objects.first()
    mail.outbox.clear()
    send_sign_in_mail(link.pk if link else link_to("ann@alpha.example"))
    [sent] = mail.outbox
    raw = sent.message().as_bytes()
    read = message_from_bytes(raw, policy=default)
    assert read["To"] == "ann@alpha.example"
    assert read["Bcc"] is None
    assert len([line for line in raw.splitlines() if line.lower().startswith(b"subject:")]) == 1
    assert "\n" not in sent.subject


@pytest.mark.parametrize(
    "email", ["o'neil@alpha.example", "a=b{c}|d@alpha.example", "ann+x@xn--mller-kva.de"]
)
def test_a_recipient_stays_one(email: str) -> None:
    mail.outbox.clear()
    send_sign_in_mail(link_to(email))
    [sent] = mail.outbox
    read = message_from_bytes(sent.message().as_bytes(), policy=default)
    assert [each.addr_spec for each in read["To"].addresses] == [email] == sent.recipients()


def test_a_mail_that_cannot_be_sent_is_a_failed_job_and_a_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    link = link_to("ann@alpha.example")
    SignInLink.objects.update(email="ann@alpha.example\nBcc: eve@alpha.example")
    with caplog.at_level(logging.ERROR, jobs.__name__), pytest.raises(MailNotSentError) as failed:
        send_sign_in_mail(link)
    assert str(failed.value) == "BadHeaderError"
    assert caplog.messages == ["MAIL_NOT_SENT: sign_in, BadHeaderError"]
    assert "ann" not in caplog.text
