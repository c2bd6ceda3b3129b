"""What belongs to programs that are shown together, each kind of thing read once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from loyalty.base import access
from loyalty.base.access import Permission
from loyalty.base.states import RunStatus
from loyalty.base.values import Actor
from loyalty.db.roundtrip import database_now
from loyalty.models import Location, Preset, Product, Program, Tier
from loyalty.models.program_budget import ProgramBudget
from loyalty.programs.catalogue import products_by_number
from loyalty.switches import Reward, Switches, from_stored

AT_MOST = 100


class ProgramOffers:
    """Of some programs, whose `current` versions were fetched with them; read when asked for."""

    def __init__(self, rows: Sequence[Program]) -> None:
        self.rows = {row.pk: row for row in rows}

    @cached_property
    def now(self) -> datetime:
        """One moment for all of them."""
        return database_now()

    @cached_property
    def tiers(self) -> dict[int, list[Tier]]:
        """By program, the lowest first."""
        found = Tier.objects.filter(program__in=self.rows).order_by("rank")
        return _by_program(found)

    @cached_property
    def products(self) -> dict[int, list[Product]]:
        """What can be given, by program, the lowest tier first."""
        found = Product.objects.select_related("tier")
        found = found.filter(program__in=self.rows, is_archived=False)
        return _by_program(found.order_by("tier__rank", "id"))

    def presets_of(self, number: int, *, actor: Actor) -> list[Preset] | None:
        """The buttons of one that are in use, in the panel's order; None for anybody but staff."""
        if not access.may(actor, Permission.READ_PANEL):
            return None
        return self._presets.get(number, [])

    def budget_of(self, number: int, *, actor: Actor) -> ProgramBudget | None:
        """What one may give altogether; None without an end to it, and for all but managers."""
        if not access.may(actor, Permission.READ_BUDGET):
            return None
        return self._budgets.get(number)

    @cached_property
    def _presets(self) -> dict[int, list[Preset]]:
        found = Preset.objects.select_related("product__tier", "location")
        found = found.filter(program__in=self.rows, is_archived=False)
        return _by_program(found.order_by("position", "id"))

    @cached_property
    def locations(self) -> dict[int, list[Location]]:
        """Where each runs; none for everywhere."""
        through = Program.locations.through.objects.filter(program__in=self.rows)
        pairs = through.values_list("program_id", "location_id").order_by("location_id")
        known = Location.objects.filter(is_archived=False).in_bulk([each[1] for each in pairs])
        found: dict[int, list[Location]] = defaultdict(list)
        for program_id, location_id in pairs:
            found[program_id] += [known[location_id]] if location_id in known else []
        return dict(found)

    @cached_property
    def gifts(self) -> dict[int, Product]:
        """The products that full cards and switches give, by number; archived ones too."""
        return products_by_number({n for row in self.rows.values() for n in _given(row)})

    @cached_property
    def _budgets(self) -> dict[int, ProgramBudget]:
        return ProgramBudget.objects.in_bulk(list(self.rows))

    def is_running(self, number: int) -> bool:
        """True when it can be collected in now, somewhere."""
        row, now = self.rows[number], self.now
        has_begun = row.starts_at is None or row.starts_at <= now
        is_over = row.ends_at is not None and row.ends_at <= now
        return row.status == RunStatus.RUNNING and has_begun and not is_over


def switches_of(row: Program) -> Switches:
    """What is switched on in the rules in force."""
    return from_stored(row.current.switches if row.current else {})


def _given(row: Program) -> set[int]:
    found = switches_of(row)
    gifts: list[Reward | None] = [found.card, found.welcome]
    gifts += [rule.gift for rule in (found.streak, found.birthday) if rule]
    fixed = row.current.product_id if row.current else None
    return ({each.product_id for each in gifts if each} | {fixed}) - {None}  # type: ignore[return-value]  # none is None


def _by_program(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        if len(found[row.program_id]) < AT_MOST:
            found[row.program_id].append(row)
    return dict(found)
