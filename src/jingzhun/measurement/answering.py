"""From a request to its estimates: each measure by its name, for every group that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from jingzhun.measurement import estimate
from jingzhun.measurement.design import Design, survey_design
from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.frame import Frame, columns_of
from jingzhun.measurement.measured import Flags
from jingzhun.measurement.measures import MEASURES, Situation
from jingzhun.measurement.request import Asked, Request, read_request


def answer_request(path: Path) -> list[dict[str, Any]]:
    """The estimates of a request, one entry for each group and component, as JSON shows them.

    Raises ``NotMeasurable``: a key, column, argument or design that cannot be meant, with its name and what to do.
    """
    request = read_request(path)
    for asked in request.estimates:
        _check(asked)
    with Frame(path.parent / request.data) as frame:
        design = _design(request, frame)
        everywhere = np.ones(frame.rows, np.bool_)
        inside = frame.flags(request.where, "where") if request.where else everywhere
        return [entry for asked in request.estimates for entry in _entries(request, frame, design, inside, asked)]


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


def _design(request: Request, frame: Frame) -> Design:
    psu, fpc = columns_of(request.psu), columns_of(request.fpc)
    return survey_design(
        frame.numbers(request.weights, "weights") if request.weights else np.ones(frame.rows),
        strata=frame.texts(request.strata, "strata") if request.strata else None,
        psu=[frame.texts(name, "psu") for name in psu] or None,
        fpc=[frame.numbers(name, "fpc") for name in fpc] or None,
        nest=request.nest,
        lonely_psu=request.lonely_psu,
    )


def _entries(request: Request, frame: Frame, design: Design, inside: Flags, asked: Asked) -> Iterator[dict[str, Any]]:
    everybody = inside
    if asked.where:
        inside = inside & frame.flags(asked.where, f"{asked.id}.where")
    for group, domain in _groups(frame, inside, asked):
        for component, measured in MEASURES[asked.measure].work_out(Situation(frame, design, everybody, domain, asked)):
            found = estimate.estimated(measured, design, domain, request.ci)
            yield {"id": asked.id, "group": group, "component": component, **asdict(found)}


def _groups(frame: Frame, inside: Flags, asked: Asked) -> Iterator[tuple[Any, Flags]]:
    """The whole, or every group there is among the rows, in the order of its values; empty values are a group too.

    A group of one column is called by its value, of several by a list of them.
    """
    if not asked.groups:
        yield None, inside
        return
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
