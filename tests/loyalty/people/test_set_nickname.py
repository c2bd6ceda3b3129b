# ruff: noqa: RUF001  look-alikes are the matter of this file
"""A nickname is unlike anybody else's, and only its owner's to give."""

from collections.abc import Callable
from importlib import import_module

import pytest
from django.db import connection

from loyalty.base.errors import InvalidInput, NotFound
from loyalty.base.values import CustomerActor, Role
from loyalty.models import Customer
from loyalty.people.nickname import skeleton
from loyalty.people.set_nickname import set_nickname
from tenants import context
from tests.factories import people
from tests.factories.people import as_customer
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
SET = """mutation($input: SetNicknameInput!) { setNickname(input: $input) { __typename
  ... on Customer { nickname } ... on Refusal { code details { name value } } } }"""
ME = "{ me { ... on Customer { nickname birthday { month } } } }"


def names() -> list[str]:
    return list(Customer.objects.order_by("email").values_list("nickname", flat=True))


def ann() -> CustomerActor:
    return as_customer("ann@alpha.example")


def test_joining_and_leaving() -> None:
    assert set_nickname(" Coffee \u202eQueen ", actor=ann()).nickname == "Coffee Queen"
    assert set_nickname("Coffee Queen", actor=ann()).nickname == "Coffee Queen"
    assert names() == ["Coffee Queen", ""]
    assert set_nickname("", actor=ann()).nickname == ""
    assert names() == ["", ""]


@pytest.mark.parametrize("same", [str.upper, str.lower, str.title])
def test_names_are_unlike_each_other(same: Callable[[str], str]) -> None:
    set_nickname("Änne Böhm", actor=ann())
    bob = as_customer("bob@alpha.example")
    with pytest.raises(InvalidInput) as refused:
        set_nickname(same("Änne Böhm"), actor=bob)
    assert refused.value.details == {"field": "nickname", "reason": "taken"}
    assert names() == ["Änne Böhm", ""]
    # At another business the name is free.
    with context.business("beta"):
        assert set_nickname("Änne Böhm", actor=as_customer("ann@beta.example")).nickname


def test_names_that_look_alike_are_one() -> None:
    set_nickname("Coco", actor=ann())
    bob = as_customer("bob@alpha.example")
    for typed, reason in (("Сосо", "taken"), ("Cосо", "scripts")):
        with pytest.raises(InvalidInput) as refused:
            set_nickname(typed, actor=bob)
        assert refused.value.details == {"field": "nickname", "reason": reason}
    assert names() == ["Coco", ""]
    set_nickname("", actor=ann())
    assert set_nickname("Сосо", actor=bob).nickname == "Сосо"


def test_a_look_of_before_is_still_somebodys() -> None:
    """By the table of before, "Mia" looked like "mia", and a hidden mark was a part of the look."""
    for look, typed in (
        ("mia", "Міа"),
        ("mia", "M1a"),
        ("bo\u034fb", "Bob"),
        ("a|", "Al"),
        ("b o b", "Bob"),
    ):
        Customer.objects.filter(pk=ann().id).update(nickname="Older", nickname_skeleton=look)
        with pytest.raises(InvalidInput) as refused:
            set_nickname(typed, actor=as_customer("bob@alpha.example"))
        assert refused.value.details == {"field": "nickname", "reason": "taken"}
        assert names() == ["Older", ""]
        assert set_nickname(typed, actor=ann()).nickname == typed


def test_blanks_make_no_other_name_and_nobody_passes_for_the_house() -> None:
    set_nickname("Ana", actor=ann())
    bob = as_customer("bob@alpha.example")
    tries = {"A n a": "taken", "Alpha Coffee": "reserved", "Staff": "reserved", "<b>": "markup"}
    for typed, reason in tries.items():
        with pytest.raises(InvalidInput) as refused:
            set_nickname(typed, actor=bob)
        assert refused.value.details == {"field": "nickname", "reason": reason}
    assert names() == ["Ana", ""]


def test_who_is_not_there() -> None:
    with pytest.raises(NotFound):
        set_nickname("Ghost", actor=CustomerActor(1))


def test_over_the_api() -> None:
    token = people.customer("ann@alpha.example").token
    assert told(SET, token=token, input={"nickname": "Anna"}).data["nickname"] == "Anna"
    assert told(ME, token=token).data == {"nickname": "Anna", "birthday": None}
    other = people.customer("bob@alpha.example").token
    refused = told(SET, token=other, input={"nickname": "ANNA"}).data
    assert refused["code"] == "INVALID_INPUT"
    assert {"name": "reason", "value": "taken"} in refused["details"]
    for wrong in ("x", "ann@alpha.example", "a\u0000b"):
        assert told(SET, token=other, input={"nickname": wrong}).data["code"] == "INVALID_INPUT"
    assert names() == ["Anna", ""]
    assert told(SET, token=token, input={"nickname": ""}).data["nickname"] is None


def test_nobody_else_may() -> None:
    wanted = {"nickname": "Mallory"}
    assert told(SET, token=None, input=wanted).codes == {"UNAUTHENTICATED"}
    for role in Role:
        assert told(SET, token=people.staff(role).token, input=wanted).codes == {"FORBIDDEN"}
    with context.business("beta"):
        other = people.customer("ann@beta.example").token
    assert told(SET, token=other, input=wanted).codes == {"UNAUTHENTICATED"}
    assert names() == ["", ""]


def test_names_from_before_keep_their_look_the_older_one_first() -> None:
    people.customer("cleo@alpha.example")
    older, younger, other = Customer.objects.order_by("id")
    for row, name in ((older, "Сосо"), (younger, "Coco"), (other, "Ann 1")):
        Customer.objects.filter(pk=row.pk).update(nickname=name)
    migration = import_module("loyalty.migrations.0014_findings_and_nicknames")
    with connection.cursor() as cursor:
        cursor.execute(migration._BACKFILL)  # noqa: SLF001  what runs once in each business
    looks = Customer.objects.order_by("id").values_list("nickname_skeleton", flat=True)
    assert list(looks) == ["coco", "", "ann l"]
    # Looks were kept with their blanks then; the action looks at them without.
    assert [skeleton("Сосо"), skeleton("Ann 1")] == ["coco", "annl"]
    with pytest.raises(InvalidInput):
        set_nickname("Annl", actor=CustomerActor(older.pk))
