"""What exit tests look at, gathered per household, village and county. Facts that were not delivered stay empty."""

from __future__ import annotations

from datetime import date

from jingzhun.engine import Step, quoted
from jingzhun.model import labels


def fact_steps(as_of: date, region: str) -> list[Step]:
    """Steps that make ``household_facts``, ``village_facts`` and ``county_facts`` for everything below ``region``."""
    return [_scope(region), _households(as_of), _villages(as_of), _counties(as_of)]


def _scope(region: str) -> Step:
    return Step(
        "exit_scope",
        f"""SELECT c.region_code, r.level, r.kind FROM region_closure c JOIN region r ON r.region_code = c.region_code
        WHERE c.ancestor_code = {quoted(region)}
        AND EXISTS (SELECT 1 FROM region_closure s WHERE s.region_code = r.region_code)
        QUALIFY row_number() OVER (PARTITION BY c.region_code ORDER BY r.valid_from DESC) = 1""",
        "范围内的区划 / divisions in scope",
    )


def _households(as_of: date) -> Step:
    year = as_of.year
    return Step(
        "household_facts",
        f"""SELECT h.household_code, h.region_code, h.exit_status, m.members, h.net_income_per_head,
            g.food, g.clothing, g.education, g.medical,
            coalesce(g.housing, NOT h.dangerous_house) AS housing, coalesce(g.water, h.water_safe) AS water,
            g.acknowledged
        FROM household h SEMI JOIN exit_scope s ON s.region_code = h.region_code
        LEFT JOIN (SELECT household_code, count(*) AS members FROM person WHERE data_year = {year} GROUP BY 1) m
            ON m.household_code = h.household_code
        LEFT JOIN (SELECT * FROM guarantee_check WHERE data_year = {year}) g ON g.household_code = h.household_code
        WHERE h.data_year = {year}""",
        "户退出事实：收入、两不愁三保障和饮水、认可 / facts of each registered household",
    )


def _villages(as_of: date) -> Step:
    year = as_of.year
    counted = "CASE WHEN EXISTS (SELECT 1 FROM {table}) THEN coalesce({value}, 0) END"
    return Step(
        "village_facts",
        f"""SELECT s.region_code, v.attribute, v.exited,
            {counted.format(table=f"person WHERE data_year = {year}", value="p.poor")} AS poor_persons,
            {counted.format(table="resident", value="r.rural")} AS rural_persons,
            v.road_hardened, v.bus, v.broadband, v.clinic_qualified, v.power_production, v.industry,
            v.unsafe_water_households, v.collective_income
        FROM exit_scope s
        LEFT JOIN (SELECT * FROM village WHERE data_year = {year}) v ON v.region_code = s.region_code
        LEFT JOIN (SELECT region_code, count(*) AS poor FROM person
            WHERE data_year = {year} AND exit_status IN {labels.POOR} GROUP BY 1) p ON p.region_code = s.region_code
        LEFT JOIN (SELECT region_code, count(*) AS rural FROM resident
            WHERE hukou = {quoted(labels.AGRICULTURAL)} GROUP BY 1) r ON r.region_code = s.region_code
        WHERE s.level = 5 AND s.kind = {quoted(labels.VILLAGE_KIND)}""",
        "村退出事实：贫困发生率的分子分母、设施、产业、集体经济 / facts of each administrative village",
    )


def _counties(as_of: date) -> Step:
    # A measure evaluated again in the year counts with its last result, found and sampled from the same row.
    found = ", ".join(
        f"arg_max({column}, result_no) FILTER (WHERE measure = {quoted(measure)}) AS {name}_{part}"
        for measure, name in (
            (labels.WRONG_EXIT, "wrong_exit"),
            (labels.OMISSION, "omission"),
            (labels.APPROVAL, "approval"),
        )
        for column, part in (("found", "found"), ("sampled", "sample"))
    )
    rates = "wrong_exit_found, wrong_exit_sample, omission_found, omission_sample, approval_found, approval_sample"
    year = as_of.year
    return Step(
        "county_facts",
        f"""SELECT s.region_code, t.target_year, p.poor_persons, r.rural_persons,
            v.villages, v.equipped_villages, v.poor_villages, v.exited_villages, {rates}
        FROM exit_scope s
        LEFT JOIN (SELECT region_code, min(year) AS target_year FROM target
            WHERE kind = {quoted(labels.COUNTY_TARGET)} GROUP BY 1) t ON t.region_code = s.region_code
        LEFT JOIN (SELECT c.ancestor_code AS region_code,
                count(*) FILTER (WHERE exit_status IN {labels.POOR}) AS poor_persons
            FROM person JOIN region_closure c USING (region_code) WHERE data_year = {year} GROUP BY 1) p
            ON p.region_code = s.region_code
        LEFT JOIN (SELECT c.ancestor_code AS region_code,
                count(*) FILTER (WHERE hukou = {quoted(labels.AGRICULTURAL)}) AS rural_persons
            FROM resident JOIN region_closure c USING (region_code) GROUP BY 1) r ON r.region_code = s.region_code
        LEFT JOIN (SELECT c.ancestor_code AS region_code, count(*) AS villages,
                CASE WHEN count(road_hardened) > 0 THEN count(*) FILTER
                    (WHERE road_hardened AND bus AND broadband AND clinic_qualified) END AS equipped_villages,
                CASE WHEN count(attribute) > 0 THEN
                    count(*) FILTER (WHERE attribute IN {labels.POOR_VILLAGE}) END AS poor_villages,
                CASE WHEN count(attribute) > 0 THEN
                    count(*) FILTER (WHERE attribute IN {labels.POOR_VILLAGE} AND exited) END AS exited_villages
            FROM village_facts JOIN region_closure c USING (region_code) GROUP BY 1) v ON v.region_code = s.region_code
        LEFT JOIN (SELECT region_code, {found} FROM evaluation_result WHERE year = {year} GROUP BY 1) e
            ON e.region_code = s.region_code
        WHERE s.level = 3""",
        "县退出事实：综合贫困发生率、贫困村退出、设施、第三方评估 / facts of each county",
    )
