"""What the rest of the product has to know of a switch, each of which has a file of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar, cast

from loyalty.switches.reward import Reward

T = TypeVar("T")
R = TypeVar("R")
NameReward = Callable[[Reward], Reward]


@dataclass(frozen=True)
class Switch(Generic[T]):
    """One thing that an owner may switch on: `off` is its value until then.

    `is_right`: the value makes sense. `is_as_good(new, old)`: a customer loses nothing by the new
    one. `read` makes the value of what a row has stored of it, and leaves out what it does not
    know. `with_rewards` names what it gives.
    """

    off: T
    is_right: Callable[[T], bool]
    is_as_good: Callable[[T, T], bool]
    read: Callable[[Any], T] = lambda kept: cast("T", kept)
    with_rewards: Callable[[T, NameReward], T] = lambda value, _name: value


def switched_by(switch: Switch[T]) -> T:
    """A field of `Switches`: off by default, and described by its switch."""
    return field(default=switch.off, metadata={"switch": switch})


def known_values(kind: type[Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """What a row has stored for the fields of this class, without what a newer process added."""
    return {each.name: kept[each.name] for each in fields(kind) if each.name in kept}


def within(number: int | None, most: int) -> bool:
    """True for 1 to `most`, and where it is off."""
    return number is None or 1 <= number <= most


def is_same(new: object, old: object) -> bool:
    """For what a customer may gain or lose by: any other value might be worse for somebody."""
    return new == old
