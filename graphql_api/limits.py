"""Linear limits on documents, checked before any other rule looks at them.

Strawberry's own limiters expand fragments that spread each other without memory: 800 bytes cost
them nine seconds. Here each fragment is counted once (decision 0006).
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
)

from graphql_api.list_sizes import rows_of

MAX_TOKENS = 1_000
_CEILING = 10**9


class Size(NamedTuple):
    """What a selection expands to."""

    aliases: int = 0
    fields: int = 0
    depth: int = 0
    rows: int = 0

    def beside(self, other: "Size") -> "Size":
        """Both selections next to each other."""
        return Size(
            min(self.aliases + other.aliases, _CEILING),
            min(self.fields + other.fields, _CEILING),
            max(self.depth, other.depth),
            min(self.rows + other.rows, _CEILING),
        )

    def within(self, node: FieldNode) -> "Size":
        """This selection as that of a field; a list has it once for each row."""
        times = rows_of(node)
        rows = min(times * (1 + self.rows), _CEILING) if times else self.rows
        return Size(self.aliases + bool(node.alias), self.fields + 1, self.depth + 1, rows)


# The rows: all programs of a page with what lies on their shelves, once.
LARGEST = Size(aliases=15, fields=500, depth=12, rows=40_000)
# What every client sends that reads the schema (nine times `ofType`), for those who may.
LARGEST_INTROSPECTION = LARGEST._replace(depth=16)
MAX_SPREADS, MAX_FRAGMENTS, MAX_DIRECTIVES, MAX_MUTATIONS = 20, 10, 50, 1
_INTROSPECTION = {"__schema", "__type"}


class Verdict(NamedTuple):
    """What the limits say about a document."""

    is_too_complex: bool
    introspects: bool
    mutations: int
    only_subscribes: bool


@dataclass
class _Measure:
    fragments: dict[str, FragmentDefinitionNode]
    spreads: int = 0
    directives: int = 0
    introspects: bool = False
    known: dict[str, Size] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def selections(self, found: tuple[SelectionNode, ...]) -> Size:
        total = Size()
        for node in found:
            self.directives += len(node.directives or ())
            total = total.beside(self._one(node))
        return total

    def _one(self, node: SelectionNode) -> Size:
        if isinstance(node, FragmentSpreadNode):
            self.spreads += 1
            return self.fragment(node.name.value)
        if isinstance(node, InlineFragmentNode):
            return self.selections(tuple(node.selection_set.selections))
        if not isinstance(node, FieldNode):
            return Size()
        self.introspects |= node.name.value in _INTROSPECTION
        inside = (
            self.selections(tuple(node.selection_set.selections)) if node.selection_set else Size()
        )
        return inside.within(node)

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
        return Verdict(is_too_complex=True, introspects=False, mutations=0, only_subscribes=False)
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            measure.directives += len(node.directives or ())
            total = total.beside(measure.selections(tuple(node.selection_set.selections)))
            mutations += _mutations(node)
            only_subscribes &= node.operation is OperationType.SUBSCRIPTION
    for name in fragments.keys() - measure.known.keys():
        # No operation reaches these, yet the rules compare each of their fields with the others.
        total = total.beside(measure.fragment(name))
    largest = LARGEST_INTROSPECTION if measure.introspects else LARGEST
    too_large = any(size > limit for size, limit in zip(total, largest, strict=True))
    too_many = measure.spreads > MAX_SPREADS or measure.directives > MAX_DIRECTIVES
    return Verdict(too_large or too_many, measure.introspects, mutations, only_subscribes)


def _mutations(operation: OperationDefinitionNode) -> int:
    if operation.operation is not OperationType.MUTATION:
        return 0
    selections = operation.selection_set.selections
    # A fragment could hide any number of them.
    hidden = any(not isinstance(node, FieldNode) for node in selections)
    return MAX_MUTATIONS + 1 if hidden else len(selections)
