"""The rows that a measure is worked out from: those of its domain that have a value, and why the others have none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Flags, Floats


@dataclass(frozen=True, slots=True)
class Sample:
    """Values and weights of the rows used; ``used`` (rows,) says which rows of the data they are."""

    y: Floats
    weights: Floats
    used: Flags
    left_out: dict[str, int]

    @property
    def population(self) -> float:
        """How many people or households the rows used stand for."""
        return float(self.weights.sum())

    @property
    def mean(self) -> float:
        return float(self.weights @ self.y) / self.population

    def everywhere(self, influence: Floats) -> Floats:
        """An influence of the rows used as one of all rows: zero for the others."""
        whole = np.zeros(len(self.used))
        whole[self.used] = influence
        return whole


def sample_of(y: ArrayLike, weights: ArrayLike, domain: Flags | None = None, *, positive: bool = False) -> Sample:
    """The rows of ``domain`` (all) whose ``y`` (rows,) is known, and above zero where ``positive``.

    Raises ``NotMeasurable`` for weights that are negative or missing, shapes that differ, and where no row is left.
    """
    value, weight = np.asarray(y, np.float64), np.asarray(weights, np.float64)
    if value.ndim != 1 or value.shape != weight.shape:
        raise NotMeasurable(
            f"y：有 {value.size:,} 个值，权重有 {weight.size:,} 个；每行应各有一个。",
            f"y: {value.size:,} values for {weight.size:,} weights; there must be one for each row.",
        )
    wrong = ~(np.isfinite(weight) & (weight >= 0))
    refuse(wrong, "weights", ("缺权重或权重为负", "请补上或更正"), ("have no weight or a negative one", "correct them"))
    inside = np.ones(len(value), np.bool_) if domain is None else np.asarray(domain, np.bool_)
    known = inside & np.isfinite(value)
    used = known & (value > 0) if positive else known
    counts = {"missing": int(inside.sum() - known.sum()), "not positive": int(known.sum() - used.sum())}
    left_out = {reason: count for reason, count in counts.items() if count}
    if not weight[used].sum() > 0:
        raise NotMeasurable(
            f"y：没有可用的行（{int(inside.sum()):,} 行在范围内，其中未用 {sum(left_out.values()):,} 行）；"
            "请检查条件、缺失值和权重。",
            f"y: no row can be used ({int(inside.sum()):,} rows are in the domain, {sum(left_out.values()):,} of them "
            "cannot be used); check the condition, missing values and weights.",
        )
    return Sample(value[used], weight[used], used, left_out)
