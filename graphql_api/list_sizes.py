"""What each list and each reading field is reckoned at, before anything is read (decision 0018).

By name: a test holds this table against the schema.
"""

from graphql import FieldNode, IntValueNode

_PAGE, _DIGITS = 100, 3
# Lists that hold a hundred rows at most, and what they hold is what an owner or a customer fills.
_FULL = dict.fromkeys(
    (
        *("absences", "anomalies", "bonuses", "cards", "devices", "history", "locations"),
        *("presets", "products", "programs", "staff"),
    ),
    _PAGE,
)
# Each with its own number of rows where `first` is left out.
_BRIEF = {"sessions": 20, "latestSessions": 20, "missedCredits": 20, "leaderboard": 10}
# As long as a ladder, as a shop's tiers, or as what one person's mail waited for.
_SHORT = dict.fromkeys(
    (
        *("bonusesEarned", "details", "granted", "levels", "openingHours"),
        *("perTier", "progress", "refused", "stillClosed", "tiers"),
    ),
    10,
)
# The products of a program are read once, however many bonuses choose from them; how often they
# are shown is counted when it is known (graphql_api/spending.py).
_SHARED = {"choices": 1}
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
ROWS = {**_FULL, **_BRIEF, **_SHORT, **_SHARED, **_INTROSPECTION}
# Fields whose text is made for each row, in rows of a plain list: half a millisecond for a line of
# a history and 0.8 for a session's story, beside 50 µs for a product. (`qrSvg` is none of
# them: a list never has the secrets that it is drawn from.)
WEIGHTS = {"explanation": 15, "explain": 15, "history": 10, "missedCredits": 10}
# The page of a connection, whose rows are reckoned where it is asked for.
_EDGES = "edges"


def is_list(name: str) -> bool:
    """True for a field that has rows."""
    return name in ROWS or name == _EDGES


def weight_of(name: str) -> int:
    """What one row of a list costs, or the one thing of a field that reads; 0 for what is there."""
    return WEIGHTS.get(name, int(name in ROWS))


def rows_of(node: FieldNode) -> int:
    """The rows that a field is reckoned at; 0 for what is no list."""
    usual = ROWS.get(node.name.value, 0)
    given = [each.value for each in node.arguments or () if each.name.value in {"first", "last"}]
    if not usual or not given:
        return usual
    # A variable may be anything that is allowed.
    text = given[0].value if isinstance(given[0], IntValueNode) else ""
    return max(1, min(int(text), _PAGE)) if len(text) <= _DIGITS and text.isdigit() else _PAGE
