"""Decides one collect: the limits in their order, then what the sale gives; or why nothing."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from loyalty.base import exempt
from loyalty.base.email_address import mailbox
from loyalty.base.errors import Refused
from loyalty.base.values import Sale, Surplus
from loyalty.cards.facts import CardRules
from loyalty.counting.birthday import near_year
from loyalty.counting.levels import LevelStatus, rises_near
from loyalty.counting.occasions import Person, bonus_end, card_reward
from loyalty.counting.sale import CountedSale, LevelFacts, SaleOnCard, count_sale
from loyalty.counting.sale_units import (
    ProgramRules,
    SaleUnits,
    TappedSale,
    credited_units,
    promised_units,
)
from loyalty.counting.visit import Visit
from loyalty.db.roundtrip import Query
from loyalty.earning.cooldown import check_cooldown
from loyalty.earning.daily_cap import check_daily_cap
from loyalty.earning.facts import CollectFacts, SessionFacts, session_and_card, snapshot_of
from loyalty.earning.own_session import SessionParty, check_own_session
from loyalty.log.refusals import refusal_line
from loyalty.programs.budget import check_budget
from loyalty.switches import Reward


def decide_sale(facts: CollectFacts) -> CountedSale:
    """What the sale gives; raises what a limit refuses, and then ProgramBudgetSpent.

    A session that was queued is decided as at its scan, one shown now as at the clock.
    """
    _, card = session_and_card(facts)
    check_limits(facts)
    counted = count_sale(sale_on_card(facts, units=_units(facts)))
    worth = sum(each.gift.worth for each in counted.budgeted)
    check_budget(card.budget, bonuses=len(counted.budgeted), worth=worth)
    return counted


@exempt.asked_already("part of a collect, and of a sign-in that grants what waited")
def refused_rows(facts: CollectFacts, refused: Refused, *, customer_id: int) -> list[Query[Any]]:
    """One line of the log for this customer, session and reason, however often it is tried."""
    session = facts.session
    if session is None:
        return []
    line = refusal_line(
        refused,
        at=facts.at,
        now=facts.now,
        location_id=session.location_id,
        staff_id=session.staff_id,
        device_id=session.device_id,
        preset_id=session.preset_id,
        session_id=session.id,
        card_id=facts.card.card_id if facts.card else None,
        version_id=session.version_id,
        units=session.units,
        amount=session.amount,
        points=session.points,
        policy=snapshot_of(session),
        customer_id=customer_id,
    )
    return [line]


def check_limits(facts: CollectFacts) -> None:
    """Raise OwnSession, Cooldown or DailyCap where one more visit is not allowed."""
    session, card = session_and_card(facts)
    snapshot: dict[str, Any] = snapshot_of(session)
    rules, near_visits = card.rules, facts.near
    collector = facts.customer.email if facts.customer else ""
    maker = mailbox(rules.maker_email) if rules.maker_email else None
    check_own_session(
        maker=SessionParty(maker, session.device_id),
        collector=SessionParty(mailbox(collector), facts.browser_id),
    )
    check_cooldown(
        (visit.at for visit in near_visits if visit.preset_id == session.preset_id),
        minutes=snapshot.get("cooldown_minutes"),
        at=facts.at,
    )
    check_daily_cap(
        (visit.at for visit in near_visits if visit.program_id == session.program_id),
        limit=snapshot.get("daily_cap"),
        at=facts.at,
        zone=rules.zone,
    )


def sale_on_card(facts: CollectFacts, *, units: SaleUnits, is_limited: bool = True) -> SaleOnCard:
    """The sale with all that its worth rests on, for these units.

    `is_limited`: a rise to a level beyond the limit is held for review.
    """
    session, card = session_and_card(facts)
    rules, person = card.rules, facts.person
    status = person.customer.level_status if person.customer else LevelStatus()
    # Points are an address's, the limit is the person's.
    table = person.levels.level_table
    elsewhere = rises_near(person.rises_elsewhere, status, table, at=facts.at)
    return SaleOnCard(
        visit=Visit(
            at=facts.at,
            zone=rules.zone,
            units=units.by_counter,
            mechanic=card.mechanic,
            switches=rules.switches,
            closed=rules.closed,
        ),
        program_id=session.program_id,
        times=units.times,
        points=_points(session, rules),
        card=card.state,
        card_reward=_card_reward(rules),
        person=Person(
            near=_near(facts, rules),
            known=person.occasions,
            past_bonuses=card.past_bonuses,
            is_new=card.is_first,
        ),
        levels=LevelFacts(status, person.past, table, person.levels.gift, is_limited, elsewhere),
    )


def expires_at(gift: Reward, rules: CardRules, *, at: datetime) -> datetime | None:
    """When a bonus earned now is over; None: never."""
    return bonus_end(gift, rules.switches, at=at, zone=rules.zone)


def _points(session: SessionFacts, rules: CardRules) -> int:
    # Minted under the newest version; the card gives the points that it promised.
    if rules.promise_id == session.version_id:
        return session.points
    minted: int = snapshot_of(session).get("points", 0)
    return session.points - minted + rules.switches.points


def _units(facts: CollectFacts) -> SaleUnits:
    # The sale was counted under the newest version; a card that started under a kinder one gets
    # what that would have given.
    session, card = session_and_card(facts)
    snapshot, promise = snapshot_of(session), card.mechanic
    own = SaleUnits(session.per_counter, session.units, snapshot.get("times", 1))
    if card.rules.promise_id == session.version_id:
        return own
    # What fills a card by the version on the code; the promise counts in the same way.
    minted = replace(
        promise,
        threshold=snapshot.get("threshold", promise.threshold),
        surplus=Surplus(snapshot.get("surplus", promise.surplus)),
    )
    sale = Sale(quantity=session.quantity, amount=session.amount)
    tapped = TappedSale(sale, session.created_at, snapshot.get("zone", card.rules.zone))
    ranks = {each.tier_id: each.tier_rank or 0 for each in card.counters}
    promised = promised_units(own, tapped, ProgramRules(promise, card.rules.switches), ranks)
    return credited_units(own, promised, minted=minted, promise=promise, ranks=ranks)


def _near(facts: CollectFacts, rules: CardRules) -> int | None:
    rule, born = rules.switches.birthday, facts.customer.birthday if facts.customer else None
    return near_year(born, rule, at=facts.at, zone=rules.zone) if rule else None


def _card_reward(rules: CardRules) -> Reward:
    product = Reward(rules.product_id, title=rules.bonus_title, worth=rules.price)
    menu = rules.program_name
    return card_reward(rules.switches, rules.mechanic.mode, menu=menu, product=product)
