"""Whatever is done to a stored trail shows: ten thousand random tamperings; a verifier with one check less misses some.

The tamperer knows the chain as well as we do. Each time it is seen that something was really changed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingzhun_web.audit.chain import (
    CHECKS,
    END_CHECKS,
    ENTRY_COLUMNS,
    GENESIS,
    ROW_COLUMNS,
    Anchor,
    Break,
    Check,
    EndCheck,
    Merkle,
    StoredEntry,
    StoredRow,
    Verdict,
    encode,
    entry_hash,
    prove,
    root_of,
    trail_of,
    verify,
)

SEED = 20261125
TAMPERINGS = 10_000
LENGTH = 24


@dataclass(frozen=True)
class Stored:
    """A trail as it lies in a database, with what was anchored outside."""

    entries: tuple[StoredEntry, ...]
    rows: tuple[StoredRow, ...]
    anchors: tuple[Anchor, ...]

    def verdict(self, checks: Sequence[Check] = CHECKS, end_checks: Sequence[EndCheck] = END_CHECKS) -> Verdict:
        return verify(trail_of(self.entries, self.rows, self.anchors), checks, end_checks)


def rehashed(entries: Sequence[StoredEntry], start: int = 0) -> tuple[StoredEntry, ...]:
    """The chain made consistent again from one entry on, as a tamperer would who can compute hashes."""
    done = list(entries[:start])
    for entry in entries[start:]:
        linked = replace(entry, previous=done[-1].hash if done else GENESIS)
        done.append(replace(linked, hash=entry_hash(linked)))
    return tuple(done)


def make_trail(length: int = LENGTH, algorithm: str = "sha256") -> Stored:
    entries, rows = [], []
    for number in range(1, length + 1):
        mine = [
            StoredRow(
                f"change-{number}",
                at,
                "household",
                str(100 * number + at),
                "911121100201",
                f'{{"n":{at}}}',
                f'{{"n":{at + 1}}}',
            )
            for at in range(number % 5)
        ]
        rows += mine
        entries.append(
            StoredEntry(
                sequence=number, at=f"2026-01-{number:02}T08:00:00+00:00", claimed_at="", person_id=number % 3 or None,
                person=f"clerk-{number % 3}", post="county_clerk@911121000000", purpose="更正", kind="change",
                action="household.change", object_type="household", object_id=str(100 * number),
                region_code="911121100201", detail="", request_id=f"r{number}", change_id=f"change-{number}",
                row_count=len(mine), rows_root=root_of(algorithm, mine), algorithm=algorithm, previous="",
            )
        )  # fmt: skip
    chained = rehashed(entries)
    return Stored(chained, tuple(rows), tuple(Anchor(one.sequence, one.hash) for one in chained[3::4] + chained[-1:]))


TRAIL = make_trail()
Tamper = Callable[[random.Random, Stored], Stored]


def other(value: str | int | None, luck: random.Random) -> str | int:
    """The same value with one character or digit changed, added or taken away."""
    if isinstance(value, int):
        return value + luck.choice([-1, 1, 7])
    text = value or ""
    at = luck.randrange(len(text) + 1)
    letter = luck.choice("0aZ，{ ")
    changed = luck.choice(
        [text[:at] + letter + text[at:], text[:at] + text[at + 1 :], text[:at] + letter + text[at + 1 :]]
    )
    return changed if changed != text else text + letter


def edit_entry(luck: random.Random, stored: Stored) -> Stored:
    entries, at = list(stored.entries), luck.randrange(len(stored.entries))
    column = luck.choice(ENTRY_COLUMNS)
    entries[at] = replace(entries[at], **{column: other(getattr(entries[at], column), luck)})
    return replace(stored, entries=tuple(entries))


def edit_and_rehash_entry(luck: random.Random, stored: Stored) -> Stored:
    """One entry changed and its own hash put right; what comes after is left."""
    entries, at = list(stored.entries), luck.randrange(len(stored.entries) - 1)
    column = luck.choice([name for name in ENTRY_COLUMNS if name not in {"hash", "algorithm"}])
    edited = replace(entries[at], **{column: other(getattr(entries[at], column), luck)})
    entries[at] = replace(edited, hash=entry_hash(edited))
    return replace(stored, entries=tuple(entries))


def move_a_letter_over_a_border(luck: random.Random, stored: Stored) -> Stored:
    entries, at = list(stored.entries), luck.randrange(len(stored.entries))
    one = entries[at]
    entries[at] = replace(one, post=one.person[-1] + one.post, person=one.person[:-1])
    return replace(stored, entries=tuple(entries))


def delete_entry(luck: random.Random, stored: Stored) -> Stored:
    at = luck.randrange(len(stored.entries))
    return replace(stored, entries=stored.entries[:at] + stored.entries[at + 1 :])


def delete_entry_with_its_rows_and_rehash(luck: random.Random, stored: Stored) -> Stored:
    at = luck.randrange(len(stored.entries) - 1)
    gone = stored.entries[at].change_id
    kept = stored.entries[:at] + stored.entries[at + 1 :]
    return Stored(rehashed(kept, at), tuple(row for row in stored.rows if row.change_id != gone), stored.anchors)


def swap_entries(luck: random.Random, stored: Stored) -> Stored:
    """Two entries change places: each has the number and the link of its new place, and a hash that fits."""
    entries = list(stored.entries)
    first, second = sorted(luck.sample(range(len(entries)), 2))
    a, b = entries[first], entries[second]
    entries[first] = replace(b, sequence=a.sequence, previous=a.previous)
    entries[second] = replace(a, sequence=b.sequence, previous=b.previous)
    for at in (first, second):
        entries[at] = replace(entries[at], hash=entry_hash(entries[at]))
    return replace(stored, entries=tuple(entries))


def truncate(luck: random.Random, stored: Stored) -> Stored:
    end = luck.randrange(len(stored.entries))
    kept = {entry.change_id for entry in stored.entries[:end]}
    return Stored(stored.entries[:end], tuple(row for row in stored.rows if row.change_id in kept), stored.anchors)


def insert_entry(luck: random.Random, stored: Stored) -> Stored:
    """A forged entry somewhere before the end; all after it move up, everything is hashed anew."""
    at = luck.randrange(len(stored.entries))
    forged = replace(stored.entries[at], change_id="forged", row_count=0, rows_root=root_of("sha256", ()))
    later = [replace(entry, sequence=entry.sequence + 1) for entry in stored.entries[at:]]
    return replace(stored, entries=rehashed([*stored.entries[:at], forged, *later], at))


def rewrite_the_tail(luck: random.Random, stored: Stored) -> Stored:
    """An entry is changed and everything from there on hashed anew: without anchors it would be perfect."""
    at = luck.randrange(len(stored.entries))
    entries = list(stored.entries)
    entries[at] = replace(entries[at], person="somebody else")
    return replace(stored, entries=rehashed(entries, at))


def edit_row(luck: random.Random, stored: Stored) -> Stored:
    rows, at = list(stored.rows), luck.randrange(len(stored.rows))
    column = luck.choice(ROW_COLUMNS)
    rows[at] = replace(rows[at], **{column: other(getattr(rows[at], column), luck)})
    return replace(stored, rows=tuple(rows))


def delete_row(luck: random.Random, stored: Stored) -> Stored:
    at = luck.randrange(len(stored.rows))
    return replace(stored, rows=stored.rows[:at] + stored.rows[at + 1 :])


def insert_row(luck: random.Random, stored: Stored) -> Stored:
    like = luck.choice(stored.rows)
    change = luck.choice([entry.change_id for entry in stored.entries] + ["nobody's"])
    return replace(stored, rows=(*stored.rows, replace(like, change_id=change, position=99)))


def swap_rows(luck: random.Random, stored: Stored) -> Stored:
    rows = list(stored.rows)
    first, second = luck.sample(range(len(rows)), 2)
    a, b = rows[first], rows[second]
    rows[first] = replace(a, before=b.before, after=b.after, object_id=b.object_id)
    rows[second] = replace(b, before=a.before, after=a.after, object_id=a.object_id)
    return replace(stored, rows=tuple(rows))


WAYS: tuple[Tamper, ...] = (
    edit_entry, edit_and_rehash_entry, move_a_letter_over_a_border, delete_entry, delete_entry_with_its_rows_and_rehash,
    swap_entries, truncate, insert_entry, rewrite_the_tail, edit_row, delete_row, insert_row, swap_rows,
)  # fmt: skip


def undetected(
    times: int, seed: int, checks: Sequence[Check] = CHECKS, end_checks: Sequence[EndCheck] = END_CHECKS
) -> Counter[str]:
    """How often each way of tampering went unseen; whatever changed nothing is done again."""
    luck, missed = random.Random(seed), Counter[str]()
    for turn in range(times):
        way = WAYS[turn % len(WAYS)]
        tampered = way(luck, TRAIL)
        assert tampered != TRAIL, way.__name__
        if tampered.verdict(checks, end_checks).fault is None:
            missed[way.__name__] += 1
    return missed


def test_a_trail_that_nobody_touched_is_whole() -> None:
    verdict = TRAIL.verdict()
    assert (verdict.fault, verdict.entries, verdict.rows) == (None, LENGTH, len(TRAIL.rows))


def test_ten_thousand_tamperings_are_all_seen() -> None:
    assert undetected(TAMPERINGS, SEED) == {}


@pytest.mark.parametrize("check", [*CHECKS, *END_CHECKS], ids=lambda check: check.__name__)
def test_a_verifier_without_one_of_its_checks_misses_something(check: Check | EndCheck) -> None:
    """The twin that must be caught; where anchors would cover for the check, they are left out for both."""
    bare = replace(TRAIL, anchors=())
    fewer = [one for one in CHECKS if one is not check], [one for one in END_CHECKS if one is not check]
    missed = undetected(1300, SEED, *fewer)
    if not missed:
        luck = random.Random(SEED)
        missed = Counter(
            way.__name__
            for way in WAYS * 50
            if (tampered := way(luck, bare)).verdict().fault and tampered.verdict(*fewer).fault is None
        )
    assert missed, check.__name__


def test_without_anchors_a_cut_off_end_and_a_rewritten_tail_go_unseen() -> None:
    """Which is why they are kept elsewhere; said here so that nobody thinks otherwise."""
    luck, bare = random.Random(SEED), replace(TRAIL, anchors=())
    assert truncate(luck, bare).verdict().fault is None
    assert rewrite_the_tail(luck, bare).verdict().fault is None


@pytest.mark.parametrize(
    ("way", "kinds"),
    [
        (delete_entry_with_its_rows_and_rehash, {Break.MISSING}),
        (edit_and_rehash_entry, {Break.UNLINKED, Break.MISSING, Break.ROWS, Break.REWRITTEN}),
        (edit_row, {Break.ROWS}),
        (truncate, {Break.TRUNCATED}),
        (rewrite_the_tail, {Break.REWRITTEN}),
    ],
)  # fmt: skip
def test_the_kind_of_break_is_named(way: Tamper, kinds: set[Break]) -> None:
    luck = random.Random(SEED)
    for _ in range(50):
        fault = way(luck, TRAIL).verdict().fault
        assert fault is not None and fault.kind in kinds


def test_the_first_broken_entry_is_named() -> None:
    for at in range(LENGTH):
        entries = list(TRAIL.entries)
        for later in range(at, LENGTH):
            entries[later] = replace(entries[later], purpose="another")
        fault = replace(TRAIL, entries=tuple(entries)).verdict().fault
        assert fault is not None and (fault.sequence, fault.kind) == (at + 1, Break.CHANGED)


def test_a_hash_that_cannot_be_computed_is_told_as_that() -> None:
    entries = (replace(TRAIL.entries[0], algorithm="md5"), *TRAIL.entries[1:])
    fault = replace(TRAIL, entries=entries).verdict().fault
    assert fault is not None and fault.kind in {Break.UNREADABLE, Break.ROWS}


def test_sm3_makes_a_chain_as_good() -> None:
    trail = make_trail(algorithm="sm3")
    assert trail.verdict().fault is None
    assert edit_entry(random.Random(SEED), trail).verdict().fault is not None
    assert trail.entries[0].hash != TRAIL.entries[0].hash


VALUES = st.lists(st.one_of(st.none(), st.integers(), st.text()), max_size=6)


@given(VALUES, VALUES)
def test_two_lists_of_values_never_give_the_same_bytes(
    first: list[str | int | None], second: list[str | int | None]
) -> None:
    assert (encode(first) == encode(second)) == (first == second)


def test_values_joined_without_their_length_would() -> None:
    assert "".join(["ab", "c"]) == "".join(["a", "bc"])
    assert encode(["ab", "c"]) != encode(["a", "bc"])


@pytest.mark.parametrize("count", range(1, 40))
def test_every_row_can_be_proved_and_no_other_passes_for_it(count: int) -> None:
    rows = [StoredRow("c", at, "t", str(at), "", "", str(at)) for at in range(count)]
    tree = Merkle("sha256")
    for row in rows:
        tree.add(row)
    for at, row in enumerate(rows):
        proof = prove("sha256", rows, at)
        assert proof.holds(row, tree.root())
        assert not proof.holds(replace(row, after="forged"), tree.root())
        assert len(proof.beside) <= count.bit_length()
