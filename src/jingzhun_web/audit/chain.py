"""The chain of the trail: how entries are hashed, how rows are summed up under one root, how both are verified.

No database and no framework in here: an auditor can run it on exported rows. Every field is hashed with its kind and
length before it, so that no character can move over the border of two fields unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

Value = str | int | None
ALGORITHMS = ("sha256", "sm3")
LEAF, NODE, ENTRY = b"\x00", b"\x01", b"\x02"
"""A leaf can never be taken for an inner node or an entry (RFC 6962, 2.1)."""
GENESIS = ""
"""What stands before the first entry."""


class UnknownAlgorithm(ValueError):
    """This installation cannot compute the hash that an entry or a setting names."""


@dataclass(frozen=True, slots=True)
class StoredRow:
    """One changed (or looked at) row as stored. ``before`` is empty for a new row, ``after`` for a deleted one."""

    change_id: str
    position: int
    object_type: str
    object_id: str
    region_code: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry as it is stored; times are ISO 8601 texts in UTC, because what is hashed is what is stored."""

    sequence: int
    at: str
    claimed_at: str
    person_id: int | None
    person: str
    post: str
    purpose: str
    kind: str
    action: str
    object_type: str
    object_id: str
    region_code: str
    detail: str
    request_id: str
    change_id: str
    row_count: int
    rows_root: str
    algorithm: str
    previous: str
    hash: str = ""


ENTRY_COLUMNS = tuple(one.name for one in fields(StoredEntry))
ROW_COLUMNS = tuple(one.name for one in fields(StoredRow))
_hashed = attrgetter(*ENTRY_COLUMNS[:-1])
_of_row = attrgetter(*ROW_COLUMNS)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain at some moment, kept outside the database."""

    sequence: int
    hash: str


def encode(values: Iterable[Value]) -> bytes:
    """Values as bytes with kind and length before each: two different lists never give the same bytes."""
    parts = []
    for value in values:
        kind = b"n" if value is None else b"i" if isinstance(value, int) else b"s"
        text = b"" if value is None else str(value).encode("utf-8", "surrogatepass")
        parts.append(kind + len(text).to_bytes(8, "big") + text)
    return b"".join(parts)


def digest(algorithm: str, data: bytes) -> bytes:
    if algorithm not in ALGORITHMS:
        raise UnknownAlgorithm(algorithm)
    try:
        return hashlib.new(algorithm, data).digest()
    except ValueError as error:  # SM3 is there only where OpenSSL was built with it
        raise UnknownAlgorithm(algorithm) from error


def entry_hash(entry: StoredEntry) -> str:
    """The hash of everything in an entry but its own hash, the hash before it included."""
    return digest(entry.algorithm, ENTRY + encode(_hashed(entry))).hex()


def leaf_hash(algorithm: str, row: StoredRow) -> bytes:
    return digest(algorithm, LEAF + encode(_of_row(row)))


class Merkle:
    """The root over rows that come one after the other, in memory for the logarithm of their number (RFC 6962)."""

    def __init__(self, algorithm: str) -> None:
        self.algorithm = algorithm
        self.count = 0
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, row: StoredRow) -> None:
        height, node = 0, leaf_hash(self.algorithm, row)
        while self._peaks and self._peaks[-1][0] == height:
            node = digest(self.algorithm, NODE + self._peaks.pop()[1] + node)
            height += 1
        self._peaks.append((height, node))
        self.count += 1

    def root(self) -> str:
        if not self._peaks:
            return digest(self.algorithm, b"").hex()
        *rest, (_, node) = self._peaks
        for _, left in reversed(rest):
            node = digest(self.algorithm, NODE + left + node)
        return node.hex()


def root_of(algorithm: str, rows: Iterable[StoredRow]) -> str:
    tree = Merkle(algorithm)
    for row in rows:
        tree.add(row)
    return tree.root()


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that one row belongs to an entry, without the other rows: the hashes beside its way to the root."""

    algorithm: str
    beside: tuple[tuple[str, str], ...]
    """(``left`` or ``right``, hash in hex), from the leaf upwards."""

    def holds(self, row: StoredRow, root: str) -> bool:
        node = leaf_hash(self.algorithm, row)
        for side, other in self.beside:
            pair = bytes.fromhex(other) + node if side == "left" else node + bytes.fromhex(other)
            node = digest(self.algorithm, NODE + pair)
        return node.hex() == root


def prove(algorithm: str, rows: Sequence[StoredRow], index: int) -> Proof:
    """The proof for ``rows[index]``; IndexError if there is no such row."""
    if not 0 <= index < len(rows):
        raise IndexError(index)
    leaves = [leaf_hash(algorithm, row) for row in rows]
    return Proof(algorithm, tuple(_beside(algorithm, leaves, index)))


def _beside(algorithm: str, leaves: Sequence[bytes], index: int) -> Iterator[tuple[str, str]]:
    if len(leaves) == 1:
        return
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, right = leaves[:half], leaves[half:]
    if index < half:
        yield from _beside(algorithm, left, index)
        yield "right", _fold(algorithm, right).hex()
    else:
        yield from _beside(algorithm, right, index - half)
        yield "left", _fold(algorithm, left).hex()


def _fold(algorithm: str, leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return digest(algorithm, NODE + _fold(algorithm, leaves[:half]) + _fold(algorithm, leaves[half:]))


class Break(StrEnum):
    """What kind of break the first broken entry shows."""

    MISSING = "missing"
    UNLINKED = "unlinked"
    CHANGED = "changed"
    ROWS = "rows"
    REWRITTEN = "rewritten"
    TRUNCATED = "truncated"
    STRAY_ROWS = "stray_rows"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Break
    sequence: int


@dataclass(frozen=True, slots=True)
class Trail:
    """All that is verified. ``rows`` come in the order of their entries and positions, ``strays`` belong to none."""

    entries: Iterable[StoredEntry]
    rows: Iterable[StoredRow] = ()
    strays: Sequence[StoredRow] = ()
    anchors: Sequence[Anchor] = ()


@dataclass(slots=True)
class Verdict:
    entries: int = 0
    rows: int = 0
    anchors: int = 0
    head: Anchor | None = None
    fault: Fault | None = None


@dataclass(slots=True)
class Walk:
    """Where the verifier stands: one entry, the one before it, what its stored rows come to, and what was anchored."""

    entry: StoredEntry
    previous: StoredEntry | None
    row_count: int
    rows_root: str
    anchored: Mapping[int, set[str]] = field(default_factory=dict)


def in_order(walk: Walk) -> Break | None:
    """Sequences count up from one without a gap."""
    due = walk.previous.sequence + 1 if walk.previous else 1
    return None if walk.entry.sequence == due else Break.MISSING


def linked(walk: Walk) -> Break | None:
    """Each entry names the hash of the one before it."""
    due = walk.previous.hash if walk.previous else GENESIS
    return None if walk.entry.previous == due else Break.UNLINKED


def unchanged(walk: Walk) -> Break | None:
    """The entry still says what was hashed."""
    return None if entry_hash(walk.entry) == walk.entry.hash else Break.CHANGED


def rows_fit(walk: Walk) -> Break | None:
    """The stored rows are those under the entry's root, all of them and in their order."""
    stored = (walk.row_count, walk.rows_root)
    return None if stored == (walk.entry.row_count, walk.entry.rows_root) else Break.ROWS


def as_anchored(walk: Walk) -> Break | None:
    """The entry is the one that was anchored under its number."""
    hashes = walk.anchored.get(walk.entry.sequence)
    return None if hashes is None or hashes == {walk.entry.hash} else Break.REWRITTEN


Check = Callable[[Walk], Break | None]
EndCheck = Callable[[Trail, Verdict], Fault | None]


def reaches_the_last_anchor(trail: Trail, verdict: Verdict) -> Fault | None:
    """Nothing was cut off after the last anchored entry."""
    last = max((anchor.sequence for anchor in trail.anchors), default=0)
    end = verdict.head.sequence if verdict.head else 0
    return Fault(Break.TRUNCATED, end + 1) if last > end else None


def has_no_strays(trail: Trail, _: Verdict) -> Fault | None:
    """Every row belongs to an entry."""
    return Fault(Break.STRAY_ROWS, 0) if trail.strays else None


CHECKS: tuple[Check, ...] = (in_order, linked, unchanged, rows_fit, as_anchored)
END_CHECKS: tuple[EndCheck, ...] = (reaches_the_last_anchor, has_no_strays)


def verify(trail: Trail, checks: Sequence[Check] = CHECKS, end_checks: Sequence[EndCheck] = END_CHECKS) -> Verdict:
    """Walk the chain once and stop at the first broken entry.

    ``checks`` can be shortened to see that each of them is needed.
    """
    verdict = Verdict(anchors=len(trail.anchors))
    anchored: dict[int, set[str]] = {}
    for anchor in trail.anchors:
        anchored.setdefault(anchor.sequence, set()).add(anchor.hash)
    previous: StoredEntry | None = None
    for entry, count, root in _with_rows(trail):
        walk = Walk(entry, previous, count, root, anchored)
        kind = _first_break(walk, checks)
        if kind:
            verdict.fault = Fault(kind, entry.sequence)
            return verdict
        verdict.entries += 1
        verdict.rows += count
        verdict.head = Anchor(entry.sequence, entry.hash)
        previous = entry
    verdict.fault = next((fault for check in end_checks if (fault := check(trail, verdict))), None)
    return verdict


def _first_break(walk: Walk, checks: Sequence[Check]) -> Break | None:
    try:
        return next((kind for check in checks if (kind := check(walk))), None)
    except UnknownAlgorithm:
        return Break.UNREADABLE


def _with_rows(trail: Trail) -> Iterator[tuple[StoredEntry, int, str]]:
    """Each entry with the number and root of its stored rows, which are read once, beside the entries."""
    groups = groupby(trail.rows, key=lambda row: row.change_id)
    waiting = next(groups, None)
    for entry in trail.entries:
        if waiting is not None and waiting[0] == entry.change_id:
            yield entry, *_summed(entry.algorithm, waiting[1])
            waiting = next(groups, None)
        else:
            yield entry, *_summed(entry.algorithm, ())


def _summed(algorithm: str, rows: Iterable[StoredRow]) -> tuple[int, str]:
    if algorithm not in ALGORITHMS:
        return 0, ""
    tree = Merkle(algorithm)
    for row in rows:
        tree.add(row)
    return tree.count, tree.root()


def trail_of(entries: Sequence[StoredEntry], rows: Iterable[StoredRow], anchors: Sequence[Anchor] = ()) -> Trail:
    """A trail from exported entries and rows in any order of the rows."""
    place = {entry.change_id: at for at, entry in enumerate(entries)}
    known: list[StoredRow] = []
    strays: list[StoredRow] = []
    for row in rows:
        (known if row.change_id in place else strays).append(row)
    known.sort(key=lambda row: (place[row.change_id], row.position))
    return Trail(entries, known, strays, anchors)
