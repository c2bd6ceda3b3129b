"""Decides one collect: the policies in their order, then what the visit gives."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from loyalty.base.email_address import mailbox
from loyalty.base.errors import Refused
from loyalty.base.values import Mechanic, Sale, Surplus
from loyalty.cards.facts import CardFacts, CardRules
from loyalty.counting.birthday import near_year
from loyalty.counting.levels import (
    LevelChange,
    LevelStatus,
    change_imported_level,
    change_level,
    rises_near,
)
from loyalty.counting.occasions import (
    EarnedReward,
    Person,
    bonus_end,
    card_reward,
    level_reward,
    occasion_rewards,
)
from loyalty.counting.sale_size import within_promise
from loyalty.counting.units import earned as earned_by
from loyalty.counting.units import total
from loyalty.counting.visit import Visit, VisitResult, apply
from loyalty.earning.cooldown import check_cooldown
from loyalty.earning.daily_cap import check_daily_cap
from loyalty.earning.facts import CollectFacts, SessionFacts, decided, snapshot_of
from loyalty.earning.own_session import SessionParty, check_own_session
from loyalty.programs.budget import check_budget
from loyalty.switches import Reward


@dataclass(frozen=True, slots=True)
class CountedSale:
    """What the visit does: to the card, to the standing, and the presents it raises.

    `base_points` are those before the level counts; `near` is the year of the birthday that the
    visit is near enough to, None without one; `rises_elsewhere` are the other addresses' rises that
    the limit counted.
    """

    visit_result: VisitResult
    level_change: LevelChange
    rewards: list[EarnedReward]
    base_points: int = 0
    near: int | None = None
    rises_elsewhere: int = 0

    @property
    def budgeted(self) -> list[EarnedReward]:
        """The presents that the program pays for; levels are the business's."""
        return [each for each in self.rewards if each.is_of_program]


def decide_sale(facts: CollectFacts) -> CountedSale:
    """Raises OwnSession, Cooldown, DailyCap or ProgramBudget, in this order."""
    session, card = decided(facts)
    _check(facts, session, card.rules)
    counted_sale = count_sale(facts, units=_units(session, card))
    worth = sum(each.gift.worth for each in counted_sale.budgeted)
    check_budget(card.budget, bonuses=len(counted_sale.budgeted), worth=worth)
    return counted_sale


def count_sale(
    facts: CollectFacts, *, units: Mapping[int | None, int], is_limited: bool = True
) -> CountedSale:
    """What the visit gives for these units by counter, whatever the policies say of it.

    `is_limited`: a rise to a level beyond the limit is held for review.
    """
    session, card = decided(facts)
    visit_result = apply(
        card.state,
        Visit(
            at=facts.at,
            zone=card.rules.zone,
            units=units,
            mechanic=card.mechanic,
            switches=card.rules.switches,
            closed=card.rules.closed,
        ),
    )
    level_table, person = facts.person.levels.level_table, facts.person
    level_status = person.customer.level_status if person.customer else LevelStatus()
    base = _points(session, card.rules)
    climbs = change_level if is_limited else change_imported_level
    # Points are an address's, the limit is the person's.
    elsewhere = rises_near(person.rises_elsewhere, level_status, level_table, at=facts.at)
    rise = climbs(
        level_status, person.past, level_table, base=base, at=facts.at, elsewhere=elsewhere
    )
    near = _near(facts, card.rules)
    found = _rewards(facts, visit_result, rise, near=near)
    return CountedSale(visit_result, rise, found, base, near, elsewhere)


def expires_at(gift: Reward, rules: CardRules, *, at: datetime) -> datetime | None:
    """When a bonus earned now is over; None: never."""
    return bonus_end(gift, rules.switches, at=at, zone=rules.zone)


def _check(facts: CollectFacts, session: SessionFacts, rules: CardRules) -> None:
    policy: dict[str, Any] = snapshot_of(session)
    near = facts.near
    collector = facts.customer.email if facts.customer else ""
    maker = mailbox(rules.maker_email) if rules.maker_email else None
    check_own_session(
        maker=SessionParty(maker, session.device_id),
        collector=SessionParty(mailbox(collector), facts.browser_id),
    )
    check_cooldown(
        (visit.at for visit in near if visit.preset_id == session.preset_id),
        minutes=policy.get("cooldown_minutes"),
        at=facts.at,
    )
    check_daily_cap(
        (visit.at for visit in near if visit.program_id == session.program_id),
        limit=policy.get("daily_cap"),
        at=facts.at,
        zone=rules.zone,
    )


def _points(session: SessionFacts, rules: CardRules) -> int:
    # Minted under the newest version; the card gives the points that it promised.
    if rules.promise_id == session.version_id:
        return session.points
    minted: int = snapshot_of(session).get("points", 0)
    return session.points - minted + rules.switches.points


def _units(session: SessionFacts, card: CardFacts) -> Mapping[int | None, int]:
    # The sale was counted under the newest version; a card that started under a kinder one gets
    # what that would have given, as far as one scan may fill cards.
    own = session.per_counter
    if card.rules.promise_id == session.version_id:
        return own
    counted = own
    if session.tier_units is None:
        counted = {None: _promised(session, card)}
    ranks = {each.tier_id: each.tier_rank or 0 for each in card.counters}
    worthiest = sorted(counted, key=lambda tier: ranks.get(tier, 0), reverse=True)
    return within_promise(
        card.mechanic,
        {tier: counted[tier] for tier in worthiest},
        own=own,
        minted=_minted(session, card.mechanic),
    )


def _promised(session: SessionFacts, card: CardFacts) -> int:
    sale = Sale(quantity=session.quantity, amount=session.amount)
    try:
        return max(total(earned_by(card.mechanic, sale, {})), session.units)
    except Refused:
        return session.units


def _minted(session: SessionFacts, promise: Mechanic) -> Mechanic:
    # What fills a card by the version on the code; the promise counts in the same way.
    policy = snapshot_of(session)
    surplus = Surplus(policy.get("surplus", promise.surplus))
    return replace(promise, threshold=policy.get("threshold", promise.threshold), surplus=surplus)


def _near(facts: CollectFacts, rules: CardRules) -> int | None:
    rule, born = rules.switches.birthday, facts.customer.birthday if facts.customer else None
    return near_year(born, rule, at=facts.at, zone=rules.zone) if rule else None


def _rewards(
    facts: CollectFacts, visit_result: VisitResult, rise: LevelChange, *, near: int | None
) -> list[EarnedReward]:
    session, card = decided(facts)
    rules = card.rules
    found = []
    if completed := visit_result.completed:
        gift = _card_gift(rules)
        found = [EarnedReward("card", gift, tier_id=tier) for tier in completed]
    if visit_result.is_streak_due and rules.switches.streak:
        found.append(EarnedReward("streak", rules.switches.streak.gift))
    who = Person(
        near=near,
        known=facts.person.occasions,
        past_bonuses=card.past_bonuses,
        is_new=card.is_first,
    )
    found += occasion_rewards(who, rules.switches, program_id=session.program_id)
    return [*found, *_level_rewards(facts, rise, zone=rules.zone)]


def _card_gift(rules: CardRules) -> Reward:
    product = Reward(rules.product_id, title=rules.bonus_title, worth=rules.price)
    menu = rules.program_name
    return card_reward(rules.switches, rules.mechanic.mode, menu=menu, product=product)


def _level_rewards(facts: CollectFacts, rise: LevelChange, *, zone: str) -> list[EarnedReward]:
    if not rise.reached:
        return []
    person = facts.person
    gifts = ((level.id, person.levels.gift(level.id)) for level in rise.reached)
    found = [level_reward(level, gift, at=facts.at, zone=zone) for level, gift in gifts if gift]
    return [
        earned_reward for earned_reward in found if earned_reward.occasion not in person.occasions
    ]
