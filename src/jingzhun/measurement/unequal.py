"""A first stage drawn with unequal chances (PPS) without replacement: which variance, and what it needs to know.

The usual estimators need the chance of two units to be drawn together; Brewer, Overton and Hartley-Rao make do with the
single chances. Sampling with replacement (Hansen-Hurwitz) needs none of this: it is a design without ``fpc``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.cells import Codes
from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Floats

Method = Literal["brewer", "overton", "hartley_rao", "joint"]
Form = Literal["yates_grundy", "horvitz_thompson"]


@dataclass(frozen=True, slots=True, eq=False)
class Unequal:
    """How the first stage was drawn with unequal chances, without replacement.

    ``probabilities`` (rows,): the chance of each row's primary unit to be drawn, above 0 and at most 1.

    ``method``: ``brewer`` (Brewer 2002, c_i = (n-1)/(n-p_i)), ``overton`` (Overton 1985), ``hartley_rao`` (Hartley and
    Rao 1962), or ``joint`` with the true chances of pairs in ``joint`` (units, units). Its rows and columns are the
    units by stratum, then by label (or by row, where every row is a unit), its diagonal the single chances.
    ``sum_of_squares``, for ``hartley_rao``, is that of the chances of the whole population (a design without strata);
    without it the sample's estimate, the sum of its chances, is taken in each stratum.

    ``form``: Yates-Grundy (Sen 1953; samples of fixed size, never negative where no pair is likelier than independent
    draws make it) or Horvitz-Thompson (1952), which is R ``survey``'s default. ``brewer`` has one form only. Units
    drawn with certainty are best put in a stratum of their own.
    """

    probabilities: ArrayLike
    method: Method = "brewer"
    form: Form = "yates_grundy"
    joint: ArrayLike | None = None
    sum_of_squares: float | None = None

    def check(self, unit: Codes, units: int, strata: int) -> None:
        """Refuse what does not fit the sample; ``unit`` (rows,) are the codes of the primary units."""
        if self.sum_of_squares is not None and strata > 1:
            raise NotMeasurable(
                f"sum_of_squares：只适用于不分层的设计，而样本有 {strata} 层；请去掉，由样本逐层估计。",
                f"sum_of_squares: is for one stratum and the sample has {strata}; leave it out to estimate it in each.",
            )
        if self.method != "joint":
            return
        together, single = self.pairs(units), unit_probabilities(self, unit)
        if not (together > 0).all() or not np.allclose(np.diag(together), single, rtol=1e-6):
            raise NotMeasurable(
                "joint：成对入样概率须全部大于 0，对角线须等于 probabilities；请按层、再按单元编号的顺序给出。",
                "joint: the chances of pairs must be above 0 and those on the diagonal be probabilities; give them by "
                "stratum, then by label.",
            )

    def pairs(self, units: int) -> Floats:
        """The joint probabilities (units, units)."""
        together = np.zeros((0, 0)) if self.joint is None else np.asarray(self.joint, np.float64)
        if together.shape != (units, units):
            raise NotMeasurable(
                f"joint：形状是 {together.shape}，样本有 {units} 个初级单元；请给出每两个单元同时入样的概率。",
                f"joint: has the shape {together.shape}, the sample {units} primary units; give each pair's chance.",
            )
        return together


def unit_probabilities(unequal: Unequal, unit: Codes) -> Floats:
    """The chance of each primary unit (units,): one per unit, above 0 and at most 1, or ``NotMeasurable``."""
    given = np.asarray(unequal.probabilities, np.float64)
    if given.shape != unit.shape:
        raise NotMeasurable(
            f"probabilities：有 {given.size:,} 个值，数据有 {len(unit):,} 行；每行应有一个。",
            f"probabilities: {given.size:,} values for {len(unit):,} rows; there must be one for each row.",
        )
    refuse(
        ~((given > 0) & (given <= 1)),
        "probabilities",
        ("缺入样概率，或不在 0 到 1 之间", "请更正"),
        ("have no chance between 0 and 1", "correct them"),
    )
    by_unit = np.zeros(int(unit.max(initial=-1)) + 1)
    by_unit[unit] = given
    refuse(
        by_unit[unit] != given,
        "probabilities",
        ("的入样概率与同一初级单元的其他行不一致", "请给出初级单元的概率，而不是行的概率"),
        ("differ from others of their primary unit", "give the unit's chance, not the row's"),
    )
    return by_unit
