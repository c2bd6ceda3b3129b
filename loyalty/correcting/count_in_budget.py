"""Counts what is given beside a collect in the program's budget, and gives back what was counted.

An undo, a refund or a late grant is never refused for a budget: what it has to give is given. Where
there is no room it is given beyond the budget, uncounted, and gives nothing back when it goes.
"""

from collections.abc import Iterable

from django.db.models import F, Q
from django.db.models.functions import Greatest

from loyalty.history.replay import RaisedBonus
from loyalty.models import Bonus, Card, EarnSession, ProgramBudget


def count_in_budget(raised: RaisedBonus, *, program_id: int) -> bool:
    """True when the program's budget had room for it, and counts it from now on."""
    if not raised.earned_reward.is_of_program or _is_imported(raised.session_id):
        return False
    worth = raised.earned_reward.gift.worth
    # One statement, behind the row's lock: others use the budget up at the same moment.
    has_room = ProgramBudget.objects.filter(
        Q(most_bonuses=None) | Q(most_bonuses__gt=F("bonuses")),
        Q(most_worth=None) | Q(most_worth__gte=F("worth") + worth),
        program_id=program_id,
    )
    return bool(has_room.update(bonuses=F("bonuses") + 1, worth=F("worth") + worth))


def give_back(gone: Iterable[Bonus]) -> None:
    """Let the budgets have what was counted for them."""
    for bonus in gone:
        if not _was_counted(bonus):
            continue
        program = Card.objects.filter(pk=bonus.card_id).values("program_id")[:1]
        # Not below nothing: earlier releases gave back more than they had counted.
        ProgramBudget.objects.filter(program_id=program).update(
            bonuses=Greatest(F("bonuses") - 1, 0), worth=Greatest(F("worth") - bonus.worth, 0)
        )


def _was_counted(bonus: Bonus) -> bool:
    if bonus.counted_in_budget is not None:
        return bonus.counted_in_budget
    # Of an earlier release, which counted all but these.
    return bonus.source != "level" and not _is_imported(bonus.session_id)


def _is_imported(session_id: int | None) -> bool:
    found = EarnSession.objects.filter(pk=session_id or 0, import_key__isnull=False)
    return found.exists()
