"""A customer signs in by link or code, and gets what waited for the address."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from django.db import transaction
from django.db.models import F

from loyalty.base import exempt, tokens
from loyalty.base.email_address import mailbox, spells
from loyalty.base.errors import CodeUnknown, LinkExpired, RateLimited, Refused, SignInFailed
from loyalty.cards.view import CollectOutcome
from loyalty.db.database_errors import retry_once
from loyalty.db.roundtrip import database_now
from loyalty.earning.collect import tell
from loyalty.guards.allowance import Attempt, Use
from loyalty.guards.limits import CODES_KNOWN, CODES_MAILBOX, CODES_SESSION, LINK_ADDRESSES
from loyalty.guards.refuse_unknown_code import refuse_unknown_code
from loyalty.models import Customer, EarnSession, QueuedSession, SignInLink
from loyalty.people.enrol_customer import enrol_customer
from loyalty.people.known_browsers import known_browser, remember_browser
from loyalty.people.lock_address import lock_addresses
from loyalty.people.open_access import IssuedToken, open_access
from loyalty.waiting.grant_queued import grant_queued

TRIES = 5
# Mails of different addresses that one browser may wait for at a time.
MOST_LINKS = 8
_TELLING = [SignInFailed, RateLimited, LinkExpired]


@dataclass(frozen=True, slots=True)
class SignInProof:
    """`link_token` with its claim or with the whole `email`; or `code` with its claim.

    A browser may hold several claims, one for each mail that it asked for (and one that somebody
    planted): any of them counts, and none hides another. `session_token` says whose mail comes
    first where the code is typed on a session's page.
    """

    link_token: str | None = None
    code: str | None = None
    claims: tuple[str, ...] = ()
    email: str | None = None
    session_token: str | None = None
    # Tokens of the browser, where this person may have signed in before.
    browsers: tuple[str, ...] = field(default=(), repr=False)

    @property
    def digests(self) -> list[bytes]:
        """What the claims are known by."""
        return [tokens.digest(claim) for claim in self.claims]


@dataclass(frozen=True, slots=True)
class SignedInCustomer:
    """The access, and what became of each session that was queued for the address.

    `browser` is a new token of a browser not known before.
    """

    access: IssuedToken
    customer_id: int
    email: str
    granted: list[CollectOutcome] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    browser: str | None = None


@exempt.open_to_all("a mailed link, or its code, is its own proof")
@retry_once
def sign_in_customer(proof: SignInProof, *, token_key: str, ip: str) -> SignedInCustomer:
    """Sign in and grant what is queued. The client that asked may repeat it: same result.

    Raises SignInFailed, LinkExpired or RateLimited; a wrong code is counted even so.
    """
    refusals: list[Refused] = []
    for found in _find(proof):
        try:
            return _sign_in_with(found, proof, token_key=token_key)
        except (SignInFailed, RateLimited, LinkExpired) as refused:
            refusals.append(refused)
    if not refusals:
        _refuse_unknown(ip)
    # That the code is wrong says more than that another mail's is over.
    raise min(refusals, key=lambda each: _TELLING.index(type(each)))


def _sign_in_with(found: SignInLink, proof: SignInProof, *, token_key: str) -> SignedInCustomer:
    with transaction.atomic():
        lock_addresses(found.email)
        link = SignInLink.objects.select_for_update().get(id=found.id)
        now = database_now()
        refusal = _refusal(link, proof, token_key=token_key, now=now)
        if refusal is None:
            signed_in, fresh = _sign_in(link, proof, now=now)
    # Outside, so that a counted try is committed before it is refused.
    if refusal is not None:
        raise refusal
    for outcome in fresh:
        tell(outcome)
    return signed_in


def _find(proof: SignInProof) -> list[SignInLink]:
    if proof.link_token:
        digest = tokens.digest(proof.link_token)
        return list(SignInLink.objects.filter(link_digest=digest))
    if not proof.code:
        return []
    # The newest mail of each claim; those that a newer mail made void only where there is no other.
    links = SignInLink.objects.filter(claim_digest__in=proof.digests).order_by("id")
    newest = {bytes(link.claim_digest): link for link in links}
    here = _claim_of(proof.session_token)
    found = sorted(newest.items(), key=lambda each: (each[1].is_void, each[0] != here, -each[1].id))
    rows = [link for _, link in found]
    return [link for link in rows if not link.is_void][:MOST_LINKS] or rows[:1]


def _claim_of(session_token: str | None) -> bytes | None:
    digest = tokens.digest(session_token or "")
    queued = QueuedSession.objects.filter(session__token_digest=digest)
    found = queued.values_list("claim_digest", flat=True).first()
    return None if found is None else bytes(found)


def _refuse_unknown(ip: str) -> NoReturn:
    try:
        refuse_unknown_code(who=ip)
    except CodeUnknown:
        raise SignInFailed from None


def _refusal(
    link: SignInLink, proof: SignInProof, *, token_key: str, now: datetime
) -> Refused | None:
    is_asker = bytes(link.claim_digest) in proof.digests
    if link.used_at and is_asker and now < link.link_expires_at:
        return None if proof.link_token else _wrong_code(link, proof, token_key, now)
    if link.used_at or link.is_void or now >= link.link_expires_at:
        return LinkExpired()
    if proof.link_token:
        return None if is_asker else _wrong_email(link, proof, now)
    return _wrong_code(link, proof, token_key, now)


def _wrong_email(link: SignInLink, proof: SignInProof, now: datetime) -> Refused | None:
    # Somebody else's browser, or a mail scanner: only the whole address opens, and guessing it
    # must not use up the code of the browser that asked.
    if not proof.email:
        return SignInFailed()
    is_right = spells(proof.email, link.email)
    try:
        Attempt((LINK_ADDRESSES, str(link.id)), now=now).settle(was_right=is_right)
    except RateLimited:
        return LinkExpired()
    return None if is_right else SignInFailed()


def _wrong_code(
    link: SignInLink, proof: SignInProof, token_key: str, now: datetime
) -> Refused | None:
    if now >= link.code_expires_at or link.tries >= TRIES:
        return LinkExpired()
    expected = tokens.derive_code(token_key, bytes(link.salt))
    typed = tokens.digest((proof.code or "").strip())
    is_right = hmac.compare_digest(tokens.digest(expected), typed)
    try:
        # New mails bring new tries: a day's worth of guesses at one address is bounded too.
        Attempt(_code_use(link, proof), now=now).settle(was_right=is_right)
    except RateLimited as refused:
        return refused
    if is_right:
        return None
    SignInLink.objects.filter(id=link.id).update(tries=F("tries") + 1)
    return SignInFailed()


def _code_use(link: SignInLink, proof: SignInProof) -> Use:
    # Where the person signed in before, or behind a visit that staff made, strangers' tries at
    # other mails to the same address close nothing.
    customer = Customer.objects.filter(email=link.email).values_list("pk", flat=True).first()
    if (known := known_browser(proof.browsers, customer_id=customer)) is not None:
        return CODES_KNOWN, str(known)
    queued = QueuedSession.objects.filter(claim_digest=link.claim_digest, email=link.email)
    if (session := queued.values_list("pk", flat=True).first()) is not None:
        return CODES_SESSION, str(session)
    return CODES_MAILBOX, mailbox(link.email)


def _sign_in(
    link: SignInLink, proof: SignInProof, *, now: datetime
) -> tuple[SignedInCustomer, list[CollectOutcome]]:
    customer = enrol_customer(link.email, language=link.language, now=now)
    if link.used_at:
        fresh: list[CollectOutcome] = []
        granted = _earlier(link)
        refused: list[Refused] = []
    else:
        fresh, refused = grant_queued(customer, now=now)
        granted = fresh
        link.used_at, link.customer = now, customer
        link.granted = {"sessions": [outcome.session_id for outcome in granted]}
        link.save(update_fields=["used_at", "customer", "granted"])
    access = open_access(now=now, customer_id=customer.id)
    known = known_browser(proof.browsers, customer_id=customer.id)
    browser = remember_browser(known, now=now, customer_id=customer.id)
    email = customer.email
    return SignedInCustomer(access, customer.id, email, granted, refused, browser), fresh


def _earlier(link: SignInLink) -> list[CollectOutcome]:
    sessions = EarnSession.objects.in_bulk((link.granted or {}).get("sessions", []))
    outcomes = (sessions[key].outcome for key in sorted(sessions))
    return [CollectOutcome.from_stored(outcome) for outcome in outcomes if outcome is not None]
