"""Looks for the operation of 8 kB that costs most to read, by changing the dearest."""

import json
import random
import re
import time
from dataclasses import dataclass, field

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.values import get_variable_values

from graphql_api import bodies
from graphql_api.bodies import UnreadableError
from graphql_api.documents import MOST_ERRORS, look
from graphql_api.schema import schema
from tests.harness.hostile import DOCUMENTS

LARGEST = 8_192
_POOL, _TRIES = 30, 3
_SCHEMA: GraphQLSchema = schema._schema  # noqa: SLF001  as Strawberry's own tools read it
_TOKEN = re.compile(r'"""|"(?:[^"\\\n]|\\.)*"|\.\.\.|[\w$@]+|[^\s\w]')
_NAMES = [name for name in _SCHEMA.type_map if not name.startswith("__")]
_WORDS = [
    *_NAMES,
    *(word for kind in _SCHEMA.type_map.values() for word in getattr(kind, "fields", ())),
    *("query", "mutation", "subscription", "fragment", "on", "true", "null", "__typename"),
    *("...", "{", "}", "(", ")", "[", "]", ":", "=", "!", "$a", "@include(if: true)", "@skip"),
    *("1", "1e9", "9" * 200, '"x"', '"\\u0041"', '"""a\n b"""', "# x\n", "{a: 1}", "a" * 200),
    *("... on Customer { id }", "me { __typename }", "fragment F on Query { me { __typename } }"),
]


@dataclass(frozen=True, order=True)
class Found:
    """An operation, and the seconds of CPU that it cost."""

    seconds: float
    query: str = field(compare=False)
    variables: str = field(compare=False)

    @property
    def size(self) -> int:
        """Its bytes, without JSON's own."""
        return len(self.query.encode("utf-8", "replace")) + len(self.variables)


def cost(query: str, variables: str, *, tries: int = 1) -> Found:
    """What reading it costs, its variables included; the least of so many tries."""
    body = f'{{"query":{json.dumps(query)},"variables":{variables}}}'
    seconds = []
    for _ in range(tries):
        begun = time.thread_time()
        _read(body)
        seconds.append(time.thread_time() - begun)
    return Found(min(seconds), query, variables)


def _read(body: str) -> None:
    """Everything that is done with an operation before its first resolver."""
    try:
        given = bodies.json_object(body)
        bodies.check_operation(given["query"], given["variables"], None)
        known = look(given["query"])
    except (UnreadableError, GraphQLError):
        return
    if known.verdict.is_too_complex or known.mistakes(_SCHEMA):
        return
    for node in known.document.definitions:
        if isinstance(node, OperationDefinitionNode):
            get_variable_values(
                _SCHEMA,
                node.variable_definitions or (),
                given["variables"] or {},
                max_errors=MOST_ERRORS,
                hide_suggestions=True,
            )


def seeds() -> list[tuple[str, str]]:
    """Where the search begins: what was found dear once, and one of each shape."""
    keys = " ".join(f"k{n}: 1" for n in range(300))
    objects = "{id: 1} " * 120
    made = [
        f"mutation {{ setLevels(input: {{ {keys} }}) {{ __typename }} }}",
        f"mutation {{ setLevels(input: {{ levels: [{objects}] }}) {{ __typename }} }}",
        "{ " + "__typename " * 400 + "}",
        "{ me { " + "... on Customer { id email nickname } " * 60 + "} }",
        "query (" + "$a: ID " * 150 + ") { node(id: $a) { id } }",
        "{ programs(first: 1) { edges { node { " + "name id " * 150 + "} } } }",
        "{ node(id: " + "[" * 150 + "]" * 150 + ") { id } }",
    ]
    documents = [*DOCUMENTS.values(), *made]
    levels = json.dumps({"input": {"levels": [{"name": 1}] * 600}})
    wide = json.dumps({"input": {f"k{n}": "x" * 40 for n in range(99)}})
    mutation = "mutation ($input: SetLevelsInput!) { setLevels(input: $input) { __typename } }"
    with_variables = [(mutation, levels), (mutation, wide), (mutation, "[" * 900 + "]" * 900)]
    return [(each, "{}") for each in documents if len(each) <= LARGEST] + with_variables


def search(steps: int, *, seed: int = 1) -> list[Found]:
    """The dearest that were found, the worst first, each measured several times."""
    chance = random.Random(seed)  # noqa: S311  repeatable
    pool = sorted((cost(*each) for each in seeds()), reverse=True)[:_POOL]
    for _ in range(steps):
        # The dearer, the more often it is changed.
        parent = pool[int(len(pool) * chance.random() ** 2)]
        other = chance.choice(pool)
        query, variables = _changed(parent, other, chance)
        if len(query.encode("utf-8", "replace")) + len(variables) > LARGEST:
            continue
        found = cost(query, variables)
        if len(pool) < _POOL or found > pool[-1]:
            # What looks dear is measured again: the machine has other work.
            pool.append(cost(query, variables, tries=_TRIES))
            pool = sorted({each.query + each.variables: each for each in pool}.values())[::-1]
            pool = pool[:_POOL]
    return sorted((cost(each.query, each.variables, tries=_TRIES) for each in pool), reverse=True)


def _changed(parent: Found, other: Found, chance: random.Random) -> tuple[str, str]:
    if parent.variables != "{}" and chance.random() < 0.5:
        return parent.query, _spliced(parent.variables, other.variables, chance)
    return _spliced(parent.query, other.query, chance), parent.variables


def _spliced(text: str, other: str, chance: random.Random) -> str:
    """The text with a run of tokens repeated, numbered, replaced, removed, or from the other."""
    tokens = _TOKEN.findall(text) or ["{"]
    start = chance.randrange(len(tokens))
    run = tokens[start : start + chance.choice((1, 1, 2, 3, 5, 8, 13, 40))]
    times = chance.choice((1, 2, 4, 8, 30, 100))
    match chance.randrange(6):
        case 0:
            middle = run * times
        case 1:
            middle = [_numbered(each, n) for n in range(times) for each in run]
        case 2:
            middle = chance.choices(_WORDS, k=chance.randint(1, 4)) * times
        case 3:
            middle = []
        case 4:
            middle = ["{", *run, "}"] * times
        case _:
            theirs = _TOKEN.findall(other) or ["}"]
            at = chance.randrange(len(theirs))
            middle = theirs[at : at + chance.randint(1, 60)]
    kept = tokens[start:] if chance.random() < 0.5 else tokens[start + len(run) :]
    return " ".join([*tokens[:start], *middle, *kept])


def _numbered(token: str, number: int) -> str:
    return f"{token}{number}" if token.isidentifier() else token
