"""What a collect returns is kept as JSON, and read again whichever release wrote it."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from loyalty.cards.view import BonusView, CollectOutcome
from loyalty.levels.view import LevelView, Stored, StreakView

# Taken out of a database of the release that kept outcomes without a type: a sale of two tiers
# that filled a card, of a customer with a streak and a level.
KEPT = """
{"at": "2026-12-01T01:00:00.538404+00:00", "card": {"id": 1141205182201837465, "level": {"name":
 "Gold", "next": null, "is_held": false, "missing": null}, "points": 20, "streak": {"days": 1,
 "threshold": 2, "keep_until": "2026-12-05T23:00:00+00:00"}, "bonuses": [{"id": 126662109178911078,
 "tier": null, "title": "Welcome", "source": "welcome", "product": null, "voucher": {"text":
 "Welcome", "amount": null, "percent": null}, "earned_at": "2026-12-01T01:00:00.192805+00:00",
 "expires_at": "2027-06-19T22:00:00+00:00"}, {"id": 126662109903289558, "tier": 2, "title": "C",
 "source": "card", "product": null, "voucher": null, "earned_at":
 "2026-12-01T01:00:00.538404+00:00", "expires_at": null}], "program": 4, "version": 1, "progress":
 [{"debt": 0, "open": 2, "tier": {"id": 1, "name": "S", "rank": 1}, "threshold": 3}, {"debt": 1,
 "open": 0, "tier": {"id": 2, "name": "L", "rank": 2}, "threshold": 3}], "created_at":
 "2026-12-01T01:00:00.538404+00:00", "last_visit_at": "2026-12-01T01:00:00.538404+00:00"}, "units":
 6, "points": 20, "bonuses": [{"id": 126662109903289558, "tier": 2, "title": "C", "source": "card",
 "product": null, "voucher": null, "earned_at": "2026-12-01T01:00:00.538404+00:00", "expires_at":
 null}], "session": 126662109879094851, "per_tier": [{"tier": {"id": 1, "name": "S", "rank": 1},
 "units": 2}, {"tier": {"id": 2, "name": "L", "rank": 2}, "units": 4}]}
"""
# What an import kept, on no screen: its card says nothing of streak, level and moments.
IMPORTED = """
{"at": "2026-11-05T12:30:00+00:00", "card": {"id": 5, "points": 3, "bonuses": [], "program": 4,
 "version": 2, "progress": [{"debt": 0, "open": 2, "tier": null, "threshold": 5}]}, "units": 2,
 "points": 3, "bonuses": [{"id": 9, "tier": null, "title": "Tea", "source": "card", "product": 1,
 "voucher": null, "earned_at": "2026-11-05T12:30:00+00:00", "expires_at": null}], "session": 7,
 "per_tier": []}
"""
AT = datetime(2026, 12, 1, 1, 0, 0, 538404, tzinfo=UTC)
texts = st.text(max_size=8)
moments = st.datetimes(timezones=st.just(UTC))
PRODUCT: dict[str, Any] = {"is_voucher": False, "percent": None, "amount": None, "text": ""}
st.register_type_strategy(datetime, moments)
st.register_type_strategy(str, texts)
products = st.builds(BonusView, **{name: st.just(value) for name, value in PRODUCT.items()})
vouchers = st.builds(BonusView, is_voucher=st.just(True))
st.register_type_strategy(BonusView, products | vouchers)
outcomes = st.from_type(CollectOutcome)


def older(kept: Stored) -> Stored:
    """As the first releases kept it."""
    for bonus in (*kept["bonuses"], *kept["card"]["bonuses"]):
        del bonus["earned_at"], bonus["voucher"]
    if kept["card"]["level"]:
        del kept["card"]["level"]["is_held"]
    for each in kept["card"]["progress"]:
        if each["tier"] is None:
            del each["tier"]
    for name in (
        "created_at",
        "last_visit_at",
        "streak",
        *(["level"] * (not kept["card"]["level"])),
    ):
        del kept["card"][name]
    return kept


def with_more(kept: Any) -> Any:
    """As a newer release may keep it."""
    if isinstance(kept, list):
        return [with_more(each) for each in kept]
    if isinstance(kept, dict):
        return {"something": ["new"], **{name: with_more(each) for name, each in kept.items()}}
    return kept


@given(outcomes)
def test_what_was_kept_is_what_was_answered(outcome: CollectOutcome) -> None:
    assert CollectOutcome.from_stored(json.loads(json.dumps(outcome.stored()))) == outcome


@given(outcomes)
def test_what_a_newer_release_kept_is_read_for_what_is_known(outcome: CollectOutcome) -> None:
    assert CollectOutcome.from_stored(with_more(outcome.stored())) == outcome


@given(outcomes)
def test_what_an_older_release_kept_is_read_as_what_it_did_not_say(outcome: CollectOutcome) -> None:
    def plain(bonuses: tuple[BonusView, ...]) -> tuple[BonusView, ...]:
        return tuple(each._replace(earned_at=None, **PRODUCT) for each in bonuses)

    level = outcome.card.level
    card = outcome.card._replace(
        bonuses=plain(outcome.card.bonuses),
        streak=None,
        level=level._replace(is_held=False) if level else None,
        created_at=None,
        last_visit_at=outcome.at,
    )
    expected = outcome._replace(card=card, bonuses=plain(outcome.bonuses))
    assert CollectOutcome.from_stored(older(outcome.stored())) == expected


def test_an_outcome_of_the_release_before_is_read_and_kept_alike() -> None:
    outcome = CollectOutcome.from_stored(json.loads(KEPT))
    assert outcome.stored() == json.loads(KEPT)
    assert (outcome.session_id, outcome.units, outcome.points) == (126662109879094851, 6, 20)
    assert [(each.tier.name, each.units) for each in outcome.per_tier] == [("S", 2), ("L", 4)]
    assert (outcome.at, outcome.card.created_at, outcome.card.last_visit_at) == (AT, AT, AT)
    welcome, full = outcome.card.bonuses
    assert (outcome.bonuses, full.tier_id, full.expires_at, full.is_voucher) == (
        (full,),
        2,
        None,
        False,
    )
    assert (welcome.is_voucher, welcome.percent, welcome.text) == (True, None, "Welcome")
    assert [each.missing for each in outcome.card.progress] == [1, 4]
    assert outcome.card.streak == StreakView(1, 2, datetime(2026, 12, 5, 23, tzinfo=UTC))
    assert outcome.card.level == LevelView("Gold", next=None, missing=None, is_held=False)


def test_an_imported_outcome_of_the_release_before_is_read_and_kept_alike() -> None:
    outcome = CollectOutcome.from_stored(json.loads(IMPORTED))
    assert outcome.stored_in_brief() == json.loads(IMPORTED)
    assert (outcome.card.created_at, outcome.card.streak, outcome.card.level) == (None, None, None)
    assert outcome.card.last_visit_at == outcome.at
