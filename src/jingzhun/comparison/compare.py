"""The comparison of a snapshot: sources by their right, pairs by their likelihood, leads by the pack's checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from jingzhun.comparison.leads import BORROWED, DOUBTFUL, PAIR, TWICE, Leads, load_agreement
from jingzhun.comparison.link import LEAST, link, link_within
from jingzhun.comparison.people import PERSON, RECORD, SAME_AS, person_step, record_step, side
from jingzhun.comparison.plan import Plan
from jingzhun.comparison.sources import REACH, USED, Standing, reach_step, standings
from jingzhun.comparison.spelling import shapes_of
from jingzhun.engine import Engine, Step, quoted
from jingzhun.policy import Pack
from jingzhun.policy.binding import Binding

LINKAGE = "people"
THRESHOLD, CERTAIN = "lead_probability_min", "lead_probability_certain"
Progress = Callable[[str, int, int], None]
STAGES = (
    ("读取授权和来源", "sources and authority"),
    ("与部门数据比对", "linking with the departments"),
    ("在册人口查重", "looking for people registered twice"),
    ("形成线索", "making leads"),
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison was made of."""

    sources: list[Standing]


def compare(engine: Engine, pack: Pack, as_of: date, region: str, progress: Progress | None = None) -> Compared:
    """Compare the snapshot that is open in ``engine``; leaves ``comparison_source`` and ``lead``."""
    _say(progress, 0)
    engine.run(reach_step(pack, as_of))
    found = standings(engine, pack)
    used = [one.source for one in found if one.state == USED]
    engine.run(person_step(as_of))
    engine.run(record_step(used))
    shapes = shapes_of(row.characters for row in pack.look_alikes)
    parameters = Binding(pack, as_of, as_of).parameter_names
    least, certain = pack.number(THRESHOLD, as_of), pack.number(CERTAIN, as_of)
    _say(progress, 1)
    plan = Plan(pack.linkages[LINKAGE], parameters, "pair")
    link(engine, plan, f"{side(PERSON)} WHERE row_no = {SAME_AS}", side(RECORD), shapes)
    load_agreement(engine, plan, "pair")
    allowed, likely = _allowed(pack, as_of), f"m.probability >= {float(least)!r}"
    doubt = f"m.probability >= {LEAST} AND m.probability < {float(certain)!r}"
    engine.run(Step(PAIR, _admitted(plan, likely, allowed), "可能是同一人的对 / likely pairs"))
    engine.run(Step(DOUBTFUL, _admitted(plan, doubt, allowed), "可能而不确定的对 / pairs that are likely, not certain"))
    other = f"m.borrows AND NOT {likely}"
    engine.run(Step(BORROWED, _admitted(plan, other, allowed), "用了他的号码、记的是别人 / a number used for another"))
    _say(progress, 2)
    within = Plan(pack.linkages[LINKAGE], parameters, "twice")
    link_within(engine, within, f"{side(PERSON)} WHERE NOT tie", shapes)
    load_agreement(engine, within, "twice")
    engine.run(Step(TWICE, _likely(within, float(least)), "可能登记了两次的人 / people who may stand twice"))
    _say(progress, 3)
    for step in Leads(pack, as_of, region, used, float(certain)).steps():
        engine.run(step)
    return Compared(found)


def _likely(plan: Plan, least: float) -> str:
    return f"SELECT m.* FROM {plan.table('matched')} m WHERE m.probability >= {least!r}"


def _admitted(plan: Plan, which: str, allowed: str) -> str:
    """Pairs of one sort, for every row of the person ``l``, with the record ``x`` at hand, each asked about once."""
    return (
        "SELECT l.row_no AS left_no, m.right_no, m.pass, m.pattern, m.probability, m.candidates, m.borrows "
        f"FROM {plan.table('matched')} m JOIN {RECORD} x ON x.row_no = m.right_no "
        f"JOIN {PERSON} l ON l.{SAME_AS} = m.left_no WHERE {which} AND {allowed}"
    )


def _allowed(pack: Pack, as_of: date) -> str:
    """A pair counts where its source may be used; of sources that need consent, for households that had signed."""
    reached = f"EXISTS (SELECT 1 FROM {REACH} g WHERE g.source = x.source AND g.region_code = l.region_code)"
    asking = ", ".join(quoted(source.id) for source in pack.sources_compared.values() if source.consent)
    if not asking:
        return reached
    return (
        f"{reached} AND (x.source NOT IN ({asking}) OR EXISTS ("
        "SELECT 1 FROM household_consent c WHERE c.household_code = l.household_code "
        f"AND c.signed_on <= DATE '{as_of}' AND (c.ends_on IS NULL OR c.ends_on >= DATE '{as_of}')))"
    )


def _say(progress: Progress | None, stage: int) -> None:
    if progress:
        progress(" / ".join(STAGES[stage]), stage, len(STAGES))
