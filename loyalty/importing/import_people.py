"""Decides the visits of some people of an import at a time."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from loyalty.counting.line_units import counted_by
from loyalty.db.roundtrip import database_now
from loyalty.earning.facts import CollectingCustomer
from loyalty.importing.facts import import_facts, imported_keys, locked_customers
from loyalty.importing.import_numbers import growing_ids
from loyalty.importing.import_report import ImportReport
from loyalty.importing.import_rows import ImportRows
from loyalty.importing.import_target import ImportTarget, rules_of
from loyalty.importing.import_visit import ORIGIN, ImportContext, RunningCard, import_visit
from loyalty.importing.line_store import VisitLine
from loyalty.importing.read_history import ImportedLines
from loyalty.people.enrol_many import enrol_many

People = Sequence[Sequence[VisitLine]]


class ImportBatch(NamedTuple):
    """New lines by person, the customers by address, and what holds for all of them."""

    people: People
    customers: Mapping[str, tuple[int, CollectingCustomer]]
    context: ImportContext


@dataclass(slots=True)
class ImportPeople:
    """What all people of an import share."""

    history: ImportedLines
    target: ImportTarget
    report: ImportReport
    numbers: Iterator[int] = field(default_factory=lambda: iter((0,)))

    def known(self, people: People) -> ImportBatch | None:
        """Whose lines are new, as customers who are locked, with what is known of them.

        None when all lines were imported before.
        """
        self.report.customers += len({line.email for person in people for line in person})
        new = self._new(people)
        if not new:
            return None
        lines = [line for person in new for line in person]
        now = database_now()
        emails = sorted({line.email for line in lines})
        self.report.new_customers += enrol_many(emails, now=now)
        # Behind it, no other transaction changes these customers, their cards or their levels.
        customers = locked_customers(emails)
        facts = import_facts(
            customers.values(),
            program_id=self.target.program_id,
            since=min(line.at for line in lines),
        )
        now = database_now()
        # Behind the locks, so that these people's rows have higher ids than all before.
        self.numbers = growing_ids(now, after=next(self.numbers))
        # No card can have promised a version that is newer than these.
        rules = rules_of(self.target.program_id, location_id=self.target.location_id)
        columns = self.history.columns
        has = {"has_amounts": columns.amount is not None, "has_units": columns.units is not None}
        counted = {number: counted_by(each.mechanic, **has) for number, each in rules.items()}
        context = ImportContext(self.target, rules, counted, facts, self.numbers, self._policy, now)
        return ImportBatch(new, customers, context)

    def credited(self, found: ImportBatch | None) -> ImportRows | None:
        """The rows of their visits, in the order of each person's times; asks the database nothing.

        Addresses of one mailbox are one person: what is given once goes with the earliest visit.
        """
        if found is None:
            return None
        rows, context = ImportRows(found.context), found.context
        for person in found.people:
            running: dict[str, RunningCard] = {}
            for line in person:
                card = running.get(line.email)
                if card is None:
                    card = RunningCard.of(*found.customers[line.email], context)
                    running[line.email] = card
                change = import_visit(card, line, context)
                rows.add(change, line)
                self.report.add(change, line)
            for card in running.values():
                rows.close(card)
        return rows

    def _new(self, people: People) -> People:
        known = imported_keys([line.key for person in people for line in person])
        self.report.known_visits += len(known)
        new = people
        if known:
            left = ([line for line in person if line.key not in known] for person in people)
            new = [person for person in left if person]
        for person in new:
            days = Counter((line.email, line.day) for line in person)
            self.report.same_day += len(person) - len(days)
        return new

    @property
    def _policy(self) -> str:
        rules = self.target.rules
        policy = {
            "version": self.target.version_number,
            "origin": ORIGIN,
            "points": rules.switches.points or None,
            **rules.mechanic.numbers,
            "max_units_per_scan": None,
        }
        return json.dumps({name: value for name, value in policy.items() if value is not None})
