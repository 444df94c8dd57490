"""Events of dynamic adjustment in a township, so that opening stock plus events gives the closing stock exactly."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jingzhun.model import labels as core
from jingzhun.population.blueprint import OPENING_POOR, Path
from jingzhun.population.columns import Bools, between, draw, numbered, pick, rows
from jingzhun.population.register_rows import Scene, person_codes
from jingzhun.population.shares import Ints
from jingzhun.population.township import DISSOLVED, JOINED, LEFT, RESIDENT

WITHOUT_PERSON = -1


def exit_days(scene: Scene) -> Ints:
    """Day on which each household left poverty within the period (0: did not)."""
    rng, path, n = scene.rng("exit days"), scene.homes.path, len(scene.homes.path)
    last, first = scene.as_of.year, scene.county.plan.calibration.opening_year + 1
    early = between(rng, date(first, 11, 1), date(first, 12, 20), n)
    late = between(rng, date(last, 10, 20), date(last, 12, 20), n)
    in_first = rng.random(n) < 0.48
    exited = np.where(in_first, early, late)
    return np.select([path == Path.EXITED, path == Path.NEW_EXITED], [exited, late], 0)


def event_rows(scene: Scene) -> pa.Table:
    """All events of the township, numbered in order of day."""
    parts = [
        _whole(scene, (Path.NEW_EXITED, Path.NEW_POOR), core.NEW, core.STOCK_NONE, _new_days(scene)),
        _whole(scene, (Path.FELL_BACK,), core.FELL_BACK, core.STOCK_EXITED, _autumn(scene, "back")),
        _whole(scene, (Path.CLEARED_POOR,), core.CLEARED, core.STOCK_POOR, _autumn(scene, "clear")),
        _whole(scene, (Path.CLEARED_EXITED,), core.CLEARED, core.STOCK_EXITED, _autumn(scene, "clear exited")),
        _whole(scene, (Path.EXITED, Path.NEW_EXITED), core.EXITED, core.STOCK_POOR, scene.exit_day),
        _natural(scene),
        _split(scene),
        _merged(scene),
        _dissolved(scene),
    ]
    table = pa.concat_tables(parts).combine_chunks()
    table = table.take(pc.sort_indices(table, [("occurred_on", "ascending"), ("household_code", "ascending")]))
    number = numbered(scene.township[:9], np.arange(1, len(table) + 1), 7)
    return table.set_column(0, "event_no", number)


def _new_days(scene: Scene) -> Ints:
    """Those who exit in the last year were identified before it."""
    rng, n = scene.rng("new days"), len(scene.homes.path)
    first, last = scene.county.plan.calibration.opening_year + 1, scene.as_of.year
    early = between(rng, date(first, 6, 1), date(first, 10, 25), n)
    late = between(rng, date(last, 6, 1), date(last, 10, 25), n)
    return np.where((scene.homes.path == Path.NEW_EXITED) | (rng.random(n) < 0.5), early, late)


def _autumn(scene: Scene, purpose: str) -> Ints:
    rng, n = scene.rng(purpose), len(scene.homes.path)
    first, last = scene.county.plan.calibration.opening_year + 1, scene.as_of.year
    year = np.where(rng.random(n) < 0.55, first, last)
    return np.where(
        year == first,
        between(rng, date(first, 3, 1), date(first, 10, 15), n),
        between(rng, date(last, 3, 1), date(last, 10, 15), n),
    )


def _whole(scene: Scene, paths: tuple[Path, ...], kind: str, stock: str, days: Ints) -> pa.Table:
    """An event of whole households: a row for each member of that day, the head's one marked."""
    folk = scene.folk
    on = days[folk.home]
    member = (folk.state == RESIDENT) & ~(folk.joined & (folk.moved > on))
    member |= (folk.state != RESIDENT) & (folk.state != DISSOLVED) & (folk.moved > on)
    people = np.flatnonzero(member & scene.homes.is_in(paths)[folk.home])
    reasons = {
        core.NEW: scene.county.plan.calibration.labels.new_reason,
        core.CLEARED: scene.county.plan.calibration.labels.clear_reason,
        core.FELL_BACK: scene.county.plan.calibration.labels.relapse_reason,
    }.get(kind, {"稳定达标": 1.0})
    reason = draw(scene.rng(f"{kind} {stock}"), reasons, len(scene.homes.path))
    home = folk.home[people]
    return _rows(scene, kind, stock, home, people, on[people], folk.order[people] == 0, reason.take(pa.array(home)))


def _natural(scene: Scene) -> pa.Table:
    """People who joined or left households that went on. Before its exit the household stood under 贫困."""
    folk = scene.folk
    people = np.flatnonzero(folk.moved > 0)
    home, on = folk.home[people], folk.moved[people]
    came = folk.joined[people]
    reason = pc.if_else(pa.array(came), pick(JOINED, folk.reason[people]), pick(LEFT, folk.reason[people]))
    kind = pick((core.NATURAL_OUT, core.NATURAL_IN), came.astype(np.int64))
    stock = _stock(scene, home, on)
    return _rows(scene, kind, stock, home, people, on, np.zeros(len(people), bool), reason)


def _stock(scene: Scene, home: Ints, on: Ints) -> pa.Array:
    poor = scene.homes.is_in(OPENING_POOR)[home]
    left = (scene.exit_day[home] > 0) & (on > scene.exit_day[home])
    return pick((core.STOCK_EXITED, core.STOCK_POOR), (poor & ~left).astype(np.int64))


def _split(scene: Scene) -> pa.Table:
    home = np.flatnonzero(scene.homes.origin >= 0)
    other = scene.codes.take(pa.array(scene.homes.origin[home]))
    on = _autumn(scene, "split")[home]
    return _alone(scene, core.SPLIT, home, on, scene.codes.take(pa.array(home)), other, "子女成家分户")


def _merged(scene: Scene) -> pa.Table:
    people = np.flatnonzero(scene.folk.merged > 0)
    home = scene.folk.home[people]
    own = numbered(scene.county.code[:6], scene.folk.merged[people], 8)
    on = _autumn(scene, "merge")[home]
    return _alone(scene, core.MERGED, home, on, own, scene.codes.take(pa.array(home)), "老人并入子女户")


def _dissolved(scene: Scene) -> pa.Table:
    people = np.flatnonzero(scene.folk.state == DISSOLVED)
    home = scene.folk.home[people]
    code = scene.codes.take(pa.array(home))
    return _alone(scene, core.DISSOLVED, home, scene.folk.moved[people], code, None, "户内人员全部自然减少")


def _alone(
    scene: Scene, kind: str, home: Ints, on: Ints, code: pa.Array, other: pa.Array | None, reason: str
) -> pa.Table:
    """Events of the household alone: no person number, no person counted."""
    table = _rows(scene, kind, _stock(scene, home, on), home, None, on, np.ones(len(home), bool), reason)
    names = table.column_names
    table = table.set_column(names.index("household_code"), "household_code", code)
    if other is not None:
        table = table.set_column(names.index("other_household_code"), "other_household_code", other)
    return table


def _rows(
    scene: Scene,
    kind: str | pa.Array,
    stock: str | pa.Array,
    home: Ints,
    people: Ints | None,
    on: Ints,
    household: Bools,
    reason: str | pa.Array,
) -> pa.Table:
    return rows(
        "adjustment_event",
        len(home),
        {
            "kind": kind,
            "reason": reason,
            "occurred_on": on,
            "household_code": scene.codes.take(pa.array(home)),
            "person_code": None if people is None else person_codes(scene, people),
            "stock": stock,
            "household_event": pa.array(household),
            "evidence": "村级公示及核查表",
            "region_code": scene.region(home),
        },
    )
