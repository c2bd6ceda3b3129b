"""Queued units: link and code, scanners, wrong codes, and the browser that asked."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from loyalty.base import tokens
from loyalty.base.errors import (
    AlreadyCollected,
    EmailRequired,
    LinkExpired,
    QueueFull,
    SessionExpired,
    SignInFailed,
)
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.models import Card, Customer, LedgerEntry, QueuedSession, Settings, SignInLink
from loyalty.waiting.queue_session import QueueAsker, QueuedClaim, queue_session
from loyalty.waiting.sign_in_customer import SignedInCustomer, SignInProof, sign_in_customer
from loyalty.waiting.sign_in_links import awaited_address
from tests.factories.people import as_customer, as_staff, place

pytestmark = pytest.mark.django_db
KEY = "a-key"
NEW = "new.person@somewhere.example"
Move = Callable[[timedelta], None]


def shown() -> str:
    where = place()
    wanted = SaleInput(where.program_id, where.location_id)
    return mint(wanted, actor=as_staff(), token_key=KEY).token or ""


def queue(
    token: str, email: str | None = NEW, *, claim: str = "", retry_key: str | None = None
) -> QueuedClaim:
    claims = (claim,) if claim else ()
    stranger = QueueAsker(ip="192.0.2.1", claims=claims, retry_key=retry_key)
    found = queue_session(token, typed=email, who=stranger, token_key=KEY)
    assert isinstance(found, QueuedClaim)
    return found


def link() -> str:
    """The newest mail's link token."""
    return tokens.derive(KEY, bytes(SignInLink.objects.latest("id").salt), purpose="link")


def code() -> str:
    """The newest mail's code."""
    return tokens.derive_code(KEY, bytes(SignInLink.objects.latest("id").salt))


def sign_in(*claims: str, claim: str = "", **proof: str) -> SignedInCustomer:
    held = (claim, *claims) if claim else claims
    shown = SignInProof(proof.get("link_token"), proof.get("code"), held, proof.get("email"))
    return sign_in_customer(shown, token_key=KEY, ip="192.0.2.1")


def test_units_wait_and_the_link_grants_them_once() -> None:
    queued = queue(shown())
    assert queued.units == 1
    assert not LedgerEntry.objects.exists()
    assert not Customer.objects.filter(email=NEW).exists()
    signed_in = sign_in(link_token=link(), claim=queued.claim)
    assert [outcome.units for outcome in signed_in.granted] == [1]
    assert LedgerEntry.objects.count() == 1
    again = sign_in(link_token=link(), claim=queued.claim)
    assert again.granted == signed_in.granted
    assert again.access.token != signed_in.access.token
    assert LedgerEntry.objects.count() == 1


def test_the_code_works_instead_of_the_link() -> None:
    queued = queue(shown())
    signed_in = sign_in(code=code(), claim=queued.claim)
    assert signed_in.email == NEW
    assert Card.objects.get(customer_id=signed_in.customer_id).visits == 1


def test_a_code_without_the_claim_is_nothing() -> None:
    queue(shown())
    with pytest.raises(SignInFailed):
        sign_in(code=code(), claim="somebody else's")
    assert not LedgerEntry.objects.exists()


def test_five_wrong_codes_close_it() -> None:
    queued = queue(shown())
    wrong = "000000" if code() != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(SignInFailed):
            sign_in(code=wrong, claim=queued.claim)
    with pytest.raises(LinkExpired):
        sign_in(code=code(), claim=queued.claim)
    # The link itself is not guessable and still opens for the browser that asked.
    assert sign_in(link_token=link(), claim=queued.claim).granted


def test_a_scanner_cannot_use_the_link_nor_spoil_it() -> None:
    queued = queue(shown())
    for guess in (None, "wrong@somewhere.example"):
        with pytest.raises(SignInFailed):
            sign_in(link_token=link(), **({"email": guess} if guess else {}))
    assert not LedgerEntry.objects.exists()
    assert sign_in(link_token=link(), claim=queued.claim).granted


def test_another_browser_needs_the_whole_address() -> None:
    queued = queue(shown())
    assert sign_in(link_token=link(), email=NEW.upper()).granted
    # The browser that asked gets the same, even though something else followed the link first.
    assert len(sign_in(link_token=link(), claim=queued.claim).granted) == 1
    with pytest.raises(LinkExpired):
        sign_in(link_token=link(), email=NEW)


def test_code_and_link_end_in_time(move_clock: Move) -> None:
    queued = queue(shown())
    move_clock(timedelta(minutes=10))
    with pytest.raises(LinkExpired):
        sign_in(code=code(), claim=queued.claim)
    move_clock(timedelta(hours=24))
    with pytest.raises(LinkExpired):
        sign_in(link_token=link(), claim=queued.claim)
    assert QueuedSession.objects.count() == 1


def test_a_new_link_makes_the_older_one_void_and_grants_both() -> None:
    queue(shown())
    older = link()
    newer = queue(shown())
    with pytest.raises(LinkExpired):
        sign_in(link_token=older, email=NEW)
    assert len(sign_in(link_token=link(), claim=newer.claim).granted) == 2


def test_the_asking_browser_may_repeat_and_correct() -> None:
    token = shown()
    queued = queue(token, "tpyo@somewhere.example")
    assert queue(token, "tpyo@somewhere.example", claim=queued.claim) == queued
    old_link = link()
    corrected = queue(token, NEW, claim=queued.claim)
    assert (corrected.email, corrected.claim) == (NEW, queued.claim)
    with pytest.raises(LinkExpired):
        sign_in(link_token=old_link, email="tpyo@somewhere.example")
    assert sign_in(link_token=link(), claim=queued.claim).email == NEW
    with pytest.raises(AlreadyCollected):
        queue(token, "thief@somewhere.example")


def test_a_client_that_never_saw_the_answer_repeats_with_its_key() -> None:
    token = shown()
    first = queue(token, retry_key="0123456789abcdef")
    assert queue(token, retry_key="0123456789abcdef") == first
    assert SignInLink.objects.count() == 1
    # A client's word is no secret: anybody who guesses the key is told what any stranger is.
    for email in ("other@somewhere.example", None):
        with pytest.raises(AlreadyCollected):
            queue(token, email, retry_key="0123456789abcdef")
    assert sign_in(link_token=link(), claim=first.claim).granted
    with pytest.raises(AlreadyCollected):
        queue(token, retry_key="0123456789abcdef")


def test_each_session_has_a_claim_of_its_own() -> None:
    """A claim that somebody planted in a browser holds nothing of what happens there later."""
    planted = queue(shown(), "planter@somewhere.example").claim
    token = shown()
    mine = queue(token, claim=planted)
    assert mine.claim != planted
    for email in (NEW, None, "planter@somewhere.example"):
        with pytest.raises(AlreadyCollected):
            queue(token, email, claim=planted)
    with pytest.raises(SignInFailed):
        sign_in(link_token=link(), claim=planted)
    assert awaited_address([planted]) == "planter@somewhere.example"
    # Nor does it hide the browser's own: the code is tried for each mail that it waits for.
    right = code()
    assert sign_in(planted, mine.claim, code=right).email == NEW


def test_a_wrong_code_counts_for_each_mail_that_the_browser_waits_for() -> None:
    claims = [queue(shown(), f"p{number}@somewhere.example").claim for number in range(3)]
    codes = {tokens.derive_code(KEY, bytes(each.salt)) for each in SignInLink.objects.all()}
    wrong = next(f"{n:06d}" for n in range(9) if f"{n:06d}" not in codes)
    for _ in range(5):
        with pytest.raises(SignInFailed):
            sign_in(*claims, code=wrong)
    assert list(SignInLink.objects.values_list("tries", flat=True)) == [5, 5, 5]
    for right in codes:
        with pytest.raises(LinkExpired):
            sign_in(*claims, code=right)


def test_the_queue_holds_five(move_clock: Move) -> None:
    ends = []
    for minutes in range(1, 6):
        ends.append(queue(shown()).expires_at)
        move_clock(timedelta(minutes=minutes))
    with pytest.raises(QueueFull) as refused:
        queue(shown())
    assert refused.value.details == {"limit": 5}
    assert refused.value.retry_at == min(ends)
    Settings.objects.update(queue_limit=3)
    with pytest.raises(QueueFull) as refused:
        queue(shown())
    assert refused.value.retry_at == sorted(ends)[2]
    Settings.objects.update(queue_limit=0)
    with pytest.raises(QueueFull) as refused:
        queue(shown(), "nobody@somewhere.example")
    assert refused.value.retry_at is None
    Settings.objects.update(queue_limit=5)
    # Three mails an hour; the last one still grants everything that waits.
    assert SignInLink.objects.count() == 3
    assert len(sign_in(link_token=link(), email=NEW).granted) == 5
    move_clock(timedelta(days=8))


def test_a_session_is_decided_as_at_its_scan(move_clock: Move) -> None:
    token = shown()
    queued = queue(token)
    move_clock(timedelta(hours=20))
    (granted,) = sign_in(link_token=link(), claim=queued.claim).granted
    scanned = SignInLink.objects.get().created_at
    assert granted.at == scanned
    entry = LedgerEntry.objects.get()
    assert entry.occurred_at == scanned
    assert entry.recorded_at - entry.occurred_at > timedelta(hours=19)


def test_refusals_change_nothing(move_clock: Move) -> None:
    token = shown()
    with pytest.raises(EmailRequired):
        queue(token, None)
    collected = shown()
    collect(collected, actor=as_customer("ann@alpha.example"), ip="192.0.2.1")
    with pytest.raises(AlreadyCollected):
        queue(collected)
    move_clock(timedelta(seconds=91))
    with pytest.raises(SessionExpired):
        queue(token)
    assert not QueuedSession.objects.exists()
    assert not SignInLink.objects.exists()


def test_the_owner_of_the_address_may_scan_again_when_signed_in() -> None:
    token = shown()
    queue(token, "ann@alpha.example")
    with pytest.raises(AlreadyCollected):
        collect(token, actor=as_customer("bob@alpha.example"), ip="192.0.2.1")
    assert collect(token, actor=as_customer("ann@alpha.example"), ip="192.0.2.1").units == 1
    assert not QueuedSession.objects.exists()
