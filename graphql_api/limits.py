"""Linear limits on documents, checked before any other rule looks at them.

Strawberry's own limiters expand fragments that spread each other without memory: 800 bytes cost
them nine seconds. Here each fragment is counted once (decision 0006).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    Node,
    ObjectFieldNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    VariableDefinitionNode,
)

from graphql_api.excess import CEILING, Excess
from graphql_api.list_sizes import is_list, rows_of, weight_of

MAX_TOKENS = 1_000


class Size(NamedTuple):
    """What a selection expands to."""

    aliases: int = 0
    fields: int = 0
    depth: int = 0
    rows: int = 0
    # Of one row: what stands in it, lists inside it aside.
    values: int = 0

    def beside(self, other: "Size") -> "Size":
        """Both selections next to each other."""
        return Size(
            min(self.aliases + other.aliases, CEILING),
            min(self.fields + other.fields, CEILING),
            max(self.depth, other.depth),
            min(self.rows + other.rows, CEILING),
            self.values + other.values,
        )

    def within(self, node: FieldNode) -> "Size":
        """This selection as that of a field; a list has it once for each row."""
        name = node.name.value
        rows = min((rows_of(node) or 1) * (weight_of(name) + self.rows), CEILING)
        values = 1 if is_list(name) else 1 + self.values
        return Size(self.aliases + bool(node.alias), self.fields + 1, self.depth + 1, rows, values)


# The rows: all programs of a page with what lies on their shelves, once. The values of one row
# are counted where its list is answered (graphql_api/spending.py).
LARGEST = Size(aliases=15, fields=500, depth=12, rows=40_000, values=500)
# What every client sends that reads the schema (nine times `ofType`), for those who may.
LARGEST_INTROSPECTION = LARGEST._replace(depth=16)
MAX_SPREADS, MAX_FRAGMENTS, MAX_DIRECTIVES, MAX_MUTATIONS = 20, 10, 50, 1
# More names than any input has: each wrong one is an error that quotes the whole value.
MOST_KEYS = 40
# Fields asked for again beside themselves, which are compared each with each: 450 cost 70 ms.
MAX_REPEATS = 100
ALLOWED = {
    **LARGEST._asdict(),
    "fragments": MAX_FRAGMENTS,
    "spreads": MAX_SPREADS,
    "directives": MAX_DIRECTIVES,
    "keys": MOST_KEYS,
    "repeats": MAX_REPEATS,
}
_INTROSPECTION = {"__schema", "__type"}


class Verdict(NamedTuple):
    """What the limits say about a document; `row_values` by the list field that has the rows."""

    excesses: tuple[Excess, ...] = ()
    introspects: bool = False
    mutations: int = 0
    only_subscribes: bool = False
    rows: int = 0
    row_values: dict[int, int] = {}

    @property
    def is_too_complex(self) -> bool:
        """True beyond any limit."""
        return bool(self.excesses)


@dataclass
class _Measure:
    fragments: dict[str, FragmentDefinitionNode]
    spreads: int = 0
    directives: int = 0
    # Names side by side: of arguments, or in one object.
    keys: int = 0
    repeats: int = 0
    introspects: bool = False
    row_values: dict[int, int] = field(default_factory=dict)
    known: dict[str, Size] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def selections(self, found: tuple[SelectionNode, ...], beside: set[str] | None = None) -> Size:
        total = Size()
        names: set[str] = set() if beside is None else beside
        for node in found:
            self.directed(node.directives)
            total = total.beside(self._one(node, names))
        return total

    def _one(self, node: SelectionNode, names: set[str]) -> Size:
        if isinstance(node, FragmentSpreadNode):
            self.spreads += 1
            return self.fragment(node.name.value)
        if isinstance(node, InlineFragmentNode):
            return self.selections(tuple(node.selection_set.selections), names)
        if not isinstance(node, FieldNode):
            return Size()
        name = (node.alias or node.name).value
        self.repeats += name in names
        names.add(name)
        self.introspects |= node.name.value in _INTROSPECTION
        self.values(node.arguments)
        inside = (
            self.selections(tuple(node.selection_set.selections)) if node.selection_set else Size()
        )
        if is_list(node.name.value):
            self.row_values[id(node)] = inside.values
        return inside.within(node)

    def directed(self, found: Sequence[DirectiveNode] | None) -> None:
        """Count these directives, and what is written in them."""
        for directive in found or ():
            self.directives += 1
            self.values(directive.arguments)

    def values(self, found: Sequence[Node] | None) -> None:
        """Count the names of these arguments, and of the objects in their values."""
        waiting: list[Node] = list(found or ())
        self.keys = max(self.keys, sum(isinstance(each, ArgumentNode) for each in waiting))
        while waiting:
            node = waiting.pop()
            if isinstance(node, ObjectValueNode):
                self.keys = max(self.keys, len(node.fields))
                waiting.extend(node.fields)
            elif isinstance(node, ListValueNode):
                waiting.extend(node.values)
            elif isinstance(node, VariableDefinitionNode):
                waiting.extend([node.default_value] if node.default_value else ())
            elif isinstance(node, ArgumentNode | ObjectFieldNode):
                waiting.append(node.value)

    def fragment(self, name: str) -> Size:
        if name in self.open or name not in self.fragments:
            return Size()
        if name not in self.known:
            self.open.add(name)
            selection = self.fragments[name].selection_set.selections
            self.known[name] = self.selections(tuple(selection))
            self.open.discard(name)
        return self.known[name]


def judge(document: DocumentNode) -> Verdict:
    """Measure a document in one walk, each fragment once."""
    fragments = {
        node.name.value: node
        for node in document.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    measure = _Measure(fragments)
    total, mutations, only_subscribes = Size(), 0, True
    if len(fragments) > MAX_FRAGMENTS:
        return Verdict((Excess("fragments", len(fragments), MAX_FRAGMENTS),))
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            measure.directed(node.directives)
            measure.values(node.variable_definitions)
            total = total.beside(measure.selections(tuple(node.selection_set.selections)))
            mutations += _mutations(node)
            only_subscribes &= node.operation is OperationType.SUBSCRIPTION
    for name in fragments.keys() - measure.known.keys():
        # No operation reaches these, yet the rules compare each of their fields with the others.
        total = total.beside(measure.fragment(name))
    introspects, row_values = measure.introspects, measure.row_values
    excesses = _excesses(total, measure)
    return Verdict(excesses, introspects, mutations, only_subscribes, total.rows, row_values)


def _excesses(total: Size, measure: _Measure) -> tuple[Excess, ...]:
    largest = LARGEST_INTROSPECTION if measure.introspects else LARGEST
    allowed = {**ALLOWED, **largest._asdict()}
    counted = {
        **total._asdict(),
        "spreads": measure.spreads,
        "directives": measure.directives,
        "keys": measure.keys,
        "repeats": measure.repeats,
    }
    found = (Excess(name, has, allowed[name]) for name, has in counted.items())
    return tuple(each for each in found if each.has > each.allowed)


def _mutations(operation: OperationDefinitionNode) -> int:
    if operation.operation is not OperationType.MUTATION:
        return 0
    selections = operation.selection_set.selections
    # A fragment could hide any number of them.
    hidden = any(not isinstance(node, FieldNode) for node in selections)
    return MAX_MUTATIONS + 1 if hidden else len(selections)
