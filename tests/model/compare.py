"""The naive model and the database, held against each other."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from loyalty.base.values import CustomerActor
from loyalty.cards.reads import card_view
from loyalty.cards.view import AT_MOST
from tests.model import naive_days
from tests.model.history import House, Tier
from tests.model.look import Look
from tests.model.naive_card import windows_missed
from tests.model.naive_levels import Standing, level_at, points_at
from tests.model.world import Bonus, Card, World, blank

ONE = timedelta(days=1)


def same(
    product: dict[str, Any],
    model: dict[str, Any],
    where: object,
    *,
    but_for: Collection[str] = (),
) -> None:
    """Raise AssertionError that names each difference: the product's value, then the model's."""
    apart = {
        name: (product.get(name), model.get(name))
        for name in {*product, *model}
        if product.get(name) != model.get(name) and name not in but_for
    }
    if apart:
        raise AssertionError(f"{where}: (product, model) = {apart}")


def same_cards(world: World, seen: Look, now: datetime) -> None:
    """Every card's row, counters and ledger are what the model says."""
    assert set(seen.cards) >= set(world.cards)
    assert world.is_vague or set(seen.cards) == set(world.cards)
    for owner, row in seen.cards.items():
        card = world.cards.get(owner) or blank(world.current[owner[1]])
        # Rows that change besides the sale's own are counted where they are certain.
        unknown = {"changes"} if world.is_vague else set()
        if not card.visits:
            unknown |= {"edition"}
        product, model = _of_product(row), _of_model(card)
        if world.is_vague:
            # After an undo the daily round may not have been there yet: it reads the same.
            product, model = _as_read(product, now), _as_read(model, now)
        same(product, model, owner, but_for=unknown)
        _adds_up(row)
        if not world.is_vague:
            _conservation(row, card)
    for card_id, version, lines in seen.lines:
        assert lines == list(range(1, len(lines) + 1)), (card_id, version)


def _of_product(row: dict[str, Any]) -> dict[str, Any]:
    left_out = ("id", "of", "ledger", "counters")
    kept = {name: value for name, value in row.items() if name not in left_out}
    counters = {tier: found for tier, found in row["counters"].items() if found != (0, 0)}
    return {**kept, "counters": counters}


def _of_model(card: Card) -> dict[str, Any]:
    return {
        "edition": card.edition.number,
        "changes": card.changes,
        "visits": card.visits,
        "points": card.points,
        "last_at": card.last_at,
        "units_end_at": card.units_end_at,
        "streak": (card.streak_days, card.streak_at, card.streak_freezes),
        "streaks_owed": card.streaks_owed,
        "counters": {
            tier: (units, card.debt.get(tier, 0))
            for tier, units in card.open.items()
            if units or card.debt.get(tier, 0)
        },
    }


def _as_read(card: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The card as it reads: what lay too long is not there."""
    if card["units_end_at"] is None or now < card["units_end_at"]:
        return card
    debts = {tier: (0, debt) for tier, (_, debt) in card["counters"].items() if debt}
    return {**card, "units_end_at": None, "counters": debts}


def _adds_up(row: dict[str, Any]) -> None:
    """The sum of all entries is what the counter shows, whose two sides are never both positive."""
    for tier in {tier for tier, _ in row["ledger"]} | set(row["counters"]):
        total = sum(units for (of, _), units in row["ledger"].items() if of == tier)
        units, debt = row["counters"].get(tier, (0, 0))
        assert units >= 0 <= debt
        assert units == 0 or debt == 0
        assert total == units - debt, (row["of"], tier)


def _conservation(row: dict[str, Any], card: Card) -> None:
    """Nothing is lost and nothing made up, per card and counter (docs/rules.md#configurations)."""
    tiers = {tier for tier, _ in row["ledger"]} | set(row["counters"]) | set(card.earned)
    for tier in tiers:
        kinds = ("earn", "complete", "forfeit", "expire", "void", "adjust", "transfer")
        earned, completed, forfeited, expired, voided, adjusted, moved = (
            row["ledger"].get((tier, kind), 0) for kind in kinds
        )
        units, debt = row["counters"].get(tier, (0, 0))
        assert earned + adjusted + moved == (
            -completed + units - voided - expired - forfeited - debt
        ), (row["of"], tier)
        product = {"earn": earned, "complete": -completed, "lost": (-forfeited, -expired)}
        model = {
            "earn": card.earned.get(tier, 0),
            "complete": card.consumed.get(tier, 0),
            "lost": (card.forfeited.get(tier, 0), card.expired.get(tier, 0)),
        }
        same(product, model, (row["of"], tier))


def same_bonuses(world: World, seen: Look) -> None:
    """The same bonuses, of the same sales, in the same state."""
    owners = {row["id"]: owner for owner, row in seen.cards.items()}
    found = Counter((owners[card], *more) for _, card, *more in seen.bonuses)
    told = Counter(
        (
            owner,
            max(each.key.session, 0) or None,
            each.key.source,
            each.tier,
            each.status,
            each.expires_at,
        )
        for owner, card in world.cards.items()
        for each in card.bonuses
    )
    if world.is_vague:
        _ends_are_known(found, told)
        found, told = _what_is_certain(found), _what_is_certain(told)
    if found != told:
        raise AssertionError(f"bonuses: only product {found - told}, only model {told - found}")


def _what_is_certain(bonuses: Counter[tuple[Any, ...]]) -> Counter[tuple[Any, ...]]:
    # The owner, the source, the tier, and whether it is used; not which sale it came from.
    return Counter(
        (owner, source, tier, status == "used")
        for owner, _, source, tier, status, _ in bonuses.elements()
        if status != "void"
    )


def _ends_are_known(found: Counter[tuple[Any, ...]], told: Counter[tuple[Any, ...]]) -> None:
    """What is not used ends when one of its kind ends that the model knows."""
    ends = Counter((*each[:1], *each[2:4], each[5]) for each in told.elements())
    left = Counter(
        (*each[:1], *each[2:4], each[5])
        for each in found.elements()
        if each[4] in {"waiting", "expired"}
    )
    # What is owed has none that is known: a manager may have given it back.
    owed = {(*each[:1], *each[2:4]) for each in told.elements() if each[1] is each[5] is None}
    left = Counter({each: count for each, count in left.items() if each[:3] not in owed})
    if left - ends:
        raise AssertionError(f"bonuses end: only product {left - ends}, model {ends}")


def same_reading(world: World, seen: Look, house: House, now: datetime) -> None:
    """Every card reads as the model says: what is over is not shown."""
    for owner, card in world.cards.items():
        # Another one's card is not found.
        state = card_view(seen.cards[owner]["id"], actor=CustomerActor(owner[0])).stored()
        is_over = card.units_end_at is not None and now >= card.units_end_at
        shown = {each["tier"]["id"] if each["tier"] else None: each for each in state["progress"]}
        threshold = card.edition.mechanic.threshold
        waiting = [
            (each.key.source, _tier(each), each.expires_at)
            for each in card.bonuses
            if each.status == "waiting" and not (each.expires_at and each.expires_at <= now)
        ]
        if len(waiting) > AT_MOST:
            continue
        found = [(each["source"], each["tier"], _moment(each)) for each in state["bonuses"]]
        product = {
            "open": {tier: each["open"] for tier, each in shown.items() if each["open"]},
            "thresholds": {each["threshold"] for each in shown.values()},
            "bonuses": sorted(found, key=repr),
            "streak": state["streak"],
            "level": state["level"],
        }
        model = {
            "open": {} if is_over else {tier: units for tier, units in card.open.items() if units},
            "thresholds": {threshold},
            "bonuses": sorted(waiting, key=repr),
            "streak": _streak(card, now),
            "level": _level(world, owner[0], house, now),
        }
        same(product, model, owner, but_for={"bonuses"} if world.is_vague else ())


def _tier(bonus: Bonus) -> Tier:
    return bonus.tier if bonus.key.source == "card" else None


def _moment(bonus: dict[str, Any]) -> datetime | None:
    return datetime.fromisoformat(bonus["expires_at"]) if bonus["expires_at"] else None


def _streak(card: Card, now: datetime) -> dict[str, Any] | None:
    rule = card.edition.switches.streak
    if rule is None:
        return None
    if card.streak_at is None:
        return {"days": 0, "threshold": rule.threshold, "keep_until": None}
    last = naive_days.local(card.streak_at, card.streak_zone)
    day = last
    while windows_missed(last, day + ONE, rule.window) <= rule.freezes - card.streak_freezes:
        day += ONE
    until = naive_days.begins(day + ONE, card.streak_zone)
    days = card.streak_days if now < until else 0
    keep = until.isoformat() if days else None
    return {"days": days, "threshold": rule.threshold, "keep_until": keep}


def _level(world: World, customer: int, house: House, now: datetime) -> dict[str, Any] | None:
    if not house.rungs:
        return None
    given, standing = world.points.get(customer, []), world.standing.get(customer, Standing())
    worth = level_at(given, house, now)
    level = min(standing.level, worth)
    above = house.rungs[level] if level < len(house.rungs) else None
    missing = max(0, above.threshold - points_at(given, house, now)) if above else None
    name = house.rungs[level - 1].name if level else ""
    following = above.name if above else None
    is_held = standing.is_held and worth > level
    return {"name": name, "next": following, "missing": missing, "is_held": is_held}
