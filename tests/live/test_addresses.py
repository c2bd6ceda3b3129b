"""One address from end to end: a real server takes it, a real worker mails it, a link opens it."""

import re
from email import message_from_bytes
from email.policy import default

import httpx
import pytest

from loyalty.models import Customer, Settings
from tests.harness import databases
from tests.harness.servers import Client, Servers
from tests.local.waiting import until

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.usefixtures("unblocked")]
REQUEST = """mutation($input: RequestMagicLinkInput!) { requestMagicLink(input: $input) {
  __typename ... on MagicLinkSent { emailShown } ... on Refusal { code message } } }"""


def test_a_link_reaches_the_mailbox_and_opens_by_the_address_as_it_is_written(
    servers: Servers,
) -> None:
    with databases.connected_to(servers.database_name):
        called = Settings.objects.get().business_name
        # Kept from the time when names could have lines: it ended the head of every mail.
        Settings.objects.update(business_name="Alpha\nBcc: eve@example.org")
        try:
            _sign_in(servers)
        finally:
            Settings.objects.update(business_name=called)
        assert Customer.objects.filter(email="x2@xn--mller-kva.de").count() == 1


def _sign_in(servers: Servers) -> None:
    browser = Client(servers.web[0], "alpha")
    quoted = browser.ask(REQUEST, input={"email": '"x2"@müller.de'})
    assert (quoted["code"], quoted["message"]) == ("INVALID_INPUT", "This is no e-mail address.")
    assert browser.ask(REQUEST, input={"email": "X2@Müller.de"})["emailShown"] == "X2@Müller.de"
    folder = servers.folder / "outbox" / "alpha"

    def mails() -> list[bytes]:
        found = [path.read_bytes() for path in folder.glob("*.eml")]
        return [mail for mail in found if b"x2@xn--mller-kva.de" in mail]

    until(mails, within=40)
    (raw,) = mails()
    mail = message_from_bytes(raw, policy=default)
    assert (mail["To"], mail["Bcc"]) == ("x2@xn--mller-kva.de", None)
    assert "Alpha Bcc: eve@example.org" in mail["Subject"]
    body = mail.get_body(("plain",))
    assert body is not None
    (path,) = re.findall(r"/l/[\w-]+", body.get_content())
    address = f"http://{servers.web[1].address}{path}"
    with httpx.Client(headers={"Host": "alpha.localhost"}) as another:
        shown = another.get(address)
        hidden = dict(re.findall(r'name="(csrf\w+)" value="([^"]+)"', shown.text))
        opened = another.post(address, data={**hidden, "email": " x2@MÜLLER.de"})
    assert opened.status_code == 303, opened.text[:500]
