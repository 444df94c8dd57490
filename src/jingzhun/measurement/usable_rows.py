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

    A value that is missing or no finite number is never zero: its row is left out and counted. Raises
    ``NotMeasurable`` for weights that are negative or missing, shapes that differ, and where no row is left.
    """
    weight = weights_of(weights)
    value = row_numbers("y", y, len(weight))
    inside = rows_of(domain, len(weight))
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


def weights_of(weights: ArrayLike) -> Floats:
    """Weights (rows,), none of them missing or negative. Raises ``NotMeasurable``."""
    weight = numbers_of("weights", weights)
    if weight.ndim != 1 or not len(weight):
        raise NotMeasurable(
            "weights：应为一列数，每行一个，至少一行。", "weights: give one number for each row, and at least one row."
        )
    wrong = ~(np.isfinite(weight) & (weight >= 0))
    refuse(wrong, "weights", ("缺权重或权重为负", "请补上或更正"), ("have no weight or a negative one", "correct them"))
    return weight


def row_numbers(argument: str, values: ArrayLike, rows: int) -> Floats:
    """Numbers (rows,), NaN where there is none. Raises ``NotMeasurable`` where they are no numbers or not that many."""
    found = numbers_of(argument, values)
    if found.shape != (rows,):
        raise _not_that_many(argument, found.size, rows)
    return found


def row_truths(argument: str, values: ArrayLike, rows: int) -> Floats:
    """1 and 0 (rows,) for true and false, NaN where it is not known. Raises ``NotMeasurable`` for anything else."""
    found = row_numbers(argument, values, rows)
    refuse(
        ~np.isnan(found) & (found != 0) & (found != 1),
        argument,
        ("既不是真也不是假", "请给出真假或 0、1"),
        ("are neither true nor false", "give true and false, or 1 and 0"),
    )
    return found


def row_amounts(argument: str, values: ArrayLike, rows: int) -> Floats:
    """Numbers from 0 on (rows,), NaN where there is none. Raises ``NotMeasurable`` for negative ones."""
    found = row_numbers(argument, values, rows)
    refuse(found < 0, argument, ("为负", "请更正，没有的写 0"), ("are negative", "correct them, with 0 for nothing"))
    return found


def row_flags(argument: str, flags: ArrayLike, rows: int) -> Flags:
    """True and false (rows,). Raises ``NotMeasurable`` where they are something else or not that many."""
    found = np.asarray(flags)
    if found.dtype != np.bool_:
        raise NotMeasurable(
            f"{argument}：应为每行一个真或假，不是行号或其他值；缺失请先说明怎样处理。",
            f"{argument}: give true or false for each row, not row numbers or other values; decide first what becomes "
            "of missing ones.",
        )
    if found.shape != (rows,):
        raise _not_that_many(argument, found.size, rows)
    return found


def rows_of(domain: Flags | None, rows: int) -> Flags:
    """The rows that are meant (rows,): all without a ``domain``. Raises ``NotMeasurable``."""
    return np.ones(rows, np.bool_) if domain is None else row_flags("domain", domain, rows)


def numbers_of(argument: str, values: ArrayLike) -> Floats:
    """Numbers of any shape, NaN where one is missing or masked. Raises ``NotMeasurable`` where they are no numbers."""
    try:
        masked = isinstance(values, np.ma.MaskedArray)
        return np.ma.filled(np.ma.asarray(values, np.float64), np.nan) if masked else np.asarray(values, np.float64)
    except (TypeError, ValueError) as error:
        listed = np.asarray(values, dtype=object)
        wrong = (
            np.array([not _is_number(value) for value in listed], np.bool_) if listed.ndim == 1 else np.zeros(0, bool)
        )
        refuse(wrong, argument, ("不是数", "请给数，缺失用 NaN"), ("are no numbers", "give numbers, NaN where missing"))
        raise NotMeasurable(
            f"{argument}：有不是数的值；请给数，缺失用 NaN。",
            f"{argument}: there are values that are no numbers; give numbers, and NaN where one is missing.",
        ) from error


def _is_number(value: object) -> bool:
    try:
        float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return value is None
    return True


def _not_that_many(argument: str, size: int, rows: int) -> NotMeasurable:
    return NotMeasurable(
        f"{argument}：有 {size:,} 个值，权重有 {rows:,} 个；每行应各有一个。",
        f"{argument}: {size:,} values for {rows:,} weights; there must be one for each row.",
    )
