"""The words of a program's mechanic, each with its meaning."""

from enum import StrEnum

from graphql_api.described import described
from loyalty.base import values

described(
    "What a program counts.",
    {
        "STAMP_COUNT": "Stamps, for visits, pieces or lines of a receipt.",
        "AMOUNT_STEP": "Stamps, one for each whole `step` of money that is spent.",
        "CUMULATIVE_SPEND": "Money itself: every unit is one minor unit that was spent.",
        "QUALIFIED_VISIT": "Stamps, given only when the receipt is at least `minimum`.",
    },
)(values.BonusModel)
described(
    "Whether a full card gives one fixed thing or lets the customer choose.",
    {
        "SIMPLE": "One fixed bonus.",
        "TIERED": "A product of the customer's choice from a menu in tiers.",
    },
    name="ProgramMode",
)(values.Mode)
described(
    "What one unit stands for.",
    {
        "PER_VISIT": "One unit a visit, whatever was bought.",
        "PER_CART_QTY": "One unit for each piece that staff count.",
        "PER_LINE_ITEM": "One unit for each piece of the products on the receipt.",
        "PER_AMOUNT": "Units by the total of the receipt.",
    },
)(values.StampMode)


described(
    "What becomes of units beyond a full card.",
    {
        "CARRY": "They stay on the card and count for the next one.",
        "FORFEIT": "They are written off, and the card begins anew.",
    },
)(values.Surplus)


@described(
    "Where a program stands in its owner's hands; whether it runs is said by `isRunning`.",
    {
        "DRAFT": "It was never published.",
        "RUNNING": "It is published; it runs between its dates.",
        "PAUSED": "Nothing is collected until its owner lets it go on.",
        "ARCHIVED": "It ended for good; waiting bonuses can still be used.",
    },
)
class ProgramStatus(StrEnum):
    """The states of a program."""

    DRAFT = "draft"
    RUNNING = "running"
    PAUSED = "paused"
    ARCHIVED = "archived"
