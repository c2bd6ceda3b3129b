"""A ladder rises, and nobody rises by a change of it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.base.errors import ConfigurationInvalid
from loyalty.levels.limits import NewLevel, NewLevelTable, check, moved
from loyalty.switches import Reward

BRONZE, SILVER = NewLevel("Bronze", 10), NewLevel("Silver", 50, percent=150)
RIGHT = NewLevelTable((BRONZE, SILVER))


@st.composite
def changes(draw: st.DrawFn) -> tuple[list[int], list[int | None]]:
    """Old ids, and a new ladder that keeps some of them in their order and adds others."""
    old = list(range(1, draw(st.integers(0, 8)) + 1))
    kept = [level for level in old if draw(st.booleans())]
    new: list[int | None] = []
    for level in [*kept, None]:
        new += [None] * draw(st.integers(0, 2))
        new += [] if level is None else [level]
    return old, new


@given(changes())
def test_a_level_keeps_its_holders_and_nobody_is_lifted(
    change: tuple[list[int], list[int | None]],
) -> None:
    old, new = change
    found = moved(old, new)
    assert len(found) == len(old) + 1
    assert found[0] == 0
    for level_index, level in enumerate(old, start=1):
        held = new[found[level_index] - 1] if found[level_index] else None
        if level in new:
            assert held == level
        else:
            # What is held instead was below, and was there before.
            assert held is None if not found[level_index] else held in old[: level_index - 1]
    assert list(found) == sorted(found)


@given(st.lists(st.integers(), unique=True, max_size=8))
def test_no_change_moves_nobody(levels: list[int]) -> None:
    assert moved(levels, list(levels)) == tuple(range(len(levels) + 1))


@pytest.mark.parametrize(
    ("new", "reason"), [([2, 1], "order"), ([1, 1], "twice"), ([1, 2, 3], "unknown")]
)
def test_levels_do_not_change_places(new: list[int | None], reason: str) -> None:
    with pytest.raises(ConfigurationInvalid) as refused:
        moved([1, 2], new)
    field = "levels[2].id" if reason == "unknown" else "levels[1]"
    assert refused.value.details == {"field": field, "reason": reason}


def test_a_usual_ladder() -> None:
    check(RIGHT)
    check(NewLevelTable())
    check(NewLevelTable((replace(BRONZE, gift=Reward(percent=10, valid_days=30)),), most_rises=2))


@pytest.mark.parametrize(
    ("wrong", "field", "reason"),
    [
        (NewLevelTable((SILVER, BRONZE)), "levels[1].threshold", "order"),
        (NewLevelTable((BRONZE, replace(SILVER, threshold=10))), "levels[1].threshold", "order"),
        (NewLevelTable((replace(BRONZE, threshold=0),)), "levels[0].threshold", "range"),
        (
            NewLevelTable((replace(BRONZE, threshold=1_000_000_001),)),
            "levels[0].threshold",
            "range",
        ),
        (NewLevelTable((BRONZE, replace(SILVER, name=" bronze "))), "levels[1].name", "twice"),
        (NewLevelTable((replace(BRONZE, name="  "),)), "levels[0].name", "length"),
        (NewLevelTable((replace(BRONZE, name="x" * 61),)), "levels[0].name", "length"),
        (NewLevelTable((BRONZE, replace(SILVER, name="a\u200eb"))), "levels[1].name", "characters"),
        (NewLevelTable((replace(BRONZE, percent=99),)), "levels[0].percent", "range"),
        (NewLevelTable((replace(BRONZE, percent=1_001),)), "levels[0].percent", "range"),
        (NewLevelTable((replace(BRONZE, benefit="x" * 301),)), "levels[0].benefit", "length"),
        (NewLevelTable((replace(BRONZE, gift=Reward()),)), "levels[0].gift", "exactly_one"),
        (
            NewLevelTable((replace(BRONZE, gift=Reward(percent=10, text="and more")),)),
            "levels[0].gift",
            "exactly_one",
        ),
        (
            NewLevelTable((replace(BRONZE, gift=Reward(percent=101)),)),
            "levels[0].gift.percent",
            "range",
        ),
        (
            NewLevelTable((replace(BRONZE, gift=Reward(text="x" * 121)),)),
            "levels[0].gift.text",
            "length",
        ),
        (
            NewLevelTable((BRONZE, replace(SILVER, gift=Reward(percent=9, valid_days=0)))),
            "levels[1].gift.valid_days",
            "range",
        ),
        (NewLevelTable(tuple(NewLevel(f"L{n}", n) for n in range(1, 22))), "levels", "too_many"),
        (replace(RIGHT, period_days=0), "period_days", "range"),
        (replace(RIGHT, period_days=3_661), "period_days", "range"),
        (replace(RIGHT, grace_days=-1), "grace_days", "range"),
        (replace(RIGHT, most_rises=0), "most_rises", "range"),
        (replace(RIGHT, rises_within_days=0), "rises_within_days", "range"),
    ],
)
def test_what_makes_no_sense(wrong: NewLevelTable, field: str, reason: str) -> None:
    with pytest.raises(ConfigurationInvalid) as refused:
        check(wrong)
    assert refused.value.details == {"field": field, "reason": reason}
