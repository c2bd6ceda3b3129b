"""Bodies and documents that somebody who means harm would send."""

import json
from itertools import count
from typing import Any

CANARY = "CaNaRy"
_numbers = count()
_ME = "me { __typename }"


def _chain(length: int) -> str:
    links = (f"fragment A{i} on Query {{ ...A{i + 1} ...A{i + 1} }}" for i in range(length))
    return "{ ...A0 } " + " ".join(links) + f" fragment A{length} on Query {{ {_ME} }}"


def _many(text: str, times: int) -> str:
    return " ".join(text.replace("#", str(number)) for number in range(times))


def _frame(text: str) -> bytes:
    return b'{"query":"{ me { __typename } }","variables":' + text.encode() + b"}"


BODIES: dict[str, bytes] = {
    "null": b"null",
    "a text": b'"x"',
    "a number": b"1",
    "a list": b"[]",
    "a batch": b'[{"query":"{ me { __typename } }"}]',
    "nothing": b"",
    "NUL": b"\0",
    "NULs": b'{"query":"{ me }"}\0\0',
    "invalid UTF-8": b'{"query":"\xff\xfe CaNaRy"}',
    "UTF-16": '{"query":"{ nope }"'.encode("utf-16"),
    "20,000 arrays": b"[" * 20_000,
    "20,000 closed arrays": b"[" * 20_000 + b"]" * 20_000,
    "20,000 objects": b'{"a":' * 20_000,
    "20,000 arrays inside": _frame('{"a":' + "[" * 20_000 + "]" * 20_000 + "}"),
    "5,000 digits": _frame('{"a":' + "9" * 5_000 + "}"),
    "query is a list": b'{"query":["CaNaRy"]}',
    "query is a number": b'{"query":1}',
    "no query": b'{"variables":{}}',
    "query is null": b'{"query":null}',
    "query is empty": b'{"query":""}',
    "variables are a list": _frame("[1]"),
    "variables are a text": _frame('"CaNaRy"'),
    "operationName is a list": b'{"query":"{ me { __typename } }","operationName":[]}',
    "operationName is unknown": b'{"query":"{ me { __typename } }","operationName":"CaNaRy"}',
    "operationName is a surrogate": b'{"query":"{ me { __typename } }","operationName":"\\ud800"}',
    "operationName has a NUL": b'{"query":"{ me { __typename } }","operationName":"a\\u0000"}',
    "extensions are a list": b'{"query":"{ me { __typename } }","extensions":[1]}',
    "two thousand values": _frame(json.dumps({"a": [{"CaNaRy": 1}] * 2_000})),
    "a long document": json.dumps({"query": "{ me { __typename } } #" + "x" * 30_000}).encode(),
    "200 kB of commas": json.dumps({"query": "{ me { __typename }" + "," * 200_000}).encode(),
    "only a fragment": b'{"query":"fragment A on Query { me { __typename } }"}',
    "a schema": b'{"query":"type CaNaRy { a: Int }"}',
}
# Refused with an error of GraphQL's own.
DOCUMENTS: dict[str, str] = {
    **{f"bomb of {length}": _chain(length) for length in (10, 16, 22, 30, 50, 80)},
    "bomb of 9, doubled": "{ ...A0 ...A0 ...A0 }" + _chain(9)[9:],
    "fragments in a circle": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "a fragment of itself": "{ ...A } fragment A on Query { ...A }",
    "a circle aside": f"{{ {_ME} }} fragment A on Query {{ ...B }} fragment B on Query {{ ...A }}",
    "200 aliases": "{ " + _many("a#: __typename", 200) + " }",
    "16 aliases": "{ " + _many("a#: me { __typename }", 16) + " }",
    "1,000 directives": "{ me " + "@include(if: true) " * 1_000 + "{ __typename } }",
    "180 directives": "{ me " + "@include(if: true) " * 160 + "{ __typename } }",
    "450 unknown directives": "{ me { __typename } } fragment A on Customer "
    + "@a " * 450
    + "{ id }",
    "450 directives on a variable": "query ($a: Int " + "@a " * 450 + ") { me { __typename } }",
    "depth 13": "{ a " * 13 + "}" * 13,
    "depth 190": "{ a " * 190 + "}" * 190,
    "depth 400": "{ a " * 400 + "}" * 400,
    "490 lists": "{ node(id: " + "[" * 490 + "]" * 490 + ") { id } }",
    "490 list types": "query ($a: " + "[" * 490 + "ID" + "]" * 490 + ") { me { __typename } }",
    "600 fields": "{ " + "__typename " * 600 + "}",
    "980 fields in an unused fragment": f"{{ {_ME} }} fragment A on Query {{ {'x ' * 970}}}",
    "aliases in an unused fragment": f"{{ {_ME} }} fragment A on Query {{ {_many('a#: b', 230)} }}",
    "20,000 tokens": "{ " + "a " * 9_000 + "}",
    "240 variables": "query (" + _many("$a#: ID", 240) + f") {{ {_ME} }}",
    "two mutations": "mutation { a: signOut b: signOut }",
    "mutations in a fragment": "mutation { ...A } fragment A on Mutation { signOut b: signOut }",
    "a mutation in an inline fragment": "mutation { ... on Mutation { signOut } }",
    "mutations in two operations": "mutation A { signOut } mutation B { signOut }",
    "a subscription": 'subscription { sessionStatus(sessionId: "CaNaRy") { status } }',
    "introspection": "{ __schema { types { name } } }",
    "introspection of a type": '{ __type(name: "Query") { name } }',
    "introspection in a fragment": "{ ...A } fragment A on Query { __schema { types { name } } }",
    "an unknown field": "{ CaNaRy }",
    "a text that never ends": '{ node(id: "CaNaRy',
    "a NUL": "{ me\0 }",
    "a lone surrogate": '{ node(id: "\ud800") { id } }',
    "an escaped surrogate": '{ node(id: "\\ud800") { id } }',
    "a number of 5,000 digits": "{ programs(first: " + "9" * 5_000 + ") { edges { cursor } } }",
    "too large an amount": "mutation { generateQR(input: { programId: 1, locationId: 1,"
    " amount: 99999999999999999999 }) { __typename } }",
    "first: 10^9": "{ programs(first: 1000000000) { edges { cursor } } }",
    "first: 0": "{ programs(first: 0) { edges { cursor } } }",
    "first and last": "{ programs(first: 1, last: 1) { edges { cursor } } }",
    "a strange cursor": '{ programs(after: "CaNaRy") { edges { cursor } } }',
    "a wrong type": '{ me { __typename @skip(if: "CaNaRy") } }',
}


def unique(document: str) -> bytes:
    """The document as a body that no cache has seen, with a canary at its end."""
    query = f"{document} # {CANARY} {next(_numbers)}"
    return json.dumps({"query": query}).encode()


def operation(query: str, **variables: Any) -> bytes:
    """A body with variables; lone surrogates stay as they are, escaped."""
    return json.dumps({"query": query, "variables": variables}).encode()
