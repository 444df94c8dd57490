"""How a sample was drawn: weights, strata, the units of every stage, and how much of each stratum they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Flags, Floats

Codes = NDArray[np.int64]
"""A whole number for each row: which of the groups it belongs to, from 0 on."""
LonelyPsu = Literal["error", "remove", "certainty", "average", "adjust"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the drawing, for every row of the data.

    ``unit`` is the row's unit of this stage, ``stratum`` the group it was drawn from (at a later stage: its unit of the
    stage before). ``fraction`` (units,) is the share of the stratum's units that was drawn, 0 where drawn with
    replacement or not known. ``unit_stratum`` (units,) says of every unit its stratum, ``drawn`` (strata,) how many
    units were drawn of it, ``fraction_of`` (strata,) the same share by stratum.
    """

    unit: Codes
    stratum: Codes
    unit_stratum: Codes
    drawn: Codes
    fraction_of: Floats

    @property
    def units(self) -> int:
        return len(self.unit_stratum)

    @property
    def strata(self) -> int:
        return len(self.drawn)


@dataclass(frozen=True, slots=True)
class Design:
    """A sample's design. ``weights`` (rows,) say how many each row stands for: one over its chance to be drawn."""

    weights: Floats
    stages: tuple[Stage, ...]
    lonely_psu: LonelyPsu = "error"

    @property
    def rows(self) -> int:
        return len(self.weights)

    def degrees_of_freedom(self, domain: Flags | None = None) -> int:
        """Units of the first stage less strata; with ``domain``, those that have a row in it (as R's ``degf``)."""
        first = self.stages[0]
        if domain is None:
            return first.units - first.strata
        units = np.unique(first.unit[domain])
        return len(units) - len(np.unique(first.unit_stratum[units]))


def survey_design(
    weights: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    psu: ArrayLike | Sequence[ArrayLike] | None = None,
    fpc: ArrayLike | Sequence[ArrayLike] | None = None,
    nest: bool = False,
    lonely_psu: LonelyPsu = "error",
) -> Design:
    """The design of a sample from one value for each row.

    ``weights`` (rows,) are positive numbers. ``strata`` (rows,) are groups drawn from apart; without it there is one.
    ``psu`` is one column of clusters, or a list of them for several stages; without it every row was drawn by itself.
    ``fpc`` is one column, or one for each stage: the number of units in the stratum (of the cluster, at later
    stages), or, where no value is above 1, the share of them that was drawn; without it the drawing counts as with
    replacement, and only the first stage matters. ``nest`` says that cluster numbers begin anew in every stratum.

    ``lonely_psu`` is what becomes of a stratum with one unit, whose variance nothing tells: ``error`` (default)
    refuses; ``remove`` and ``certainty`` let it add nothing; ``average`` gives it the mean of the other strata;
    ``adjust`` takes the unit's distance from zero, the mean of linearised values. These are the conventions of R's
    ``survey`` (Lumley 2010), whose default is to refuse as well.

    Raises ``NotMeasurable``.
    """
    if lonely_psu not in get_args(LonelyPsu):
        listed = ", ".join(get_args(LonelyPsu))
        raise NotMeasurable(
            f"lonely_psu：没有“{lonely_psu}”这种办法；可以写 {listed}。",
            f"lonely_psu: there is no {lonely_psu!r}; use one of {listed}.",
        )
    weight = _weights(weights)
    rows = len(weight)
    first = _codes("strata", strata, rows) if strata is not None else np.zeros(rows, np.int64)
    columns = _columns(psu)
    clusters = [_codes("psu", column, rows) for column in columns] or [np.arange(rows, dtype=np.int64)]
    if not nest and columns:
        _one_stratum_each(clusters[0], first)
    shares = _columns(fpc)
    if len(shares) > len(clusters):
        raise NotMeasurable(
            f"fpc：给了 {len(shares)} 级，psu 只有 {len(clusters)} 级；请每级给一列，或补上各级的 psu。",
            f"fpc: {len(shares)} stages are given but psu has {len(clusters)}; give one column a stage.",
        )
    return Design(weight, tuple(_stages(first, clusters, shares)), lonely_psu)


def _weights(weights: ArrayLike) -> Floats:
    found = np.asarray(weights, np.float64)
    if found.ndim != 1 or not len(found):
        raise NotMeasurable(
            "weights：应为一列数，每行一个，至少一行。", "weights: give one number for each row, and at least one row."
        )
    refuse(
        ~np.isfinite(found), "weights", ("缺权重", "请补上，或先去掉这些行并说明"), ("lack a weight", "fill them in")
    )
    refuse(found < 0, "weights", ("权重为负", "请更正"), ("have a negative weight", "correct them"))
    return found


def _columns(given: Any) -> list[Any]:
    """Nothing, one column or several, as a list of columns."""
    if given is None:
        return []
    several = isinstance(given, (list, tuple)) and given and not np.isscalar(given[0])
    return list(given) if several else [given]


def _codes(argument: str, column: ArrayLike, rows: int) -> Codes:
    """The groups of a column as numbers from 0 on, in the order of their values."""
    values = np.asarray(column)
    if values.shape != (rows,):
        raise NotMeasurable(
            f"{argument}：有 {values.size:,} 个值，权重有 {rows:,} 个；每行应有一个。",
            f"{argument}: {values.size:,} values for {rows:,} weights; there must be one for each row.",
        )
    if values.dtype.kind == "O":
        refuse(
            np.array([value is None for value in values]), argument, ("没有值", "请补上"), ("are empty", "fill them in")
        )
        values = values.astype(str)
    if values.dtype.kind == "f":
        refuse(np.isnan(values), argument, ("没有值", "请补上"), ("are empty", "fill them in"))
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def _one_stratum_each(cluster: Codes, stratum: Codes) -> None:
    """Refuse a cluster number that stands in two strata: is it one cluster, or do numbers begin anew?"""
    lowest = np.full(cluster.max() + 1, stratum.max() + 1)
    np.minimum.at(lowest, cluster, stratum)
    refuse(
        lowest[cluster] != stratum,
        "psu",
        ("的初级单元编号也出现在别的层", "各层重新编号时请加 nest: true，否则请更正"),
        (
            "have a cluster number that stands in another stratum too",
            "say nest: true if numbers begin anew, or correct",
        ),
    )


def _stages(stratum: Codes, clusters: list[Codes], shares: list[Any]) -> list[Stage]:
    """Each stage with its units told apart within their strata; a later stage's strata are the units before it."""
    found: list[Stage] = []
    for number, cluster in enumerate(clusters):
        _, first, unit = np.unique(stratum * (cluster.max() + 1) + cluster, return_index=True, return_inverse=True)
        unit_stratum = stratum[first]
        drawn = np.bincount(unit_stratum)
        fraction = _fraction(shares[number], stratum, drawn) if number < len(shares) else np.zeros(len(drawn))
        found.append(Stage(unit, stratum, unit_stratum, drawn, fraction))
        stratum = unit
    return found


def _fraction(share: ArrayLike, stratum: Codes, drawn: Codes) -> Floats:
    """Of each stratum, the share of its units that was drawn, from shares or from numbers of units."""
    given = np.asarray(share, np.float64)
    if given.shape != stratum.shape:
        raise NotMeasurable(
            f"fpc：有 {given.size:,} 个值，数据有 {len(stratum):,} 行；每行应有一个。",
            f"fpc: {given.size:,} values for {len(stratum):,} rows; there must be one for each row.",
        )
    refuse(~(given > 0), "fpc", ("没有总体单元数", "请补上"), ("lack the number of units", "fill it in"))
    one = np.zeros(len(drawn))
    one[stratum] = given
    refuse(
        one[stratum] != given,
        "fpc",
        ("与同层其他行不一致", "同一层（后级：同一上级单元）只能有一个数，请更正"),
        ("differ from others of their stratum", "a stratum (later: a unit) has one number; correct them"),
    )
    if (given <= 1).all():
        return one
    refuse(
        (one < drawn)[stratum],
        "fpc",
        ("所在层的总体单元数小于样本单元数", "请核对总体数"),
        ("are of a stratum with fewer units than were drawn", "check the number of units"),
    )
    return np.asarray(drawn / one, np.float64)
