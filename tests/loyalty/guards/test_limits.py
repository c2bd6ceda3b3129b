"""The limits: how they slide, what a day of guessing hits, and that the docs say the same."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.devices import pairing_code
from loyalty.devices.create_pairing_code import LASTS
from loyalty.guards import limits
from loyalty.guards.limits import DAY, LIMITS, Limit
from loyalty.models.device import MOST_TRIES
from loyalty.redeeming.pin_entry import budget
from loyalty.redeeming.pins import PINS
from loyalty.waiting.queue_session import MAILS_PER_SESSION
from loyalty.waiting.sign_in_customer import TRIES
from tests.harness.servers import ROOT

START = datetime(2026, 1, 1, tzinfo=UTC)
DOCS = ROOT / "docs" / "limits.md"
WINDOWS = {"min": timedelta(minutes=1), "h": timedelta(hours=1)}


def rows() -> list[list[str]]:
    lines = [line for line in DOCS.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_docs_have_each_limit_with_its_numbers() -> None:
    told = {}
    for row in rows():
        if row[0].startswith("`"):
            size, unit = row[4].split()
            told[row[0].strip("`")] = (int(row[3]), int(size) * WINDOWS[unit])
            assert all(row)
    assert told == {limit.name: (limit.number, limit.every) for limit in LIMITS}
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)


def test_a_day_of_guessing_is_as_hopeless_as_the_docs_say() -> None:
    one_in_a_million = 1e-6
    strangers = limits.PASSWORDS_PERSON.most_in(DAY)
    inside = limits.PASSWORDS_KNOWN.most_in(DAY)
    assert inside == limits.PASSWORDS_DEVICE.most_in(DAY)
    signs = pairing_code.LENGTH - pairing_code.NAME
    guesses = limits.PAIRING_CODE.most_in(LASTS)
    codes = limits.CODES_MAILBOX.most_in(DAY)
    visit = MAILS_PER_SESSION * TRIES
    passcodes = limits.PASSCODES_PERSON.most_in(DAY)
    pins = budget(locations=1, yesterday=0)
    expected = [
        (f"{strangers}", strangers * one_in_a_million),
        (f"{inside}", inside * one_in_a_million),
        (f"{strangers}", strangers / 26**10),
        (f"{guesses} for each code", guesses / 32**signs),
        (f"{codes}", codes / 10**6),
        (f"{visit}", visit / 10**6),
        (f"{MOST_TRIES}", MOST_TRIES / 10**4),
        (f"{passcodes}", passcodes / 10**4),
        (f"{pins}", pins / PINS),
        (f"{pins}", 5 * pins / PINS),
        (f"{limits.LOOK_UPS.most_in(DAY):,}", 0.0),
    ]
    said = [row[1:] for row in rows() if len(row) == 3 and row[0] not in {"secret", "---"}]
    assert [tries for tries, _ in said] == [tries for tries, _ in expected]
    for (_, chance), (_, reckoned) in zip(said, expected, strict=True):
        assert chance_of(chance) == pytest.approx(reckoned, rel=0.1)
    # What nobody but strangers tries stays below a tenth of a percent.
    assert max(strangers, inside) * one_in_a_million <= 0.001


def chance_of(text: str) -> float:
    """Such as "0.075 %", "6 in 10⁷ for each code", "none"."""
    if text == "none":
        return 0.0
    if found := re.fullmatch(r"([\d.]+) %", text):
        return float(found[1]) / 100
    found = re.match(r"(\d+) in 10([⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    assert found
    power = int(found[2].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
    return float(found[1]) / 10.0**power


@given(
    limit=st.sampled_from(LIMITS),
    gaps=st.lists(st.integers(0, 3_600), min_size=1, max_size=150),
)
def test_no_stretch_of_time_sees_more_than_it_may(limit: Limit, gaps: list[int]) -> None:
    """The statement's arithmetic, beside a plain count."""
    now, full_at, used = START, START, list[datetime]()
    for gap in gaps:
        now += timedelta(seconds=gap)
        if full_at <= now + limit.most_used:
            full_at = max(full_at, now) + limit.step
            used.append(now)
        else:
            assert now < limit.free_at(full_at) <= now + limit.step
    for first, at in enumerate(used):
        for last in range(first, len(used)):
            assert last - first + 1 <= limit.most_in(used[last] - at)
