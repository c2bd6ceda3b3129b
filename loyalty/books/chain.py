"""The hash chain: what a seal's digest is made of, and what is wrong with one that does not fit."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

BEFORE_THE_FIRST = bytes(32)
EVENT, ENTRY = "event", "entry"
_MARK_BYTES = 8
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
# As floats, numbers that differ far behind the point would be one.
_READER = json.JSONDecoder(parse_float=lambda digits: {"number": digits})

# Kind: the names of the columns that are covered.
Columns = Mapping[str, Sequence[str]]
# Kind and id: every column of the row, by its name.
Rows = Mapping[tuple[str, int], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ChainLink:
    """What a seal says, and its digest covers."""

    number: int
    previous: bytes
    sealed_at: datetime
    form: int
    columns: Columns
    events: Sequence[int]
    entries: Sequence[int]

    @property
    def rows(self) -> list[tuple[str, int]]:
        """The kind and id of each row, in the order of digest and marks."""
        return [*((EVENT, n) for n in self.events), *((ENTRY, n) for n in self.entries)]


@dataclass(frozen=True, slots=True)
class SealProof:
    """What a seal keeps: the digest, and a few bytes of each row's own."""

    digest: bytes
    marks: bytes


@dataclass(frozen=True, slots=True)
class ChainPosition:
    """The seal that the next one must follow."""

    number: int = 0
    digest: bytes = BEFORE_THE_FIRST


def columns_of(rows: Rows, *, known: Columns) -> Columns:
    """What is known, brought up to date by the rows; a kind without rows stays as it was."""
    seen = {kind: sorted(values) for (kind, _), values in rows.items()}
    return {**known, **seen}


def prove(link: ChainLink, rows: Rows) -> SealProof:
    """The digest of a seal over these rows; raises KeyError when a row or a column is missing."""
    lines = [
        _bytes([kind, {name: rows[kind, number][name] for name in link.columns[kind]}])
        for kind, number in link.rows
    ]
    whole = hashlib.sha256(link.previous + _bytes(_header(link)))
    for line in lines:
        whole.update(line)
    marks = b"".join(hashlib.sha256(line).digest()[:_MARK_BYTES] for line in lines)
    return SealProof(whole.digest(), marks)


def fault(link: ChainLink, rows: Rows, *, kept: SealProof, after: ChainPosition) -> str | None:
    """The first thing that is wrong with a seal, None when it is whole."""
    if link.number != after.number + 1:
        return f"chain broken: seal {after.number + 1} is missing"
    if link.previous != after.digest:
        return "chain broken: it does not follow the seal before it"
    for kind, number in link.rows:
        if (kind, number) not in rows:
            return f"row missing: {kind} {number}"
    try:
        proof = prove(link, rows)
    except KeyError as error:
        return f"column missing: {error.args[0]}"
    if proof == kept:
        return None
    return _changed_row(link, proof, kept) or "digest wrong: the seal itself was changed"


def parsed(row: str) -> dict[str, Any]:
    """The columns of a row that the database wrote as JSON, with every digit of its numbers."""
    found: dict[str, Any] = _READER.decode(row)
    return found


def _changed_row(link: ChainLink, proof: SealProof, kept: SealProof) -> str | None:
    for place, (kind, number) in enumerate(link.rows):
        mark = slice(place * _MARK_BYTES, (place + 1) * _MARK_BYTES)
        if proof.marks[mark] != kept.marks[mark]:
            return f"row changed: {kind} {number}"
    return None


def _header(link: ChainLink) -> dict[str, object]:
    return {
        "number": link.number,
        "sealed_at": link.sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "form": link.form,
        "columns": {kind: list(names) for kind, names in link.columns.items()},
        "events": len(link.events),
        "entries": len(link.entries),
    }


def _bytes(value: object) -> bytes:
    # ASCII, so that a line break can only be the end of a line.
    return _WRITER.encode(value).encode("ascii") + b"\n"
