"""However many rows a list has and however many aliases ask: the statements stay as many.

Walks all ways through the schema to everything that reads, from each query, with one of everything
in the business and with many.
"""

import os
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
    is_required_argument,
    parse,
)

from graphql_api.ids import global_id
from graphql_api.limits import judge
from graphql_api.schema import schema
from loyalty import models
from loyalty.base.values import Role
from tenants.hosts import business_on
from tests.factories import people
from tests.factories.counter import till
from tests.factories.full_house import fill
from tests.factories.sales import ANN
from tests.harness.asking import told
from tests.harness.trips import round_trips

pytestmark = pytest.mark.django_db
# `STATEMENT_ROWS=100 make test ARGS=tests/graphql_api/test_statements.py` takes as many.
MANY = int(os.environ.get("STATEMENT_ROWS", "5"))
_SCHEMA = schema._schema  # noqa: SLF001  as Strawberry's own tools read it
_LONGEST = 7
# Fewer than would be refused before anything is read, where lists lie in each other.
ROWS = 10


def _leaves(kind: GraphQLObjectType) -> str:
    plain = GraphQLScalarType | GraphQLEnumType
    names = [n for n, field in kind.fields.items() if isinstance(get_named_type(field.type), plain)]
    return " ".join(["__typename", *names])


def _possible(kind: object) -> list[GraphQLObjectType]:
    if isinstance(kind, GraphQLObjectType):
        return [kind]
    if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
        return list(_SCHEMA.get_possible_types(kind))
    return []


def _ways(field: GraphQLField, name: str, seen: frozenset[str]) -> Iterator[str]:
    """All documents through this field that meet no type twice."""
    target = get_named_type(field.type)
    kinds = [kind for kind in _possible(target) if kind.name not in seen]
    if not _possible(target):
        yield name
    for kind in kinds:
        into = f"... on {kind.name} " if target is not kind else ""
        inside = [_leaves(kind)]
        if len(seen) < _LONGEST:
            for step, further in kind.fields.items():
                if _possible(get_named_type(further.type)):
                    few = f"{step}(first: {ROWS})" if "first" in further.args else step
                    inside += _ways(further, few, seen | {kind.name})
        for each in inside:
            yield f"{name} {{ {into}{{ {each} }} }}" if into else f"{name} {{ {each} }}"


def _given(name: str, field: GraphQLField) -> list[str]:
    """The query field with arguments: for `node` once for each kind of thing."""
    needed = [n for n, argument in field.args.items() if is_required_argument(argument)]
    if name == "node":
        return [f'node(id: "{_id(kind)}")' for kind in _OF_KIND]
    known = {
        "card": "Card",
        "program": "Program",
        "session": "EarnSession",
        "redemption": "Redemption",
        "explain": "EarnSession",
    }
    if needed == ["period"]:
        return [f"{name}(period: ALL, first: 100)"]
    if needed:
        (argument,) = needed
        return [f'{name}({argument}: "{_id(known[name])}")']
    return [f"{name}(first: 100)" if "first" in field.args and name != "anomalies" else name]


_OF_KIND = (
    *("Anomaly", "Card", "Device", "EarnSession", "Location", "Preset", "Product", "Program"),
    "StaffMember",
)


def _id(kind: str) -> str:
    found = getattr(models, kind).objects.order_by("-pk").values_list("pk", flat=True).first()
    return global_id(kind, found or 1)


def _ways_through_all() -> list[tuple[str, str]]:
    """Who asks, and what."""
    found: list[tuple[str, str]] = []
    query = _SCHEMA.query_type
    assert query
    for name, field in query.fields.items():
        for asked in _given(name, field):
            for text in _ways(field, asked, frozenset({"Query"})):
                who = "device" if name == "device" else "owner"
                found.append((who, text))
                if name in {"me", "card", "leaderboard", "levels", "programs"}:
                    found.append(("customer", text))
    return found


def _batches(ways: list[tuple[str, str]], size: int) -> Iterator[tuple[str, list[str]]]:
    """The ways of each asker, so many in one document; alone, where that would be refused."""
    for who, each in groupby(ways, key=itemgetter(0)):
        texts = [text for _, text in each]
        for start in range(0, len(texts), size):
            batch = texts[start : start + size]
            # Also keeps the test's transaction awake, which sleeps for ten seconds at most.
            models.Settings.objects.get()
            yield from [(who, [text]) for text in batch] if _is_refused(batch) else [(who, batch)]


def _is_refused(texts: list[str]) -> bool:
    return judge(parse(_document(texts, "a"))).is_too_complex


def _document(texts: list[str], *names: str) -> str:
    """All of them at once, once for each name."""
    found = [f"{name}{n}: {text}" for name in names for n, text in enumerate(texts)]
    return "{ " + " ".join(found) + " }"


def _statements(document: str, token: str) -> int:
    # What the process remembers of hosts lasts for half a minute.
    assert business_on("alpha.localhost")
    with round_trips() as made:
        answer = told(document, token=token)
    assert not answer.codes - {"FORBIDDEN", "UNAUTHENTICATED"}, (document, answer.codes)
    return len(made)


def _tokens() -> dict[str, str]:
    return {
        "owner": people.staff(Role.OWNER).token,
        "customer": people.customer(ANN).token,
        "device": till("Asking").token,
    }


def test_no_field_reads_more_often_for_more_rows() -> None:
    fill(1)
    tokens = _tokens()
    # What is refused before anything is read reads nothing.
    ways = [way for way in sorted(_ways_through_all()) if not _is_refused([way[1]])]
    assert len(ways) > 100
    documents = [(who, _document(texts, "a")) for who, texts in _batches(ways, 14)]
    few = {each: _statements(each[1], tokens[each[0]]) for each in documents}
    fill(MANY - 1)
    many = {each: _statements(each[1], tokens[each[0]]) for each in documents}
    grown = [f"{few[each]} {many[each]} {each}" for each in documents if many[each] > few[each]]
    assert not grown, "\n".join(grown)


def test_no_field_is_read_again_for_another_alias() -> None:
    fill(2)
    tokens = _tokens()
    again = []
    for who, texts in _batches(sorted(_ways_through_all()), 5):
        documents = [_document(texts, "a"), _document(texts, "a", "b")]
        if any(judge(parse(each)).is_too_complex for each in documents):
            # Twice would be refused before anything is read.
            continue
        once, twice = (_statements(each, tokens[who]) for each in documents)
        if twice > once:
            again.append(f"{once} {twice} {who} {documents[0]}")
    assert not again, "\n".join(again)
