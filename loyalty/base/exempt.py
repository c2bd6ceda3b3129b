"""Says openly which functions ask for no permission, and why.

Each marker stands above a function in place of its `access.require`, changes nothing of it, and
names the reason; `tests/isolation/test_permissions.py` finds the functions that have neither.
"""
# ruff: noqa: ARG001  a reason is read by people, and by that test

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def open_to_all(why: str) -> Callable[[F], F]:
    """Anybody may call this: what they bring with them proves enough, or it is nobody's secret."""
    return _unchanged


def for_operators(why: str) -> Callable[[F], F]:
    """Only jobs and our own commands call this, for nobody who sends requests."""
    return _unchanged


def asked_already(why: str) -> Callable[[F], F]:
    """Its callers have asked, for the very thing that they pass: part of an action, or a detail."""
    return _unchanged


def row_decides(why: str) -> Callable[[F], F]:
    """Whose the row is says who may: the function asks `access.require_own` once it is read."""
    return _unchanged


def _unchanged(function: F) -> F:
    return function
