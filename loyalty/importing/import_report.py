"""What an import did, or would do."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from loyalty.earning.credit_values import SessionCredit
from loyalty.importing.import_target import ImportTarget
from loyalty.importing.line_store import VisitLine
from loyalty.importing.read_history import BadLine, ImportedLines


@dataclass(slots=True)
class ImportReport:
    """What is in the file, `lines` and `customers`, and figures of what is new in it.

    `wrong` lines stop it, `bad` are the first of them.

    Money is in minor units of `currency`.
    `cards` were filled; `without_units` are visits that brought none, for their amount was zero or
    too small; `same_day` are further visits of one customer on one day; `over` bonuses were earned
    so long ago that their time is over. `counts_money`: the units are minor units too.
    """

    program: str
    location: str
    currency: str
    counts_money: bool
    lines: int
    wrong: int
    bad: list[BadLine]
    ignored: tuple[str, ...]
    customers: int = 0
    visits: int = 0
    known_visits: int = 0
    new_customers: int = 0
    units: int = 0
    cards: int = 0
    bonuses: Counter[str] = field(default_factory=Counter)
    over: int = 0
    spend: int = 0
    zero_amounts: int = 0
    without_units: int = 0
    same_day: int = 0
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, history: ImportedLines, target: ImportTarget) -> "ImportReport":
        """A report of a file of which nothing is imported yet."""
        rules = target.rules
        place = (rules.program_name, target.location_name, target.currency)
        ignored = history.columns.ignored
        counts_money = rules.mechanic.counts_money
        return cls(*place, counts_money, history.read, history.wrong, history.bad, ignored)

    def add(self, change: SessionCredit, line: VisitLine) -> None:
        """One more visit."""
        units = change.units
        self.visits += 1
        self.units += units
        self.cards += len(change.counted_sale.visit_result.completed)
        for raised in change.raised:
            self.bonuses[raised.earned_reward.source] += 1
            self.over += raised.expires_at is not None and raised.expires_at <= change.now
        self.spend += line.amount or 0
        self.zero_amounts += line.amount == 0
        self.without_units += units == 0
        self.first = min(self.first or line.day, line.day)
        self.last = max(self.last or line.day, line.day)
