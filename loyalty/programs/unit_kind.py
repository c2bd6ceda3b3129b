"""Whether a program's units are stamps or money."""

from loyalty.base.values import BonusModel
from loyalty.models import ProgramVersion


def counts_money(version: ProgramVersion) -> bool:
    """True when the units are minor units of the program's currency."""
    return version.bonus_model == BonusModel.CUMULATIVE_SPEND
