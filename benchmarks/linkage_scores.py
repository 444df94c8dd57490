"""How good the pairs of a linkage are: F1, precision and recall, by kind of error, and whether likelihoods are true.

Read from ``department.parquet`` (``truth``, ``kind``) and from the file of pairs that a linkage wrote: the best row of
the register for each record (``right_no``, ``left_no``, ``probability``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
NOTHING, SEVERAL = "nothing", "several errors"
BINS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """What was found of what is there."""

    right: int
    found: int
    there: int

    @property
    def precision(self) -> float:
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.there, 1)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(self.found + self.there, 1)

    def __str__(self) -> str:
        return f"F1 {self.f1:.4f} (precision {self.precision:.4f}, recall {self.recall:.4f})"


@dataclass(frozen=True, slots=True)
class Judged:
    """Records of a list with what a linkage said of each; ``said`` is 0 where it found nobody."""

    said: Floats
    right: Truths
    listed: Truths
    kind: npt.NDArray[np.object_]

    def score(self, least: float, kind: str = "") -> Score:
        """At a threshold, of all records or of one kind."""
        asked = self.kind == kind if kind else np.ones(len(self.said), bool)
        found = asked & (self.said >= least)
        return Score(int((found & self.right).sum()), int(found.sum()), int((asked & self.listed).sum()))

    def best(self) -> float:
        """The threshold of the best F1, of the hundredths."""
        return max((step / 100 for step in range(5, 100)), key=lambda least: self.score(least).f1)

    @property
    def kinds(self) -> list[str]:
        """From the most frequent."""
        names, counts = np.unique(self.kind.astype(str), return_counts=True)
        return [str(names[at]) for at in np.argsort(-counts)]

    def bins(self) -> Iterator[tuple[int, int, float, float]]:
        """Of each tenth: its number, how many pairs, what was said of them on average, how many were right."""
        tenth = np.minimum((self.said * BINS).astype(int), BINS - 1)
        for number in range(BINS):
            of = (tenth == number) & (self.said > 0)
            if of.any():
                yield number, int(of.sum()), float(self.said[of].mean()), float(self.right[of].mean())


def judged(folder: Path, pairs: str) -> Judged:
    """What the file ``pairs`` says of the department's list in ``folder``."""
    department = pq.read_table(folder / "department.parquet")
    truth = department["truth"].to_numpy()
    found = pq.read_table(folder / pairs)
    said, left = np.zeros(len(truth)), np.full(len(truth), -1)
    records = found["right_no"].to_numpy()
    said[records], left[records] = found["probability"].to_numpy(), found["left_no"].to_numpy()
    return Judged(said, (left == truth) & (truth >= 0), truth >= 0, _kinds(department))


def _kinds(department: pa.Table) -> npt.NDArray[np.object_]:
    if "kind" not in department.column_names:
        return np.full(len(department), NOTHING, object)
    wrong = department["kind"].to_pylist()
    return np.array([SEVERAL if "+" in one else one or NOTHING for one in wrong], object)


def tables(ours: Judged, theirs: Judged) -> Iterator[str]:
    """Both by kind of error at the best threshold of each, and what likelihoods are worth, as lines of text."""
    heads = f"{'precision':>11}{'recall':>8}"
    yield f"{'':24}{'ours: F1':>10}{heads}{'Splink: F1':>13}{heads}{'people':>10}"
    ours_at, theirs_at = ours.best(), theirs.best()
    for kind in ["", *ours.kinds]:
        one, other = ours.score(ours_at, kind), theirs.score(theirs_at, kind)
        yield (
            f"{kind or 'all':24}{one.f1:10.4f}{one.precision:11.4f}{one.recall:8.4f}"
            f"{other.f1:13.4f}{other.precision:11.4f}{other.recall:8.4f}{one.there:10,}"
        )
    for name, of in (("ours", ours), ("Splink", theirs)):
        yield f"{name}: likelihood said / true share / pairs"
        yield from (
            f"{number / BINS:24.1f}{said:10.3f}{was:10.3f}{pairs:10,}" for number, pairs, said, was in of.bins()
        )
