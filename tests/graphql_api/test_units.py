"""Ids, texts, bodies and limits by themselves, for any input."""

import json
from base64 import b64encode

import pytest
from graphql import GraphQLError, parse
from hypothesis import given
from hypothesis import strategies as st

from graphql_api import bodies, ids
from graphql_api.bodies import UnreadableError
from graphql_api.errors import PublicError
from graphql_api.excess import Excess, too_much_asked
from graphql_api.guard import is_internal
from graphql_api.limits import ALLOWED, judge
from graphql_api.scalars import LARGEST_UNIT_COUNT, UNIT_COUNT, check_texts
from graphql_api.technical import COUNTED
from loyalty.base.errors import InvalidInput, NotFound

ANY_TEXT = st.text(st.characters(codec=None))


@given(st.from_regex(r"[A-Za-z]{1,40}", fullmatch=True), st.integers(0, 2**63 - 1))
def test_an_id_comes_back(kind: str, number: int) -> None:
    assert ids.parse(ids.global_id(kind, number)) == (kind, number)
    assert ids.number(ids.global_id(kind, number), kind) == number
    with pytest.raises(NotFound):
        ids.number(ids.global_id(kind, number), kind + "x")


@given(ANY_TEXT)
def test_any_text_is_an_id_or_not_found(text: str) -> None:
    for given_text in (text, b64encode(text.encode("utf-8", "surrogatepass")).decode()):
        try:
            kind, number = ids.parse(given_text)
        except NotFound:
            continue
        assert kind.isascii()
        assert 0 <= number < 2**63


@pytest.mark.parametrize(
    "inside", ["Card:9223372036854775808", "Card:-1", "Card:", ":1", "Card:1 "]
)
def test_no_ids(inside: str) -> None:
    with pytest.raises(NotFound):
        ids.parse(b64encode(inside.encode()).decode())


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=2_000))
def test_ordinary_texts_pass(text: str) -> None:
    check_texts([text, text + "\n\t" if len(text) < 1_998 else text], codes=frozenset())


@given(
    ANY_TEXT, st.sampled_from(["\0", "\x1b", "\x7f", "\x9f", "\r", "\ud800", "\udfff"]), ANY_TEXT
)
def test_controls_and_surrogates_do_not(before: str, bad: str, after: str) -> None:
    with pytest.raises(InvalidInput):
        check_texts(before + bad + after, codes=frozenset())


def test_a_long_text_does_not() -> None:
    with pytest.raises(InvalidInput):
        check_texts(["x" * 2_001], codes=frozenset())


@pytest.mark.parametrize("value", [True, 1.0, 1.5, "1", None, [1], 2**53, -(2**53), float("nan")])
def test_no_unit_count(value: object) -> None:
    assert UNIT_COUNT.parse_value
    with pytest.raises(ValueError, match="whole number"):
        UNIT_COUNT.parse_value(value)
    assert UNIT_COUNT.parse_value(LARGEST_UNIT_COUNT) == 2**53 - 1


@given(st.binary() | st.text().map(str.encode) | st.just(b"[" * 9_000) | st.just(b"9" * 9_000))
def test_any_body_is_an_object_or_unreadable(data: bytes) -> None:
    for read in (bodies.json_object, bodies.frame):
        try:
            assert isinstance(read(data), dict)
        except UnreadableError:
            continue


WORD = st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=3),
)
KINDS = st.sampled_from(["subscribe", "complete", "ping"])
PARTS = {"type": KINDS | JSON, "id": JSON, "payload": JSON}


@given(st.fixed_dictionaries({}, optional=PARTS))
def test_any_frame_is_well_formed_or_unreadable(message: dict[str, object]) -> None:
    try:
        found = bodies.frame(json.dumps(message))
    except UnreadableError:
        return
    assert isinstance(found["type"], str)
    if found["type"] == "subscribe":
        assert isinstance(found["id"], str)
        assert isinstance(found["payload"]["query"], str)


SELECTION = st.recursive(
    st.sampled_from(["a", "x: a", "...F0", "...F1", "...F9", "__schema"]),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda s: f"a {{ {' '.join(s)} }}"),
    max_leaves=12,
)


@given(st.lists(SELECTION, min_size=1, max_size=4), st.lists(SELECTION, max_size=3))
def test_any_document_is_judged(selections: list[str], fragments: list[str]) -> None:
    whole = f"{{ {' '.join(selections)} }}" + "".join(
        f" fragment F{number} on A {{ {text} }}" for number, text in enumerate(fragments)
    )
    verdict = judge(parse(whole))
    assert verdict.mutations == 0
    assert not verdict.only_subscribes
    if "__schema" in " ".join(selections):
        assert verdict.introspects


SMALL = "fragment A on Q { a }"


def _fields(number: int) -> str:
    return "{ " + " ".join(f"a{n}" for n in range(number)) + " }"


def _arguments(number: int) -> str:
    return " ".join(f"a{n}: 1" for n in range(number))


def _aliases(number: int) -> str:
    return "{ " + " ".join(f"a{n}: b" for n in range(number)) + " }"


@pytest.mark.parametrize(
    ("within", "beyond", "told"),
    [
        (_aliases(15), _aliases(16), ("aliases", 16, 15)),
        ("{ a" * 12 + "}" * 12, "{ a" * 13 + "}" * 13, ("depth", 13, 12)),
        (_fields(500), _fields(501), ("fields", 501, 500)),
        # Each but the first is there already.
        ("{ " + "a " * 101 + "}", "{ " + "a " * 102 + "}", ("repeats", 101, 100)),
        (f"{{ a({_arguments(40)}) }}", f"{{ a({_arguments(41)}) }}", ("keys", 41, 40)),
        (
            f"{{ a(b: [{{ {_arguments(40)} }}]) }}",
            f"{{ a(b: [{{ {_arguments(41)} }}]) }}",
            ("keys", 41, 40),
        ),
        (
            "{ " + "...A " * 20 + "} fragment A on Q { a }",
            "{ " + "...A " * 21 + "} fragment A on Q { a }",
            ("spreads", 21, 20),
        ),
        ("{ a " + "@b " * 50 + "}", "{ a " + "@b " * 51 + "}", ("directives", 51, 50)),
        (
            "{ a }" + "".join(f"fragment F{n} on Q {{ a }}" for n in range(10)),
            "{ a }" + "".join(f"fragment F{n} on Q {{ a }}" for n in range(11)),
            ("fragments", 11, 10),
        ),
        (
            "{ a } fragment A on Q " + _fields(499),
            "{ a } fragment A on Q " + _fields(500),
            ("fields", 501, 500),
        ),
    ],
)
def test_the_edge_of_each_limit(within: str, beyond: str, told: tuple[str, int, int]) -> None:
    assert not judge(parse(within)).is_too_complex
    found = judge(parse(beyond)).excesses
    assert Excess(*told) in found
    # Where a limit has others in its wake, all are told.
    assert {each.name for each in found} <= {told[0], "values"}


def test_every_limit_is_told_by_its_name_and_numbers() -> None:
    assert set(ALLOWED) == set(COUNTED)
    every = [Excess(name, most + 1, most) for name, most in ALLOWED.items()]
    error = too_much_asked(every)
    assert (error.extensions or {})["limits"] == [each._asdict() for each in every]
    for each in every:
        assert f"{each.has:,} {COUNTED[each.name][0]}, where {each.allowed:,}" in error.message
    assert "more than 1,000,000,000 rows" in too_much_asked([Excess("rows", 10**9, 1)]).message


@pytest.mark.parametrize(
    ("document", "mutations"),
    [
        ("mutation { a }", 1),
        ("mutation { a b }", 2),
        ("mutation { ...A } fragment A on M { a }", 2),
        ("mutation { ... { a } }", 2),
        ("mutation A { a } mutation B { a }", 2),
        ("query { a b }", 0),
    ],
)
def test_mutations_are_counted(document: str, mutations: int) -> None:
    assert judge(parse(document)).mutations == mutations


def test_whose_mistake_it_is() -> None:
    assert not is_internal(GraphQLError("x"))
    assert not is_internal(PublicError("A", "b"))
    assert not is_internal(GraphQLError("x", original_error=PublicError("A", "b")))
    assert not is_internal(GraphQLError("x", original_error=ValueError()))
    assert is_internal(GraphQLError("x", original_error=ValueError(), path=["me"]))
    assert is_internal(GraphQLError("x", original_error=LookupError()))
