"""How many rows each list is reckoned at, before anything is read (decision 0006).

By name: a test holds this table against the schema.
"""

from graphql import FieldNode, IntValueNode

_PAGE, _DIGITS = 100, 3
# Lists that are read a page at a time, and the shelves of a program, which owners fill.
_FULL = dict.fromkeys(
    ["absences", "anomalies", "devices", "history", "locations", "presets", "products", "programs"],
    _PAGE,
)
# Each with its own number of rows where `first` is left out.
_BRIEF = {"sessions": 20, "latestSessions": 20, "missedCredits": 20, "leaderboard": 10}
# As long as a shop's tiers, or as what waits on one card.
_SHORT = dict.fromkeys(
    (
        *("bonuses", "bonusesEarned", "cards", "choices", "details", "granted", "levels"),
        *("openingHours", "perTier", "progress", "refused", "staff", "stillClosed", "tiers"),
    ),
    10,
)
_INTROSPECTION = {
    "types": 200,
    "fields": 10,
    "inputFields": 10,
    "enumValues": 10,
    "directives": 5,
    "args": 3,
    "interfaces": 3,
    "possibleTypes": 5,
}
ROWS = {**_FULL, **_BRIEF, **_SHORT, **_INTROSPECTION}


def rows_of(node: FieldNode) -> int:
    """The rows that a field is reckoned at; 0 for what is no list."""
    usual = ROWS.get(node.name.value, 0)
    given = [each.value for each in node.arguments or () if each.name.value in {"first", "last"}]
    if not usual or not given:
        return usual
    # A variable may be anything that is allowed.
    text = given[0].value if isinstance(given[0], IntValueNode) else ""
    return max(1, min(int(text), _PAGE)) if len(text) <= _DIGITS and text.isdigit() else _PAGE
