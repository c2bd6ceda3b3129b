"""Whoever may not do a thing changes nothing by asking, whatever it is; whoever may is heard.

Every action and read that asks for a permission stands here: a new one without its line fails.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from loyalty.base.access import NotAllowed, Permission
from loyalty.base.errors import NotFound, Refused
from loyalty.base.states import FindingKind
from loyalty.base.values import Actor, Anonymous, AtDevice, Role, StaffActor, SystemActor
from loyalty.cards import (
    card_view,
    cards_of_customer,
    debts,
    has_other_cards,
    one_bonus,
    shown_card,
    shown_cards,
)
from loyalty.db.roundtrip import database_now
from loyalty.devices import (
    create_pairing_code,
    devices,
    is_revoked,
    live_pairing,
    rename_device,
    revoke_device,
    set_passcode,
    unlock_device,
)
from loyalty.earning import SaleInput, collect, mint, preview
from loyalty.expiry import absences
from loyalty.explaining import CardOwners, missed_by, session_stories
from loyalty.findings import review_list
from loyalty.levels import NewLevel, NewLevelTable, owners_levels, set_levels
from loyalty.models import Anomaly, Bonus, EarnSession
from loyalty.people import (
    DayOfYear,
    Period,
    choose_language,
    leaderboard,
    profile,
    set_birthday,
    set_nickname,
    staff_member,
)
from loyalty.programs import NewProgram, catalogue, publish_program, set_photo
from loyalty.programs.publish_version import cards_affected, publish_version
from loyalty.redeeming import (
    BonusRequest,
    LiveRedemption,
    RedemptionSelector,
    RedemptionVerdict,
    cancel_redemption,
    decide_redemption,
    followed_redemption,
    live_redemption,
    pin_closures,
    preview_redemption,
    refund_redemption,
    reopen_pins,
    request_bonus,
)
from loyalty.reviewing import FindingReview, ReviewVerdict, review_anomaly, review_outcomes
from loyalty.sessions import latest_of, live_session, live_sessions
from loyalty.undoing import void_session
from tenants import context
from tests.factories.campaigns import FIVE
from tests.factories.counter import till
from tests.factories.history import everything
from tests.factories.people import as_customer, as_staff, place
from tests.factories.perks import ANN, BOB, IP, KEY, Wanted, shop
from tests.isolation.test_permissions import asks, doors

pytestmark = pytest.mark.django_db
STAFF, MANAGERS, PASSWORD = {"staff", "manager", "owner"}, {"manager", "owner"}, {"on_device"}
CUSTOMERS = {"ann", "bob"}
# A manager who is switched on by passcode may do what the counter needs.
AT_THE_COUNTER, OFFICE = STAFF | PASSWORD, MANAGERS
IN_CHARGE = MANAGERS | PASSWORD
NEW = NewProgram("Lunch", "EUR", FIVE, gives="Soup")
LADDER = NewLevelTable((NewLevel("Silver", 5),))


@dataclass(frozen=True)
class Scene:
    """One of each thing, at alpha; Ann's is what is somebody's."""

    program: int
    location: int
    token: str
    session: int
    card: int
    bonus: int
    live: LiveRedemption
    device: int
    code: int
    finding: Anomaly

    @property
    def sale(self) -> SaleInput:
        return SaleInput(self.program, self.location)

    @property
    def which(self) -> RedemptionSelector:
        return RedemptionSelector(token=self.live.token)


@pytest.fixture
def scene() -> Scene:
    here = shop(wanted=Wanted(threshold=1))
    outcome = here.visit(ANN)
    card, bonus = outcome.card.id, outcome.bonuses[0].id
    asked = BonusRequest(card)
    owner = as_staff(Role.OWNER)
    finding = Anomaly.objects.create(
        kind=FindingKind.OFTEN,
        subject="s",
        fingerprint="f",
        at=database_now(),
        evidence={"sessions": [outcome.session_id], "count": 1},
    )
    return Scene(
        program=here.program.pk,
        location=place().location_id,
        token=here.token(),
        session=outcome.session_id,
        card=card,
        bonus=bonus,
        live=request_bonus(asked, actor=as_customer(ANN), token_key=KEY),
        device=till().id,
        code=create_pairing_code(place().location_id, actor=owner, token_key=KEY).id,
        finding=finding,
    )


def actors(here: Scene) -> dict[str, Actor]:
    """Everybody who may ask, by name."""
    manager = as_staff(Role.MANAGER)
    at = AtDevice(here.device, here.location)
    return {
        "stranger": Anonymous(IP),
        "ann": as_customer(ANN),
        "bob": as_customer(BOB),
        "staff": as_staff(),
        "manager": manager,
        "owner": as_staff(Role.OWNER),
        "on_device": StaffActor(manager.id, Role.MANAGER, manager.name, at),
    }


Ask = Callable[[Any, Scene], object]
# By the name under which a package has it: who may, and how it is asked.
ASKED: dict[str, tuple[set[str], Ask]] = {
    "earning.mint": (AT_THE_COUNTER, lambda by, s: mint(s.sale, actor=by, token_key=KEY)),
    "earning.preview": (AT_THE_COUNTER, lambda by, s: preview(s.sale, actor=by)),
    "earning.collect": (CUSTOMERS, lambda by, s: collect(s.token, actor=by, ip=IP)),
    "redeeming.request_bonus": (
        CUSTOMERS,
        lambda by, s: request_bonus(BonusRequest(s.card), actor=by, token_key=KEY),
    ),
    "redeeming.cancel_redemption": (
        CUSTOMERS,
        lambda by, s: cancel_redemption(s.live.id, actor=by, token_key=KEY),
    ),
    "redeeming.preview_redemption": (
        AT_THE_COUNTER,
        lambda by, s: preview_redemption(
            s.which, location_id=s.location, actor=by, ip=IP, token_key=KEY
        ),
    ),
    "redeeming.decide_redemption": (
        AT_THE_COUNTER,
        lambda by, s: decide_redemption(
            s.which, RedemptionVerdict.CONFIRMED, location_id=s.location, actor=by, ip=IP
        ),
    ),
    "redeeming.refund_redemption": (
        IN_CHARGE,
        lambda by, s: refund_redemption(s.live.id, reason="x", actor=by, token_key=KEY),
    ),
    "redeeming.reopen_pins": (IN_CHARGE, lambda by, s: reopen_pins(s.program, actor=by)),
    "redeeming.pin_closures": (IN_CHARGE, lambda by, _: pin_closures(actor=by)),
    "undoing.void_session": (
        AT_THE_COUNTER,
        lambda by, s: void_session(s.session, actor=by, reason="x"),
    ),
    "reviewing.review_anomaly": (
        OFFICE,
        lambda by, s: review_anomaly(
            FindingReview(s.finding.pk, ReviewVerdict.VOID, "x"), actor=by
        ),
    ),
    "reviewing.review_outcomes": (OFFICE, lambda by, s: review_outcomes([s.finding], actor=by)),
    "findings.review_list": (OFFICE, lambda by, _: list(review_list(actor=by))),
    "levels.set_levels": (OFFICE, lambda by, _: set_levels(LADDER, actor=by)),
    "levels.owners_levels": (AT_THE_COUNTER | CUSTOMERS, lambda by, _: owners_levels(actor=by)),
    "programs.publish_program": (OFFICE, lambda by, _: publish_program(NEW, actor=by)),
    "programs.publish_version": (OFFICE, lambda by, s: publish_version(s.program, FIVE, actor=by)),
    "programs.cards_affected": (OFFICE, lambda by, s: cards_affected(s.program, FIVE, actor=by)),
    "programs.set_photo": (OFFICE, lambda by, _: set_photo(1, file=None, actor=by)),
    "programs.catalogue.presets": (
        AT_THE_COUNTER,
        lambda by, _: list(catalogue.presets(actor=by)),
    ),
    "devices.create_pairing_code": (
        OFFICE,
        lambda by, s: create_pairing_code(s.location, actor=by, token_key=KEY),
    ),
    "devices.live_pairing": (OFFICE, lambda by, s: live_pairing(s.code, actor=by, token_key=KEY)),
    "devices.devices": (OFFICE, lambda by, _: list(devices(actor=by))),
    "devices.is_revoked": (OFFICE, lambda by, s: is_revoked(s.device, actor=by)),
    "devices.rename_device": (OFFICE, lambda by, s: rename_device(s.device, "Other", actor=by)),
    "devices.unlock_device": (OFFICE, lambda by, s: unlock_device(s.device, actor=by)),
    "devices.revoke_device": (OFFICE, lambda by, s: revoke_device(s.device, actor=by)),
    "devices.set_passcode": (
        AT_THE_COUNTER,
        lambda by, _: set_passcode("7391", actor=by, token_key=KEY),
    ),
    "cards.debts": (OFFICE, lambda by, _: debts(actor=by)),
    "cards.cards_of_customer": (CUSTOMERS, lambda by, _: cards_of_customer(actor=by)),
    "cards.shown_cards": (CUSTOMERS, lambda by, _: shown_cards(actor=by)),
    "cards.shown_card": (CUSTOMERS, lambda by, s: shown_card(s.card, actor=by)),
    "cards.has_other_cards": (CUSTOMERS, lambda by, s: has_other_cards(s.card, actor=by)),
    "expiry.absences": (OFFICE, lambda by, _: list(absences(actor=by))),
    "explaining.missed_by": (CUSTOMERS, lambda by, _: missed_by(actor=by, first=9)),
    "explaining.session_stories": (
        IN_CHARGE,
        lambda by, s: session_stories([s.session], actor=by),
    ),
    "people.leaderboard": (
        AT_THE_COUNTER | CUSTOMERS,
        lambda by, _: leaderboard(Period.ALL, first=9, actor=by),
    ),
    "people.profile": (CUSTOMERS, lambda by, _: profile(actor=by)),
    "people.set_birthday": (CUSTOMERS, lambda by, _: set_birthday(DayOfYear(1, 2), actor=by)),
    "people.choose_language": (CUSTOMERS, lambda by, _: choose_language("de", actor=by)),
    "people.set_nickname": (CUSTOMERS, lambda by, _: set_nickname("Heron", actor=by)),
    "people.staff_member": (AT_THE_COUNTER, lambda by, _: staff_member(as_staff().id, actor=by)),
    "sessions.latest_of": (
        AT_THE_COUNTER,
        lambda by, _: latest_of(as_staff().id, first=9, actor=by),
    ),
}
# Whose the row is decides: Ann's, or a sale that the staff member made.
OWNED: dict[str, tuple[set[str], Ask]] = {
    "cards.card_view": ({"ann", *IN_CHARGE}, lambda by, s: card_view(s.card, actor=by)),
    "cards.one_bonus": ({"ann", *IN_CHARGE}, lambda by, s: one_bonus(s.bonus, actor=by)),
    "sessions.live_session": (
        AT_THE_COUNTER,
        lambda by, s: live_session(s.session, actor=by, token_key=KEY),
    ),
    "sessions.live_sessions": (
        AT_THE_COUNTER,
        lambda by, s: live_sessions([s.session], actor=by),
    ),
    "redeeming.live_redemption": (
        {"ann", *IN_CHARGE},
        lambda by, s: live_redemption(s.live.id, actor=by, token_key=KEY),
    ),
    "redeeming.followed_redemption": (
        {"ann", *IN_CHARGE},
        lambda by, s: followed_redemption(s.live.id, actor=by, token_key=KEY),
    ),
}


def test_every_door_that_asks_stands_here() -> None:
    asking = {name for name, door in doors().items() if asks(door.node)}
    assert asking - set(ASKED) == set()


@pytest.mark.parametrize("name", ASKED)
def test_who_may_not_changes_nothing_and_who_may_is_heard(name: str, scene: Scene) -> None:
    may, ask = ASKED[name]
    every, before = actors(scene), everything()
    for who in set(every) - may:
        with pytest.raises(NotAllowed):
            ask(every[who], scene)
        assert everything() == before, who
    for who in may:
        # What the rules refuse is another matter: they were asked.
        with suppress(Refused):
            ask(every[who], scene)


@pytest.mark.parametrize("name", ASKED)
def test_nobody_of_another_business_changes_anything_here(name: str, scene: Scene) -> None:
    may, ask = ASKED[name]
    before = everything()
    with context.business("beta"):
        by: Actor = as_customer("ann@beta.example") if "ann" in may else as_staff(Role.OWNER)
        with suppress(Refused):
            ask(by, scene)
    assert everything() == before


@pytest.mark.parametrize("name", OWNED)
def test_who_does_not_own_it_learns_nothing(name: str, scene: Scene) -> None:
    may, ask = OWNED[name]
    every = actors(scene)
    for who in set(every) - may:
        with pytest.raises(NotFound):
            ask(every[who], scene)
    for who in may:
        ask(every[who], scene)


def test_staff_see_what_they_were_asked_to_give(scene: Scene) -> None:
    staff = as_staff()
    preview_redemption(scene.which, location_id=scene.location, actor=staff, ip=IP, token_key=KEY)
    assert one_bonus(scene.bonus, actor=staff).id == scene.bonus
    assert followed_redemption(scene.live.id, actor=staff, token_key=KEY).pin is None
    with pytest.raises(NotFound):
        live_redemption(scene.live.id, actor=staff, token_key=KEY)


def test_secrets_are_the_owner_s_alone(scene: Scene) -> None:
    ann, owner = as_customer(ANN), as_staff(Role.OWNER)
    mine = live_redemption(scene.live.id, actor=ann, token_key=KEY)
    assert (mine.token, mine.pin) == (scene.live.token, scene.live.pin)
    theirs = live_redemption(scene.live.id, actor=owner, token_key=KEY)
    assert (theirs.token, theirs.pin) == (None, None)
    fresh = EarnSession.objects.filter(status="open").latest("pk").pk
    assert live_session(fresh, actor=as_staff(), token_key=KEY).token == scene.token
    assert live_session(fresh, actor=owner, token_key=KEY).token is None


def test_a_card_s_history_is_its_customer_s(scene: Scene) -> None:
    every, owners = actors(scene), CardOwners([scene.card])
    for who in set(every) - {"ann", *IN_CHARGE}:
        with pytest.raises(NotAllowed) as denied:
            owners.require(scene.card, actor=every[who])
        assert denied.value.permission is Permission.READ_ANY_CARD
    for who in {"ann", *IN_CHARGE}:
        owners.require(scene.card, actor=every[who])
    with pytest.raises(NotFound):
        owners.require(scene.card + 1, actor=every["owner"])


def test_our_own_commands_may(scene: Scene) -> None:
    publish_version(scene.program, FIVE, actor=SystemActor("a test"))
    assert set_levels(LADDER, actor=SystemActor("a test")).levels[0].name == "Silver"
    assert Bonus.objects.filter(pk=scene.bonus).exists()
