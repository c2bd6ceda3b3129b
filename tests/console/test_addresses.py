"""Every door that takes an e-mail address takes one spelling of it, and refuses the others."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from graphql_api.schema import schema
from loyalty.base import tokens
from loyalty.models import Bonus, Card, Customer, QueuedSession, SignInLink
from loyalty.people.enrol_customer import enrol_customer
from loyalty.switches import Reward, Switches
from loyalty.waiting.request_link import LinkAsker, request_link
from tenants.accounts.models import User
from tests.factories import perks
from tests.factories.campaigns import now
from tests.factories.operations import COLLECT, SIGN_IN
from tests.factories.people import PASSWORD, as_customer
from tests.factories.perks import shop
from tests.harness.asking import told

pytestmark = pytest.mark.django_db
LINK = """mutation($input: RequestMagicLinkInput!) { requestMagicLink(input: $input) { __typename
  ... on Refusal { code details { name value } } } }"""
STAFF = """mutation($input: SignInStaffInput!) { signInStaff(input: $input) { __typename
  ... on Refusal { code } } }"""
ANN, OWNER, KIM = "ann@alpha.example", "owner@alpha.example", "kim@alpha.example"
# Each was somebody new, or somebody else, once.
OTHERS = [
    '"ann"@alpha.example',
    '"a\\nn"@alpha.example',
    '"owner"@alpha.example',
    "\u212aim@alpha.example",
    "an\uff4e@alpha.example",
    "ann@alpha.example.",
    "ann@localhost",
    "ann@[127.0.0.1]",
    "ann",
]
FORM = [{"name": "field", "value": "email"}, {"name": "reason", "value": "form"}]
IP = "192.0.2.1"


def linked() -> str:
    """The token of the newest link."""
    salt = bytes(SignInLink.objects.latest("id").salt)
    return tokens.derive(settings.TOKEN_KEY, salt, purpose="link")


def asked(email: str) -> str:
    request_link(email, who=LinkAsker(IP, "en"), token_key=settings.TOKEN_KEY)
    return linked()


def counts() -> tuple[int, ...]:
    kinds = (Customer, SignInLink, QueuedSession, User)
    return tuple(kind.objects.count() for kind in kinds)


def _by_link(typed: str) -> Any:
    return told(LINK, token=None, input={"email": typed}).data


def _by_scan(typed: str) -> Any:
    return told(COLLECT, token=None, input={"token": shop().token(), "email": typed}).data


def _by_whole_address(typed: str) -> Any:
    link = {"linkToken": asked(ANN), "email": typed}
    return told(SIGN_IN, token=None, input=link).data


def _by_password(typed: str) -> Any:
    return told(STAFF, token=None, input={"email": typed, "password": PASSWORD}).data


INPUTS: dict[tuple[str, str], tuple[Callable[[str], Any], str]] = {
    ("RequestMagicLinkInput", "email"): (_by_link, "INVALID_INPUT"),
    ("CollectInput", "email"): (_by_scan, "INVALID_INPUT"),
    ("SignInCustomerInput", "email"): (_by_whole_address, "SIGN_IN_FAILED"),
    ("SignInStaffInput", "email"): (_by_password, "SIGN_IN_FAILED"),
}
FORMS = {
    "customer/home.py": "/",
    "customer/collect.py": "/c/{}",
    "customer/link.py": "/l/{}",
    "counter/sign_in.py": "/sign-in",
}


def test_every_input_that_takes_an_address_is_known_here() -> None:
    graph = schema._schema  # noqa: SLF001  graphql-core's schema, to walk its inputs
    found = {
        (kind.name, field)
        for kind in graph.type_map.values()
        for field in getattr(kind, "fields", {})
        if kind.name.endswith("Input") and re.search("mail|address", field, re.IGNORECASE)
    }
    assert found == set(INPUTS)


def test_every_form_that_takes_an_address_is_known_here() -> None:
    console = Path(import_module("console").__file__ or "").parent
    reading = re.compile(r"""typed\(request, "[a-z_]*mail[a-z_]*"\)|POST[.(\["get]+[a-z_]*mail""")
    found = {
        str(path.relative_to(console))
        for path in console.rglob("*.py")
        if reading.search(path.read_text("utf-8"))
    }
    assert found == set(FORMS)


@pytest.mark.parametrize("typed", OTHERS)
@pytest.mark.parametrize("door", INPUTS)
def test_no_input_takes_another_spelling(door: tuple[str, str], typed: str) -> None:
    send, code = INPUTS[door]
    before = counts()
    answer = send(typed)
    assert (answer["__typename"], answer["code"]) == ("Refusal", code), answer
    if code == "INVALID_INPUT":
        assert answer["details"] == FORM
        assert counts() == before


@pytest.mark.parametrize("typed", OTHERS)
@pytest.mark.parametrize("door", FORMS)
def test_no_form_takes_another_spelling(anybody: Client, door: str, typed: str) -> None:
    token = {"customer/collect.py": shop().token, "customer/link.py": lambda: asked(ANN)}
    path = FORMS[door].format(token.get(door, str)())
    before = counts()
    answer = anybody.post(path, {"email": typed, "password": PASSWORD})
    assert answer.status_code in {401, 403, 422}, answer.status_code
    assert counts() == before


@pytest.mark.parametrize("typed", ['"x"@plusone.example', "x\u212a@plusone.example", "x@localhost"])
def test_no_command_takes_another_spelling(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv("OPERATOR_PASSWORD", "a long enough phrase")
    monkeypatch.setenv("OWNER_PASSWORD", "a long enough phrase")
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("create_operator", typed)
    with pytest.raises(CommandError, match="no e-mail address"):
        call_command("create_business", "gamma", "Gamma", "gamma.localhost", typed)


@pytest.mark.parametrize("typed", ["X2@müller.de", "x2@xn--mller-kva.de", " x2@MÜLLER.DE\n"])
def test_the_whole_address_is_typed_as_people_write_it(anybody: Client, typed: str) -> None:
    path = f"/l/{asked('x2@müller.de')}"
    assert anybody.post(path, {"email": typed}).status_code == 303
    assert Customer.objects.filter(email="x2@xn--mller-kva.de").count() == 1


def test_whoever_enrolled_with_a_quoted_name_keeps_the_card_and_is_the_mailbox_s_person() -> None:
    here = shop(Switches(welcome=Reward(percent=10)))
    old = enrol_customer('"wel"@alpha.example', language="en", now=now())
    plain = enrol_customer("wel@alpha.example", language="en", now=now())
    Customer.objects.filter(pk=old.pk).update(mailbox=old.email, person=1)
    assert perks.sources(here.visit(old.email)) == ["welcome"]
    card = Card.objects.get(customer=old)
    migration = import_module("loyalty.migrations.0019_one_mailbox")
    with connection.cursor() as cursor:
        for one in migration.Migration.operations[2:]:
            cursor.execute(one.sql)
    persons = set(Customer.objects.filter(mailbox=plain.mailbox).values_list("person", flat=True))
    assert persons == {Bonus.objects.get(card=card).person}
    assert perks.sources(here.visit(plain.email)) == []
    link = {"linkToken": asked('"WEL"@alpha.example'), "email": '"wel"@alpha.example'}
    found = told(SIGN_IN, token=None, input=link).data
    assert [each["progress"][0]["open"] for each in found["viewer"]["cards"]] == [1]
    assert as_customer(old.email).id == old.pk
