"""Visits from another system: counted by the same rules, once, all of them or none."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db.models import Sum

from loyalty.base.errors import InvalidInput
from loyalty.base.values import Role
from loyalty.books.books import wrong_books
from loyalty.earning.collect import collect
from loyalty.earning.mint import SaleInput, mint
from loyalty.importing.import_history import ImportRequest, import_history
from loyalty.models import Bonus, Card, Counter, Customer, EarnSession, Event, LedgerEntry, Program
from loyalty.undoing.void_session import void_session
from tenants import context
from tests.factories.history import (
    SAMPLE,
    card_of,
    everything,
    importing,
    spend_total,
    stamp_spend,
    times_of,
)
from tests.factories.people import BETA, as_customer, as_staff, place

MODULE = "loyalty.importing.import_history"
pytestmark = pytest.mark.django_db


def purchases() -> Iterator[tuple[str, str, int]]:
    """The file as plain Python reads it: customer, date, cents."""
    with SAMPLE.open(newline="") as file:
        for row in csv.DictReader(file):
            whole, _, part = row["amount"].partition(".")
            yield row["customer"], row["date"], int(whole) * 100 + int(part.ljust(2, "0"))


def by_hand(threshold: int, step: int | None) -> dict[str, tuple[int, int, int, int]]:
    """Visits, spend, filled cards and open units of each customer."""
    figures: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for customer, _, cents in sorted(purchases(), key=lambda each: each[1]):
        found = figures[customer]
        found[0] += 1
        found[1] += cents
        found[3] += cents if step is None else cents // step
        if step is None and found[3] >= threshold:
            # Money gives one bonus and restarts at nothing.
            found[2], found[3] = found[2] + 1, 0
        elif step is not None:
            found[2], found[3] = found[2] + found[3] // threshold, found[3] % threshold
    return {customer: (a, b, c, d) for customer, (a, b, c, d) in figures.items()}


def in_the_books(program: Program) -> dict[str, tuple[int, int, int, int]]:
    """The same figures, from the database."""
    spend = dict(
        EarnSession.objects.filter(program=program)
        .values_list("customer__email")
        .annotate(Sum("amount"))
    )
    completed: defaultdict[str, int] = defaultdict(int)
    entries = LedgerEntry.objects.filter(kind="complete", card__program=program)
    for email, units, threshold in entries.values_list(
        "card__customer__email", "units", "version__threshold"
    ):
        completed[email] += -units // threshold
    counters = Counter.objects.filter(card__program=program).select_related("card__customer")
    found = {}
    for each in counters:
        assert each.card.customer
        assert each.debt == 0
        email = each.card.customer.email
        found[email] = (each.card.visits, spend[email], completed[email], each.open)
    return found


@pytest.mark.parametrize("step", [None, 500])
def test_a_year_and_a_half_of_real_purchases(step: int | None) -> None:
    program = spend_total() if step is None else stamp_spend(step)
    expected = by_hand(10_000 if step is None else 10, step)
    report = import_history(ImportRequest(SAMPLE, str(program.pk)))
    assert in_the_books(program) == expected
    filled = sum(cards for _, _, cards, _ in expected.values())
    figures = (report.lines, report.visits, report.new_customers, report.spend, report.cards)
    assert figures == (6919, 6919, 2357, sum(spend for _, spend, _, _ in expected.values()), filled)
    assert report.bonuses == {"card": filled}
    assert Bonus.objects.filter(status="waiting", card__program=program).count() == filled
    assert report.ignored == ("items",)
    assert report.zero_amounts == sum(cents == 0 for _, _, cents in purchases())
    days = {(customer, date) for customer, date, _ in purchases()}
    assert report.same_day == 6919 - len(days)
    assert (str(report.first), str(report.last)) == ("1997-01-01", "1998-06-30")
    assert list(wrong_books()) == []
    before = everything()
    again = import_history(ImportRequest(SAMPLE, program.name))
    assert everything() == before
    assert (again.visits, again.known_visits, again.new_customers) == (0, 6919, 0)
    assert (again.units, again.cards, again.bonuses, again.spend) == (0, 0, {}, 0)


def test_a_dry_run_reports_the_same_and_writes_nothing(tmp_path: Path) -> None:
    program = stamp_spend()
    text = "email,date,amount\na@x.example,2024-01-01,60\na@x.example,2024-01-02,0\n"
    before = everything()
    trial = importing(tmp_path, text, program, is_trial=True)
    assert everything() == before
    assert importing(tmp_path, text, program) == trial
    assert (trial.visits, trial.units, trial.cards) == (2, 12, 1)
    assert everything() != before


def test_every_row_says_where_it_came_from(tmp_path: Path) -> None:
    program = stamp_spend()
    importing(tmp_path, "customer,date,amount\nA@X.example,2024-07-01,60\n", program)
    customer, card = Customer.objects.get(email="a@x.example"), Card.objects.get(program=program)
    session = EarnSession.objects.get()
    at = datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert (session.status, session.staff_id, session.preset_id) == ("collected", None, None)
    assert (session.amount, session.units, session.collected_at) == (6000, 12, at)
    assert session.judged_by_id == session.version_id == program.current_id
    assert session.outcome
    assert session.outcome["card"]["id"] == card.pk
    event = Event.objects.get()
    (bonus,) = Bonus.objects.all()
    assert (event.kind, event.at, event.card_version, event.units) == ("collected", at, 1, 12)
    assert (event.customer_id, event.session_id) == (customer.pk, session.pk)
    assert event.details == {
        "bonuses": [bonus.pk],
        "ladder": None,
        "origin": "import",
        "limited": False,
    }
    entries = list(LedgerEntry.objects.order_by("line"))
    assert [(each.kind, each.units, each.origin) for each in entries] == [
        ("earn", 12, "import"),
        ("complete", -10, "import"),
    ]
    assert {each.occurred_at for each in entries} == {at}
    assert all(each.recorded_at > at for each in entries)
    assert (bonus.source, bonus.status, bonus.earned_at) == ("card", "waiting", at)
    assert (customer.mailbox, customer.language) == ("a@x.example", "")
    assert customer.person is not None
    assert (card.visits, card.version, card.last_visit_at) == (1, 1, at)


def test_a_file_that_grew_adds_what_is_new(tmp_path: Path) -> None:
    program, header = stamp_spend(), "email,date,amount\n"
    first = "a@x.example,2024-01-01,10\na@x.example,2024-01-01,10\nb@x.example,2024-01-01,5\n"
    importing(tmp_path, header + first, program)
    # A third equal line, and the same lines in another order and another spelling.
    more = "A@X.EXAMPLE,2024-01-01,10.00\nb@x.example,2024-01-03,5\n"
    report = importing(tmp_path, header + more + first, program)
    assert (report.visits, report.known_visits) == (2, 3)
    assert (report.customers, report.new_customers) == (2, 0)
    assert card_of("a@x.example", program) == (3, 6, 0)
    assert card_of("b@x.example", program) == (2, 2, 0)
    assert list(wrong_books()) == []


def test_two_programs_have_their_own_lines(tmp_path: Path) -> None:
    text = "email,date,amount\na@x.example,2024-01-01,10\n"
    for program in (stamp_spend(), spend_total()):
        assert importing(tmp_path, text, program).visits == 1
    assert Customer.objects.filter(email="a@x.example").count() == 1


def test_a_card_that_is_running_goes_on(tmp_path: Path) -> None:
    program, ann = stamp_spend(), as_customer("ann@alpha.example")
    wanted = SaleInput(program.pk, place().location_id, amount=4_500)

    def sell() -> None:
        token = mint(wanted, actor=as_staff(), token_key="k").token or ""
        collect(token, actor=ann, ip="192.0.2.1")

    sell()
    visit_result = Card.objects.get(program=program).last_visit_at
    text = "email,date,amount\nann@alpha.example,2024-01-02,10\nann@alpha.example,2024-01-01,0\n"
    report = importing(tmp_path, text, program)
    assert (report.customers, report.new_customers, report.cards) == (1, 0, 1)
    assert card_of("ann@alpha.example", program) == (3, 1, 1)
    card = Card.objects.get(program=program)
    assert (card.version, card.last_visit_at) == (3, visit_result)
    sell()
    assert card_of("ann@alpha.example", program) == (4, 0, 2)
    versions = Event.objects.filter(kind="collected").order_by("card_version")
    assert list(versions.values_list("card_version", flat=True)) == [1, 2, 3, 4]
    assert list(wrong_books()) == []


def test_a_manager_takes_an_imported_visit_back(tmp_path: Path) -> None:
    program = stamp_spend()
    lines = [f"a@x.example,2024-01-0{day},30" for day in range(1, 5)]
    importing(tmp_path, "\n".join(["email,date,amount", *lines]), program)
    assert card_of("a@x.example", program) == (4, 4, 2)
    second = EarnSession.objects.order_by("collected_at")[1]
    manager = as_staff(Role.MANAGER)
    void_session(second.pk, actor=manager, reason="not ours")
    assert card_of("a@x.example", program) == (3, 8, 1)
    assert list(wrong_books()) == []
    # It stays taken back: the file does not bring it again.
    before = everything()
    importing(tmp_path, "\n".join(["email,date,amount", *lines]), program)
    assert everything() == before


def test_dates_are_noon_at_the_location(tmp_path: Path) -> None:
    program = stamp_spend()
    days = ("2024-01-15", "2024-03-31", "2024-07-15", "2024-10-27T02:30")
    lines = [f"a@x.example,{day},5" for day in days]
    importing(tmp_path, "\n".join(["email,date,amount", *lines]), program)
    assert [at.strftime("%m-%d %H:%M") for at in times_of("a@x.example")] == [
        "01-15 11:00",
        "03-31 10:00",
        "07-15 10:00",
        "10-27 00:30",
    ]


def test_what_is_interrupted_leaves_nothing() -> None:
    program = spend_total()
    before = everything()
    told: list[tuple[str, int, int]] = []

    def interrupt(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))
        if stage == "crediting":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_history(ImportRequest(SAMPLE, str(program.pk)), tell=interrupt)
    stage, done, total = told[-1]
    assert (stage, total) == ("crediting", 6919)
    assert 2_000 <= done < total
    assert everything() == before


def test_another_business_is_not_touched(tmp_path: Path) -> None:
    with context.business(BETA):
        before = everything()
    importing(tmp_path, "email,date,amount\na@x.example,2024-01-01,10\n", stamp_spend())
    with context.business(BETA):
        assert everything() == before


def test_an_import_that_takes_too_long_for_the_seals_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = stamp_spend()
    before = everything()
    monkeypatch.setattr(import_module(MODULE), "LONGEST", timedelta(0))
    with pytest.raises(InvalidInput) as refused:
        importing(tmp_path, "email,date,amount\na@x.example,2024-01-01,60\n", program)
    assert refused.value.details == {"field": "file", "reason": "too_long", "what": "0"}
    assert everything() == before


def test_the_same_whatever_is_decided_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # People by ones and twos instead of thousands: the last are read while others are written.
    monkeypatch.setattr(import_module(MODULE), "_BATCH", 2)
    program = stamp_spend()
    days = ("2024-01-03", "2024-01-01", "2024-01-02")
    rows = [f"c{n % 7}+{n % 2}@x.example,{days[n % 3]},{n}.00" for n in range(60)]
    text = "\n".join(["email,date,amount", *rows])
    report = importing(tmp_path, text, program)
    assert (report.lines, report.visits, report.customers) == (60, 60, 14)
    assert list(wrong_books()) == []
    versions = Event.objects.filter(kind="collected").order_by("card_id", "id")
    of_card = defaultdict(list)
    for card, version in versions.values_list("card_id", "card_version"):
        of_card[card].append(version)
    assert all(each == list(range(1, len(each) + 1)) for each in of_card.values())
    again = importing(tmp_path, text, program)
    assert (again.visits, again.known_visits) == (0, 60)
