"""A county made township by township: every table of its register and roster, then its programmes."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from jingzhun.population import blueprint as plans_of
from jingzhun.population.department_rows import authority_rows, department_rows
from jingzhun.population.events import event_rows, exit_days
from jingzhun.population.fund_rows import funds
from jingzhun.population.income import income_per_head, income_rows
from jingzhun.population.land_rows import land
from jingzhun.population.living import condition_rows, enrolment_rows, guarantee_rows, village_rows
from jingzhun.population.plan import CountyPlan, Plan
from jingzhun.population.plan_rows import given_rows, plans
from jingzhun.population.pool import Ground, Households, Sample, gather
from jingzhun.population.power_rows import power
from jingzhun.population.problems import problem_quotas, problem_rows
from jingzhun.population.register_rows import Schemes, household_rows, make_scene, person_rows, resident_rows
from jingzhun.population.responsibility_rows import area_letters, responsibility
from jingzhun.population.township import quotas, settle
from jingzhun.population.welfare_rows import welfare
from jingzhun.population.work_rows import area_work, work

Tables = dict[str, pa.Table]
PROGRAMMES = (responsibility, plans, funds, land, work, power, welfare)


def county_tables(county: CountyPlan, *, linked: bool = False) -> Iterator[Tables]:
    """The tables of a county in parts: one part for each township, then one for everything of the county as a whole.

    ``linked`` fills each person's insurance schemes, as the freeze does from the insurers' lists.
    """
    blueprint = plans_of.draw(county)
    quota = quotas(county, blueprint.register)
    ranges = county.ranges(blueprint.people(county))
    problems = problem_quotas(county, blueprint.register)
    pools: list[tuple[Households, Sample]] = []
    for index in range(len(county.townships)):
        homes, folk = settle(county, blueprint, index, quota[index], ranges[index])
        scene = make_scene(county, index, homes, folk)
        scene.exit_day = exit_days(scene)
        scene.income = income_per_head(scene)
        pools.append(gather(scene))
        enrolments, medical, pension = enrolment_rows(scene)
        schemes = Schemes.of(scene, medical, pension) if linked else None
        part: Tables = {
            "household": pa.concat_tables(household_rows(scene)),
            "person": pa.concat_tables(person_rows(scene, schemes)),
            "household_condition": condition_rows(scene),
            "income_item": income_rows(scene),
            "village": village_rows(scene, pension),
            "resident": resident_rows(scene, schemes),
            "insurance_enrolment": enrolments,
            "adjustment_event": event_rows(scene),
            "guarantee_check": guarantee_rows(scene),
        }
        part |= department_rows(scene)
        yield part | {"problem_record": problem_rows(county, scene.township, part, problems[index])}
    yield _programmes(county, pools) | authority_rows(county)


def _programmes(county: CountyPlan, pools: list[tuple[Households, Sample]]) -> Tables:
    ground = Ground(county, Households.joined([part for part, _ in pools]), Sample.joined([part for _, part in pools]))
    found: Tables = {}
    for make in PROGRAMMES:
        found |= make(ground)
    return together([found, given_rows(county.plan, county.code)])


def area_tables(plan: Plan) -> Tables:
    """What belongs to the whole area and to none of its counties."""
    return together([area_work(plan), {"responsibility_letter": area_letters(plan)}, given_rows(plan, plan.region)])


def together(parts: list[Tables]) -> Tables:
    """Tables of several parts, rows of the same table one after another."""
    names = dict.fromkeys(name for part in parts for name in part)
    return {name: pa.concat_tables([part[name] for part in parts if name in part]) for name in names}
