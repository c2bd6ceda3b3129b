"""What one sale gives a card: the same for a scan, an import, an undo, an approval and the proof.

Rules: docs/rules.md#a-collect-step-by-step.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from loyalty.base.states import BonusSource
from loyalty.counting.activity import PastVisits
from loyalty.counting.level_table import LevelRule, LevelTable
from loyalty.counting.levels import LevelChange, LevelStatus, change_imported_level, change_level
from loyalty.counting.occasions import EarnedReward, Person, level_reward, occasion_rewards
from loyalty.counting.visit import CardState, Visit, VisitResult, apply
from loyalty.switches import Reward

LevelReward = Callable[[int], Reward | None]


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """Where somebody stands: their level, the visits that count for it, and the levels there are.

    `reward_of` is what a level gives by its id. `is_limited`: a rise beyond the limit is held for
    review; visits from another system are not. `rises_elsewhere` are those that the limit counts
    of the person's other addresses.
    """

    status: LevelStatus
    past: PastVisits
    table: LevelTable
    reward_of: LevelReward
    is_limited: bool = True
    rises_elsewhere: int = 0


@dataclass(frozen=True, slots=True)
class SaleOnCard:
    """A visit and all that its worth rests on; `points` are those before a level counts.

    Each of its units counted so many `times` already.
    """

    visit: Visit
    program_id: int
    points: int
    card: CardState
    card_reward: Reward
    person: Person
    levels: LevelFacts
    times: int = 1


@dataclass(frozen=True, slots=True)
class CountedSale:
    """What the visit does: to the card, to the level, and the rewards that it earns."""

    sale: SaleOnCard
    visit_result: VisitResult
    level_change: LevelChange
    rewards: list[EarnedReward]

    @property
    def budgeted(self) -> list[EarnedReward]:
        """The rewards that the program pays for; levels are the business's."""
        return [each for each in self.rewards if each.is_of_program]


def count_sale(sale: SaleOnCard) -> CountedSale:
    """What the sale gives, whatever the limits say of it."""
    visit, levels = sale.visit, sale.levels
    visited = apply(sale.card, visit)
    change = change_level if levels.is_limited else change_imported_level
    risen = change(
        levels.status,
        levels.past,
        levels.table,
        base=sale.points,
        at=visit.at,
        elsewhere=levels.rises_elsewhere,
    )
    rewards = [
        EarnedReward(BonusSource.CARD, sale.card_reward, tier_id=tier) for tier in visited.completed
    ]
    if visited.is_streak_due and visit.switches.streak:
        rewards.append(EarnedReward(BonusSource.STREAK, visit.switches.streak.gift))
    rewards += occasion_rewards(sale.person, visit.switches, program_id=sale.program_id)
    if risen.reached:
        known, zone = sale.person.known, visit.zone
        found = level_rewards(risen.reached, levels.reward_of, at=visit.at, zone=zone)
        rewards += [each for each in found if each.occasion not in known]
    return CountedSale(sale, visited, risen, rewards)


def level_rewards(
    reached: Iterable[LevelRule], reward_of: LevelReward, *, at: datetime, zone: str
) -> list[EarnedReward]:
    """What the levels give that were reached at this moment, whether it was given before or not."""
    gifts = ((level.id, reward_of(level.id)) for level in reached)
    return [level_reward(level_id, gift, at=at, zone=zone) for level_id, gift in gifts if gift]
