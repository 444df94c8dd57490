"""From a request to its estimates: each measure by its name, for every group that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from jingzhun.measurement.design import Design, survey_design
from jingzhun.measurement.estimate import Estimate, estimated
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.measured import Flags
from jingzhun.measurement.measures import MEASURES, Situation
from jingzhun.measurement.request import Asked, Pps, Request, read_request
from jingzhun.measurement.request_table import Frame, columns_of, read_matrix
from jingzhun.measurement.unequal import Unequal

STANDARD = "standard"
Standards = Callable[[str], Mapping[str, Any] | None]
"""The arguments that a standard by that name stands for; ``None`` where there is no such standard."""


def answer_request(path: Path, standards: Standards = lambda _: None) -> list[dict[str, Any]]:
    """The estimates of a request, one entry for each group and component, as JSON shows them.

    ``standard: NAME`` in an estimate stands for the arguments that ``standards`` gives, as far as they are not written
    beside it. Raises ``NotMeasurable``: a key, column, argument or design that cannot be meant, with its name and what
    to do.
    """
    request = read_request(path)
    _check_names(request)
    request = request.model_copy(update={"estimates": [_written_out(one, standards) for one in request.estimates]})
    for asked in request.estimates:
        _check(asked)
    with Frame(path.parent / request.data) as frame:
        design = _design(request, frame, path.parent)
        everywhere = np.ones(frame.rows, np.bool_)
        inside = frame.flags(request.where, "where") if request.where else everywhere
        return [entry for asked in request.estimates for entry in _entries(request, frame, design, inside, asked)]


def _written_out(asked: Asked, standards: Standards) -> Asked:
    """The estimate with the arguments of the standard that it names."""
    name = asked.arguments.get(STANDARD)
    if name is None:
        return asked
    found = standards(str(name))
    if found is None:
        raise NotMeasurable(
            f"{asked.id}：没有名为“{name}”的标准；政策包的 deprivation/ 里有哪些，见 docs/reference/measures.md。",
            f"{asked.id}: there is no standard {name!r}; those of the pack stand in docs/reference/measures.md.",
        )
    return Asked.model_validate({**found, **asked.model_dump(exclude={STANDARD})})


def _check_names(request: Request) -> None:
    """Refuse a request for nothing, and two estimates of one name, which nobody could tell apart."""
    names = [asked.id for asked in request.estimates]
    if not names:
        raise NotMeasurable("estimates：一项也没有；请至少写一项。", "estimates: there is none; write one or more.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise NotMeasurable(
            f"estimates：编号 {'、'.join(twice)} 出现不止一次；请各用一个编号。",
            f"estimates: the id {', '.join(twice)} stands more than once; give each its own.",
        )


def _check(asked: Asked) -> None:
    """Refuse a measure that there is none of, and arguments that are missing or not its own."""
    measure = MEASURES.get(asked.measure)
    if measure is None:
        listed = ", ".join(get_close_matches(asked.measure, MEASURES, n=1) or MEASURES)
        raise NotMeasurable(
            f"{asked.id}：没有“{asked.measure}”这种指标；是否为 {listed}？",
            f"{asked.id}: there is no measure {asked.measure!r}; did you mean {listed}?",
        )
    known = {*measure.required, *measure.optional}
    if missing := [name for name in measure.required if name not in asked.arguments]:
        raise NotMeasurable(
            f"{asked.id}：{asked.measure} 缺少参数 {'、'.join(missing)}。",
            f"{asked.id}: {asked.measure} lacks {', '.join(missing)}.",
        )
    if strange := [name for name in asked.arguments if name not in known]:
        listed = ", ".join(sorted(known))
        raise NotMeasurable(
            f"{asked.id}：{asked.measure} 没有参数 {'、'.join(strange)}；可用的有 {listed}。",
            f"{asked.id}: {asked.measure} has no argument {', '.join(strange)}; there are {listed}.",
        )


def _design(request: Request, frame: Frame, folder: Path) -> Design:
    psu, fpc = columns_of(request.psu), columns_of(request.fpc)
    unequal = _unequal(request.pps, frame, folder) if request.pps else None
    follows = unequal is not None or len(fpc) == max(len(psu), 1)
    everybody_counts_one = None if follows else np.ones(frame.rows)
    return survey_design(
        frame.numbers(request.weights, "weights") if request.weights else everybody_counts_one,
        strata=frame.texts(request.strata, "strata") if request.strata else None,
        psu=[frame.texts(name, "psu") for name in psu] or None,
        fpc=[frame.numbers(name, "fpc") for name in fpc] or None,
        nest=request.nest,
        lonely_psu=request.lonely_psu,
        unequal=unequal,
    )


def _unequal(pps: Pps, frame: Frame, folder: Path) -> Unequal | None:
    """How the first stage was drawn with unequal chances; nothing where it was with replacement."""
    if pps.method == "with_replacement":
        return None
    if pps.prob is None:
        raise NotMeasurable(
            f"pps：{pps.method} 需要 prob，即每个单元入样的概率。", f"pps: {pps.method} needs prob, each unit's chance."
        )
    chances = frame.numbers(pps.prob, "pps.prob")
    if pps.method == "brewer" or pps.method == "overton" or pps.method == "hartley_rao":
        return Unequal(chances, pps.method, pps.form)
    if pps.joint is None:
        raise NotMeasurable(
            f"pps：{pps.method} 需要 joint，即两两同时入样概率的文件。",
            f"pps: {pps.method} needs joint, a file of pairs' chances.",
        )
    return Unequal(chances, "joint", pps.method, read_matrix(folder / pps.joint, "pps.joint"))


def _entries(request: Request, frame: Frame, design: Design, inside: Flags, asked: Asked) -> Iterator[dict[str, Any]]:
    everybody = inside
    if asked.where:
        inside = inside & frame.flags(asked.where, f"{asked.id}.where")
    for group, domain in _groups(frame, inside, asked):
        situation = Situation(frame, design, everybody, domain, asked, request.ci)
        for one in MEASURES[asked.measure].work_out(situation):
            found = one.found if isinstance(one.found, Estimate) else estimated(one.found, design, domain, request.ci)
            named = {"id": asked.id, "group": group if one.group is None else one.group, "component": one.name}
            yield named | asdict(found)


def _groups(frame: Frame, inside: Flags, asked: Asked) -> Iterator[tuple[Any, Flags]]:
    """The whole, or every group there is among the rows, in the order of its values; empty values are a group too.

    A group of one column is called by its value, of several by a list of them.
    """
    if not asked.groups:
        yield None, inside
        return
    if not inside.any():
        raise NotMeasurable(
            f"{asked.id}：没有一行符合条件，无从分组；请检查 where。",
            f"{asked.id}: no row fulfils the condition, so there is no group; check where.",
        )
    columns = [frame.texts(name, f"{asked.id}.by") for name in asked.groups]
    keys = list(zip(*columns, strict=True))
    order = sorted(
        {key for key, used in zip(keys, inside, strict=True) if used}, key=lambda key: [*map(_sortable, key)]
    )
    number = {key: place for place, key in enumerate(order)}
    of = np.array([number.get(key, -1) for key in keys])
    for key, place in number.items():
        yield key[0] if isinstance(asked.by, str) else list(key), inside & (of == place)


def _sortable(value: Any) -> tuple[int, Any]:
    if value is None:
        return 2, 0
    return (0, value) if isinstance(value, (int, float)) else (1, str(value))
