"""Mails to sign in with: a full café gets them, and a guest turns no limit on the others."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.base import tokens
from loyalty.base.errors import LinkExpired, RateLimited, SignInFailed
from loyalty.db.roundtrip import database_now
from loyalty.earning.mint import SaleInput, mint
from loyalty.guards.limits import LINKS_ADDRESS
from loyalty.models import Allowance, KnownBrowser, SignInLink
from loyalty.waiting.queue_session import QueueAsker, QueuedClaim, queue_session
from loyalty.waiting.request_link import LinkAsker, request_link
from loyalty.waiting.sign_in_customer import SignInProof, sign_in_customer
from tests.factories.people import as_staff, place
from tests.factories.using_up import use_up

pytestmark = pytest.mark.django_db
KEY, WIFI = "a-key", "192.0.2.1"
EVE = "eve@example.org"
Move = Callable[[timedelta], None]


def query(email: str, *, ip: str = WIFI, browser: str = "x", claim: str = "x") -> str:
    return request_link(
        email, who=LinkAsker(ip, browsers=(browser,), claims=(claim,)), token_key=KEY
    )


def newest(email: str = EVE) -> tuple[str, str]:
    """The link's token and the code of the newest mail."""
    salt = bytes(SignInLink.objects.filter(email=email).latest("id").salt)
    return tokens.derive(KEY, salt, purpose="link"), tokens.derive_code(KEY, salt)


def wrong_code() -> str:
    return "000000" if newest()[1] != "000000" else "111111"


def known_browser_of_eve() -> str:
    """The token of a browser in which she has signed in."""
    claim = query(EVE, ip="192.0.2.77")
    found = sign_in_customer(SignInProof(newest()[0], claims=(claim,)), token_key=KEY, ip=WIFI)
    Allowance.objects.all().delete()
    return found.browser or ""


def queued(email: str = EVE) -> QueuedClaim:
    where = place()
    made = mint(SaleInput(where.program_id, where.location_id), actor=as_staff(), token_key=KEY)
    found = queue_session(made.token or "", typed=email, who=QueueAsker(ip=WIFI), token_key=KEY)
    assert isinstance(found, QueuedClaim)
    return found


def refused(work: Callable[[], object]) -> timedelta:
    """How long the caller has to wait; nothing was written."""
    before = list(Allowance.objects.values()), SignInLink.objects.count()
    with pytest.raises(RateLimited) as found:
        work()
    assert (list(Allowance.objects.values()), SignInLink.objects.count()) == before
    assert found.value.retry_at is not None
    return found.value.retry_at - database_now()


def test_a_full_cafe_behind_one_address_gets_its_mails() -> None:
    for number in range(60):
        for _ in range(2):
            query(f"guest{number}@example.org")
    assert SignInLink.objects.count() == 120


def test_whoever_uses_up_the_address_waits_for_a_moment_and_not_till_the_hour(
    move_clock: Move,
) -> None:
    use_up(LINKS_ADDRESS, WIFI, but=1)
    query("made-up@example.org")
    assert refused(lambda: query("another@example.org")) <= timedelta(seconds=30)
    move_clock(timedelta(seconds=31))
    query("another@example.org")
    query("elsewhere@example.org", ip="192.0.2.2")


def test_a_guest_closes_nothing_for_a_known_browser_and_a_visit_that_waits() -> None:
    browser, visit = known_browser_of_eve(), queued("ada@example.org")
    use_up(LINKS_ADDRESS, WIFI)
    refused(lambda: query(EVE))
    query(EVE, browser=browser)
    refused(lambda: query("ada@example.org"))
    query("ada@example.org", claim=visit.claim)
    # Each has an allowance of its own, for its own address.
    refused(lambda: query("ada@example.org", browser=browser))
    refused(lambda: query(EVE, claim=visit.claim))
    for _ in range(2):
        query("ada@example.org", claim=visit.claim)
    refused(lambda: query("ada@example.org", claim=visit.claim))
    for _ in range(4):
        query(EVE, browser=browser)
    refused(lambda: query(EVE, browser=browser))


def test_a_mailbox_gets_three_an_hour_from_strangers_however_it_is_spelled() -> None:
    browser = known_browser_of_eve()
    for email in ("eve+a@example.org", "eve+b@example.org", EVE):
        query(email)
    assert refused(lambda: query("eve+c@example.org")) <= timedelta(minutes=20)
    query(EVE, browser=browser)
    # Behind a visit at the counter she is mailed all the same.
    assert queued().email == EVE
    assert SignInLink.objects.filter(email=EVE).latest("id").claim_digest


def guess_codes(claim: str, browser: str = "x", *, times: int = 5) -> None:
    for _ in range(times):
        with pytest.raises(SignInFailed):
            sign_in_with(wrong_code(), claim, browser)


def sign_in_with(code: str, claim: str, browser: str = "x") -> str:
    proof = SignInProof(code=code, claims=(claim,), browsers=(browser,))
    return sign_in_customer(proof, token_key=KEY, ip=WIFI).email


def use_up_codes(move_clock: Move) -> None:
    """Thirty wrong ones at her address in six mails, by somebody who only knows the address."""
    for hour in range(2):
        move_clock(timedelta(hours=hour))
        for _ in range(3):
            guess_codes(query(EVE, ip="203.0.113.1"))


def test_strangers_tries_close_codes_for_strangers_alone(move_clock: Move) -> None:
    browser = known_browser_of_eve()
    use_up_codes(move_clock)
    # They gain one each 48 minutes; two were gained while they tried.
    move_clock(timedelta(hours=2))
    claim = query(EVE, ip="203.0.113.1")
    heard = []
    for _ in range(5):
        with pytest.raises((SignInFailed, RateLimited)) as found:
            sign_in_with(wrong_code(), claim)
        heard.append(found.type)
    assert heard.count(SignInFailed) <= 3
    assert heard[-1] is RateLimited
    assert refused(lambda: sign_in_with(newest()[1], claim)) <= timedelta(minutes=48)
    # Her own browser's mail, and the one behind a visit, open; so does any mail's link.
    claim = query(EVE, browser=browser)
    assert sign_in_with(newest()[1], claim, browser) == EVE
    visit = queued()
    assert sign_in_with(newest()[1], visit.claim) == EVE
    claim = query(EVE, ip="192.0.2.8")
    assert sign_in_customer(SignInProof(newest()[0], claims=(claim,)), token_key=KEY, ip=WIFI)


def test_right_codes_are_not_counted() -> None:
    for _ in range(3):
        claim = query(EVE)
        sign_in_with(newest()[1], claim)
    # Asked for is a mail, three times; no code was wrong.
    names = [each.what.partition(":")[0] for each in Allowance.objects.all()]
    used = Allowance.objects.filter(full_at__gt=database_now() + timedelta(seconds=1))
    assert "code mailbox" in names
    assert not used.filter(what__startswith="code").exists()


def test_five_wrong_addresses_close_a_link_for_whoever_has_no_claim() -> None:
    claim = query(EVE)
    link = newest()[0]

    def typed(email: str) -> str:
        return sign_in_customer(SignInProof(link, email=email), token_key=KEY, ip=WIFI).email

    for number in range(5):
        with pytest.raises(SignInFailed):
            typed(f"e{number}@example.org")
    for email in ("e6@example.org", EVE):
        with pytest.raises(LinkExpired):
            typed(email)
    assert sign_in_customer(SignInProof(link, claims=(claim,)), token_key=KEY, ip=WIFI).email == EVE


def test_erasing_a_customer_forgets_their_browsers() -> None:
    known_browser_of_eve()
    row = KnownBrowser.objects.get()
    assert row.customer
    SignInLink.objects.all().delete()
    row.customer.accesstoken_set.all().delete()
    row.customer.delete()
    assert not KnownBrowser.objects.exists()
