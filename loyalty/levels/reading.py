"""Which level table somebody looked at before they replaced it."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256

from loyalty.base.errors import InvalidInput, VersionConflict
from loyalty.levels.limits import NewLevelTable


@dataclass(frozen=True, slots=True)
class LevelTableReading:
    """What a screen showed: the table's version (None: none was read), and a word to empty it."""

    version: str | None = None
    confirms_removal: bool = False


def version_of(level_table: NewLevelTable) -> str:
    """A short name of everything that the level table says; another one after each change."""
    said = json.dumps(asdict(level_table), sort_keys=True)
    return sha256(said.encode()).hexdigest()[:16]


def check_reading(
    reading: LevelTableReading, *, before: NewLevelTable, after: NewLevelTable
) -> None:
    """Raise InvalidInput or VersionConflict where levels would go that nobody looked at.

    While there are no levels there is nothing to lose, and nothing needs to have been read.
    """
    if not before.levels:
        return
    if reading.version is None:
        raise InvalidInput(details={"field": "version", "reason": "missing"})
    if reading.version != version_of(before):
        raise VersionConflict
    if not after.levels and not reading.confirms_removal:
        raise InvalidInput(details={"field": "confirmRemoval", "reason": "missing"})
