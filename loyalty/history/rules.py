"""The rules that past sales were counted by, and the places where they were made."""

from collections.abc import Iterable
from typing import NamedTuple

from loyalty.base.values import Mechanic, Mode
from loyalty.cards.facts import closed_days_of
from loyalty.counting.occasions import card_reward
from loyalty.models import Location, ProgramVersion
from loyalty.programs.mechanics import stored_mechanic
from loyalty.switches import Reward, Switches, from_stored


class PastRules(NamedTuple):
    """A version of a program, and what a card that it fills gives."""

    mechanic: Mechanic
    switches: Switches
    card_reward: Reward


class PastLocation(NamedTuple):
    """A location as it is today: its time zone, and the weekdays on which it is closed."""

    zone: str
    closed: frozenset[int]


def rules_of(numbers: Iterable[int]) -> dict[int, PastRules]:
    """The rules of these versions, by their ids."""
    versions = ProgramVersion.objects.select_related("product", "program")
    return {number: _rules(each) for number, each in versions.in_bulk(list(numbers)).items()}


def places_of(numbers: Iterable[int]) -> dict[int, PastLocation]:
    """The places with these ids."""
    found = Location.objects.in_bulk(set(numbers)).items()
    return {
        number: PastLocation(each.time_zone, closed_days_of(each.opening_hours))
        for number, each in found
    }


def _rules(version: ProgramVersion) -> PastRules:
    given, switches = version.product, from_stored(version.switches)
    product = Reward(given.pk, title=given.name, worth=given.price or 0) if given else None
    menu, mode = version.program.name, Mode(version.mode)
    gift = card_reward(switches, mode, menu=menu, product=product)
    return PastRules(stored_mechanic(version), switches, gift)
