"""How a sample was drawn: weights, strata, the units of every stage, and how much of each stratum they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from jingzhun.measurement.cells import Codes as Codes  # others take it from here
from jingzhun.measurement.cells import occurring
from jingzhun.measurement.fault import NotMeasurable, refuse
from jingzhun.measurement.measured import Flags, Floats
from jingzhun.measurement.unequal import Unequal, unit_probabilities
from jingzhun.measurement.usable_rows import numbers_of

LonelyPsu = Literal["error", "remove", "certainty", "average", "adjust"]


@dataclass(frozen=True, slots=True, eq=False)
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


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A sample's design. ``weights`` (rows,) say how many each row stands for: one over its chance to be drawn.

    ``unequal`` says how units of the first stage were drawn with chances of their own, ``chances`` (units,) which.
    """

    weights: Floats
    stages: tuple[Stage, ...]
    lonely_psu: LonelyPsu = "error"
    unequal: Unequal | None = None
    chances: Floats | None = None

    @property
    def rows(self) -> int:
        return len(self.weights)

    def degrees_of_freedom(self, domain: Flags | None = None) -> int:
        """Units of the first stage less strata, of those with a row of ``domain`` that weighs anything.

        As R's ``degf`` of a subset; Stata counts the units of the whole sample for a domain too, which is bolder.
        Below 1 there is no interval.
        """
        first, counted = self.stages[0], self.weights > 0
        units = np.unique(first.unit[counted if domain is None else counted & domain])
        return len(units) - len(np.unique(first.unit_stratum[units]))


def survey_design(
    weights: ArrayLike | None = None,
    *,
    strata: ArrayLike | None = None,
    psu: ArrayLike | Sequence[ArrayLike] | None = None,
    fpc: ArrayLike | Sequence[ArrayLike] | None = None,
    nest: bool = False,
    lonely_psu: LonelyPsu = "error",
    unequal: Unequal | None = None,
) -> Design:
    """The design of a sample from one value for each row.

    ``weights`` (rows,) are numbers from 0 on, one over the chance to be drawn; a row that weighs 0 only keeps its unit
    in the count. Without them they follow from ``fpc`` and ``unequal``, if every stage has its share. ``strata``
    (rows,) are groups drawn from apart; without it there is one. ``psu`` is one column of clusters, or a list of them
    for several stages; without it every row was drawn by itself. ``fpc`` is one column, or one for each stage: the
    number of units in the stratum (of the cluster, at later stages), or, where no value is above 1, the share of them
    that was drawn; without it the drawing counts as with replacement, and only the first stage matters; an infinite
    number says so of one stratum. ``nest`` says that cluster numbers begin anew in every stratum.

    ``lonely_psu`` is what becomes of a stratum with one unit, whose variance nothing tells: ``error`` (default)
    refuses; ``remove`` and ``certainty`` let it add nothing; ``average`` gives it the mean of the other strata;
    ``adjust`` takes the unit's distance from zero, the mean of linearised values. These are the conventions of R's
    ``survey`` (Lumley 2010), whose default is to refuse as well; Stata's ``singleunit(centered)`` is ``adjust`` with
    the units' mean, which differs for totals. At later stages ``average`` is that of the whole stage (R: of the unit).

    ``unequal`` says that the first stage was drawn with unequal chances without replacement; ``fpc`` is then ``None``
    for that stage: ``fpc=[None, sizes]``. With replacement (Hansen and Hurwitz 1943) is no ``fpc`` at all.

    Raises ``NotMeasurable``.
    """
    if lonely_psu not in get_args(LonelyPsu):
        listed = ", ".join(get_args(LonelyPsu))
        raise NotMeasurable(
            f"lonely_psu：没有“{lonely_psu}”这种办法；可以写 {listed}。",
            f"lonely_psu: there is no {lonely_psu!r}; use one of {listed}.",
        )
    columns, shares = _columns(psu), _columns(fpc)
    weight = None if weights is None else _weights(weights)
    rows = len(weight) if weight is not None else _rows(columns, shares, unequal)
    first = _codes("strata", strata, rows) if strata is not None else np.zeros(rows, np.int64)
    clusters = [_codes("psu", column, rows) for column in columns] or [np.arange(rows, dtype=np.int64)]
    if not nest and columns:
        _one_stratum_each(clusters[0], first)
    if len(shares) > len(clusters):
        raise NotMeasurable(
            f"fpc：给了 {len(shares)} 级，psu 只有 {len(clusters)} 级；请每级给一列，或补上各级的 psu。",
            f"fpc: {len(shares)} stages are given but psu has {len(clusters)}; give one column a stage.",
        )
    stages = tuple(_stages(first, clusters, shares))
    chances = None if unequal is None else _chances(unequal, stages[0], shares, lonely_psu)
    given = _implied(stages, chances) if weight is None else weight
    return Design(given, stages, lonely_psu, unequal, chances)


def _rows(columns: list[Any], shares: list[Any], unequal: Unequal | None) -> int:
    for column in [*columns, *shares, *([unequal.probabilities] if unequal else [])]:
        if column is not None:
            return len(np.asarray(column))
    raise NotMeasurable(
        "weights：没有给出权重，也没有 fpc 可以推算；请给出权重，等概率时全部填 1。",
        "weights: neither weights nor an fpc to work them out from; give weights, all 1 if they are equal.",
    )


def _implied(stages: tuple[Stage, ...], chances: Floats | None) -> Floats:
    """One over the product of the shares drawn at every stage."""
    chance = np.ones(len(stages[0].unit))
    for number, stage in enumerate(stages):
        first = number == 0 and chances is not None
        chance = chance * (chances[stage.unit] if first and chances is not None else stage.fraction_of[stage.stratum])
    refuse(
        chance == 0,
        "weights",
        ("没有权重，也不能由 fpc 推算", "请给出权重，或补全各级的 fpc"),
        ("have no weight and none follows from fpc", "give weights, or the fpc of every stage"),
    )
    return np.asarray(1 / chance, np.float64)


def _chances(unequal: Unequal, first: Stage, shares: list[Any], lonely: LonelyPsu) -> Floats:
    """The chance of each unit of the first stage, and refusals of what does not go with it."""
    if shares and shares[0] is not None:
        raise NotMeasurable(
            "fpc：首级已由 unequal 给出入样概率，不能再给总体数；多级时请写 fpc=[None, 第二级的总体数]。",
            "fpc: the first stage has its chances in unequal; with several stages fpc=[None, sizes].",
        )
    if unequal.method != "brewer" and lonely in ("average", "adjust"):
        raise NotMeasurable(
            f"lonely_psu：{lonely} 不适用于 {unequal.method} 方差；请用 certainty，或合并层。",
            f"lonely_psu: {lonely} has no meaning for the variance of {unequal.method}; use certainty, or join strata.",
        )
    unequal.check(first.unit, first.units, first.strata)
    return unit_probabilities(unequal, first.unit)


def _weights(weights: ArrayLike) -> Floats:
    found = numbers_of("weights", weights)
    if found.ndim != 1 or not len(found):
        raise NotMeasurable(
            "weights：应为一列数，每行一个，至少一行。", "weights: give one number for each row, and at least one row."
        )
    refuse(
        ~np.isfinite(found), "weights", ("缺权重", "请补上，或先去掉这些行并说明"), ("lack a weight", "fill them in")
    )
    refuse(found < 0, "weights", ("权重为负", "请更正"), ("have a negative weight", "correct them"))
    if not found.any():
        raise NotMeasurable(
            "weights：没有一行的权重大于 0；请检查给出的是不是权重。",
            "weights: no row weighs more than 0; see whether these are the weights.",
        )
    return found


def _columns(given: Any) -> list[Any]:
    """Nothing, one column or several, as a list of columns."""
    if given is None:
        return []
    if isinstance(given, np.ndarray) and given.ndim == 2:
        return list(given.T)
    several = isinstance(given, (list, tuple)) and any(part is not None and not np.isscalar(part) for part in given)
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
        empty = np.array([value is None or value != value for value in values])
        refuse(empty, argument, ("没有值", "请补上"), ("are empty", "fill them in"))
        values = values.astype(str)
    if values.dtype.kind == "f":
        refuse(np.isnan(values), argument, ("没有值", "请补上"), ("are empty", "fill them in"))
    if values.dtype.kind in "iu" and rows:
        low = values.min()
        return occurring((values - low).astype(np.int64), int(values.max()) - int(low) + 1)[1]
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
        clusters_of = int(cluster.max()) + 1
        found_units, unit = occurring(stratum * clusters_of + cluster, (int(stratum.max()) + 1) * clusters_of)
        unit_stratum = found_units // clusters_of
        drawn = np.bincount(unit_stratum)
        share = shares[number] if number < len(shares) else None
        fraction = np.zeros(len(drawn)) if share is None else _fraction(share, stratum, drawn)
        found.append(Stage(unit, stratum, unit_stratum, drawn, fraction))
        stratum = unit
    return found


def _fraction(share: ArrayLike, stratum: Codes, drawn: Codes) -> Floats:
    """Of each stratum, the share of its units that was drawn, from shares or from numbers of units."""
    given = numbers_of("fpc", share)
    if given.shape != stratum.shape:
        raise NotMeasurable(
            f"fpc：有 {given.size:,} 个值，数据有 {len(stratum):,} 行；每行应有一个。",
            f"fpc: {given.size:,} values for {len(stratum):,} rows; there must be one for each row.",
        )
    refuse(~(given > 0), "fpc", ("没有总体单元数", "请补上"), ("lack the number of units", "fill it in"))
    refuse(
        (given < 1) & bool((given > 1).any()),
        "fpc",
        ("是小于 1 的抽样比，而同列又有总体单元数", "请统一为其中一种"),
        ("have a share below 1 among numbers of units", "give one or the other throughout"),
    )
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
