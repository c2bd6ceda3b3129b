"""A card's history: by the time at which things happened, whenever they were written."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from graphql_api.ids import global_id
from loyalty.models import Card, Preset
from tests.factories import people
from tests.factories.history import importing, stamp_spend
from tests.factories.people import place
from tests.factories.sales import ANN, sold
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
Move = Callable[[timedelta], None]
HISTORY = """query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  card(id: $id) { history(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { kind at isImported text } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
LINES = "email,date,amount\n" + "".join(
    f"{ANN},2024-0{month}-01 09:00:00,{500 + month}.00\n" for month in (3, 1, 2, 2)
)


def page(card: Card, **which: Any) -> Any:
    token = people.customer(ANN).token
    return told(HISTORY, token=token, id=global_id("Card", card.pk), **which)


def nodes(card: Card, **which: Any) -> list[Any]:
    return [edge["node"] for edge in page(card, **which).data["history"]["edges"]]


def begun(folder: Path) -> Card:
    """A sale of today, older ones imported behind it, two of one moment, and one of today."""
    program = stamp_spend()
    sold(program, amount=500)
    importing(folder, LINES, program)
    sold(program, amount=500)
    return Card.objects.get()


def test_what_happened_last_stands_first_and_imports_say_so(tmp_path: Path) -> None:
    lines = nodes(begun(tmp_path))
    moments = [line["at"] for line in lines]
    assert moments == sorted(moments, reverse=True)
    assert [line["isImported"] for line in lines] == [False] * 2 + [True] * 4
    assert all(("Brought over" in line["text"]) is line["isImported"] for line in lines)


@pytest.mark.parametrize("size", [1, 2, 4, 5])
def test_pages_from_both_ends_are_the_list(tmp_path: Path, size: int) -> None:
    card = begun(tmp_path)
    every = page(card).data["history"]["edges"]
    for forth in (True, False):
        found: list[Any] = []
        cursor = None
        while True:
            which = {"first": size, "after": cursor} if forth else {"last": size, "before": cursor}
            got = page(card, **which).data["history"]
            found = [*found, *got["edges"]] if forth else [*got["edges"], *found]
            info = got["pageInfo"]
            if not info["hasNextPage" if forth else "hasPreviousPage"]:
                break
            cursor = info["endCursor" if forth else "startCursor"]
        assert found == every


def test_cursors_are_of_this_list_alone(tmp_path: Path) -> None:
    card = begun(tmp_path)
    listed = "{ programs { edges { cursor } } }"
    foreign = told(listed, token=None).data["edges"][0]["cursor"]
    for cursor in (foreign, "x", "", "Q2FyZEV2ZW50OjE6eA==", "Q2FyZEV2ZW50OjFlOTk6MQ=="):
        assert page(card, after=cursor).codes
        assert page(card, before=cursor).codes


def test_ten_thousand_lines_are_no_more_work_than_a_hundred(tmp_path: Path) -> None:
    card = begun(tmp_path)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO loyalty_event (id, kind, at, card_id, card_version)"
            " SELECT n, 'expired', timestamptz '2020-01-01' + n * interval '1 min', %s, 9"
            " FROM generate_series(1, 10000) n",
            [card.pk],
        )
        # Whatever the planner thinks of so young a table: the index can serve the order.
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(
            "EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM loyalty_event WHERE card_id = %s"
            " AND kind IN ('collected', 'voided', 'expired') AND at <= '2020-01-05'"
            " AND (at < '2020-01-05' OR id < 5) ORDER BY at DESC, id DESC LIMIT 101",
            [card.pk],
        )
        plan = cursor.fetchone()[0][0]["Plan"]
    (scan,) = plan["Plans"]
    while "Plans" in scan:
        (scan,) = scan["Plans"]
    assert scan["Index Name"] == "event_of_card_by_time"
    assert scan["Actual Rows"] <= 101
    assert len(nodes(card, last=100)) == 100


def test_another_day_is_named_and_today_is_not(move_clock: Move) -> None:
    Preset.objects.update(cooldown_minutes=10)
    sold(preset_id=place().preset_id)
    sold(preset_id=place().preset_id)
    card = Card.objects.get()
    move_clock(timedelta(minutes=5))
    (text,) = [line["text"] for line in nodes(card) if line["kind"] == "REFUSED"]
    today = text.partition("Possible again: ")[2]
    assert today
    move_clock(timedelta(days=3))
    (text,) = [line["text"] for line in nodes(card) if line["kind"] == "REFUSED"]
    later = text.partition("Possible again: ")[2]
    assert later.endswith(today)
    assert len(later) > len(today)
