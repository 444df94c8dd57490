"""The frame that a sample is drawn from: every village with its class and size, every household with its groups.

All of it is SQL over a snapshot, so a prefecture needs no more memory than the engine is given. Households outside the
register are those booklets of the whole-population roster of which nobody is registered. What cannot be placed (people
without a booklet, households without a status, villages without a size) is counted in ``frame_gap``, never dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from jingzhun.engine import Engine, Names, Step, StepFailed, quoted
from jingzhun.evaluation.fault import NotDrawable
from jingzhun.model import TABLES, labels
from jingzhun.model.regions import AREAS
from jingzhun.policy import Pack
from jingzhun.policy.binding import Binding, FailsOnData
from jingzhun.policy.evaluation import (
    UNKNOWN_COUNT,
    Axis,
    Listed,
    SampleDesign,
    household_names,
    member_names,
    village_names,
)
from jingzhun.policy.subjects import names_of

VILLAGE, HOUSEHOLD, GAP = "frame_village", "frame_household", "frame_gap"
LISTED, KNOWN, MARKED, HOMES = "frame_listed", "frame_known", "frame_marked", "frame_home"
VILLAGE_FACTS_TABLE = "frame_village_facts"
JOINER = "·"
"""Between the classes that make a stratum."""
EARTH_KM = 6371.0
REGISTER = "department_record"


@dataclass(frozen=True, slots=True)
class Asking:
    """A design on a day: its expressions can be turned into SQL."""

    pack: Pack
    design: SampleDesign
    as_of: date

    @property
    def binding(self) -> Binding:
        return Binding(self.pack, self.as_of, date(self.as_of.year, 1, 1))

    def sql(self, text: str, names: Names, want: str = "boolean") -> str:
        return self.binding.bind_names(text, names, want, "", {}).sql  # type: ignore[arg-type]


def build_frame(engine: Engine, pack: Pack, design: SampleDesign, as_of: date, region: str) -> None:
    """Make ``frame_village``, ``frame_household`` and ``frame_gap`` for every village below ``region``.

    Raises ``NotDrawable`` where the snapshot lacks the register of the year or the whole-population roster.
    """
    _refuse_lacking(engine, as_of.year)
    engine.load("frame_seat", _seats(pack))
    asking = Asking(pack, design, as_of)
    for step in frame_steps(asking, region):
        try:
            engine.run(step)
        except StepFailed as error:
            if failing := list(_failing(engine, asking, step.name)):
                raise FailsOnData(f"抽样设计 {design.id} 的", f"sampling design {design.id},", failing) from error
            raise


def _failing(engine: Engine, asking: Asking, step: str) -> Iterator[tuple[str, str]]:
    """Expressions of the design that cannot be worked out on some row, each with the engine's words."""
    for name, table, sql in _expressions(asking, step):
        try:
            engine.value(f"SELECT count(({sql})) FROM {table}")
        except StepFailed as error:
            yield name, error.reason


def _expressions(asking: Asking, step: str) -> Iterator[tuple[str, str, str]]:
    """The expressions that a step works out: their name in the design, the table they are asked of, and their SQL."""
    design, parameters = asking.design, asking.binding.parameter_names
    if step in (LISTED, HOMES):
        for one in design.lists:
            yield one.id, one.table, asking.sql(one.where, names_of(TABLES[one.table], parameters))
    if step == MARKED:
        yield from ((one.id, KNOWN, asking.sql(one.when, member_names(design, parameters))) for one in design.traits)
    if step == HOUSEHOLD:
        names = household_names(design, parameters)
        yield from ((one.id, HOMES, asking.sql(one.when, names)) for one in design.groups)
    if step == VILLAGE:
        names = village_names(parameters)
        yield "where", VILLAGE_FACTS_TABLE, asking.sql(design.where, names)
        yield "size", VILLAGE_FACTS_TABLE, asking.sql(design.size, names, "number")
        classes = [one for axis in design.axes for one in axis.classes if one.when]
        yield from ((one.id, VILLAGE_FACTS_TABLE, asking.sql(one.when, names)) for one in classes)


def _refuse_lacking(engine: Engine, year: int) -> None:
    if not engine.value(f"SELECT count(*) FROM household WHERE data_year = {year}"):
        raise NotDrawable(
            f"快照里没有 {year} 年的建档立卡户，无从抽样；请先报送这一年的户信息，再运行 jingzhun run。",
            f"the snapshot holds no registered household of {year}, so there is nothing to draw from; deliver the "
            "households of that year and do jingzhun run again.",
        )
    if not engine.value(f"SELECT count(*) FROM resident WHERE hukou = {quoted(labels.AGRICULTURAL)}"):
        raise NotDrawable(
            "快照里没有农业户口的全员人口，无法知道谁在建档立卡之外；请报送全员人口名册（含户口性质、户口簿号）。",
            "the snapshot holds no rural person of the whole-population roster, so nobody knows who is outside the "
            "register; deliver the roster with kind of registration and booklet.",
        )


def _seats(pack: Pack) -> pa.Table:
    return pa.table(
        {
            "region_code": pa.array([seat.region_code for seat in pack.seats], pa.string()),
            "longitude": pa.array([seat.longitude for seat in pack.seats], pa.float64()),
            "latitude": pa.array([seat.latitude for seat in pack.seats], pa.float64()),
        }
    )


def frame_steps(asking: Asking, region: str) -> list[Step]:
    """The steps in their order; each reads what those before it wrote."""
    return [
        _scope(region),
        _authority(asking.as_of),
        _listed(asking),
        *_registered(asking.as_of),
        *_outside(asking.as_of),
        _members(),
        _known(asking),
        _marked(asking),
        _counted(asking),
        _homes(asking),
        _households(asking),
        _village_facts(asking.as_of.year),
        _villages(asking),
        _gaps(asking),
    ]


def _scope(region: str) -> Step:
    return Step(
        "frame_scope",
        f"SELECT c.region_code, r.kind, a.county AS county_code FROM region_closure c "
        f"JOIN region_closure own ON own.region_code = c.region_code AND own.ancestor_code = c.region_code "
        f"JOIN ({AREAS}) a ON a.region_code = c.region_code "
        f"JOIN (SELECT region_code, kind FROM region QUALIFY row_number() OVER (PARTITION BY region_code "
        f"ORDER BY valid_from DESC) = 1) r ON r.region_code = c.region_code "
        f"WHERE c.ancestor_code = {quoted(region)} AND own.ancestor_level = 5 AND a.county IS NOT NULL",
        "范围内的村居 / divisions of the lowest level in scope",
    )


def _authority(as_of: date) -> Step:
    return Step(
        "frame_authority",
        "SELECT DISTINCT a.source, c.region_code FROM source_authority a "
        "JOIN region_closure c ON c.ancestor_code = a.region_code "
        f"WHERE a.starts_on <= DATE '{as_of}' AND a.ends_on >= DATE '{as_of}'",
        "部门名单在哪里有权使用 / where a department's list may be used",
    )


def _listed(asking: Asking) -> Step:
    parts = [_list_rows(asking, one) for one in asking.design.lists if one.by == "id_number"]
    nothing = "SELECT '' AS list, '' AS number, '' AS source WHERE false"
    return Step(LISTED, " UNION ALL ".join(parts) or nothing, "各名单上的人 / people on each list")


def _list_rows(asking: Asking, one: Listed) -> str:
    where = _where(asking, one)
    source = "source" if one.table == REGISTER else "''"
    return (
        f"SELECT DISTINCT {quoted(one.id)} AS list, left(id_number, 18) AS number, {source} AS source "
        f"FROM {one.table} WHERE id_number IS NOT NULL AND {where}"
    )


def _where(asking: Asking, one: Listed) -> str:
    table = TABLES[one.table]
    parts = [f"({asking.sql(one.where, names_of(table, asking.binding.parameter_names))})"]
    if one.table == REGISTER:
        parts.append(f"source IN ({', '.join(map(quoted, one.sources)) or 'NULL'})")
    if "data_year" in table.column_names:
        parts.append(f"data_year = {asking.as_of.year}")
    return " AND ".join(parts)


def _registered(as_of: date) -> Iterator[Step]:
    yield Step(
        "frame_person",
        "SELECT p.household_code, left(p.id_number, 18) AS number, p.birth_date FROM person p "
        f"WHERE p.data_year = {as_of.year}",
        "在册人口 / people of the register",
        view=True,
    )
    yield Step(
        "frame_registered",
        "SELECT 'D' || h.household_code AS home, h.region_code, h.household_code, "
        f"CASE WHEN h.exit_status IN {labels.POOR} THEN {quoted(labels.ASKED_POOR)} "
        f"WHEN h.exit_status IS NOT NULL THEN {quoted(labels.ASKED_EXITED)} END AS subject, "
        "h.head_name, h.exit_year FROM household h JOIN frame_scope s ON s.region_code = h.region_code "
        f"WHERE h.data_year = {as_of.year}",
        "在册的户及其调查类别 / registered households by who is asked",
    )


def _outside(as_of: date) -> Iterator[Step]:
    # A booklet is looked at within its village: short numbers are given out again in the next one.
    yield Step(
        "frame_resident",
        "SELECT r.region_code, r.hukou_book, left(r.id_number, 18) AS number, r.name, r.birth_date, "
        f"r.hukou = {quoted(labels.AGRICULTURAL)} AS rural, p.number IS NOT NULL AS registered "
        "FROM resident r JOIN frame_scope s ON s.region_code = r.region_code "
        "LEFT JOIN (SELECT DISTINCT number FROM frame_person WHERE number IS NOT NULL) p "
        "ON p.number = left(r.id_number, 18)",
        "全员人口及是否在册 / the roster, and who of it is registered",
    )
    eldest = "coalesce(CAST(birth_date AS VARCHAR), '9999') || number"
    yield Step(
        "frame_book",
        "SELECT 'B' || region_code || hukou_book AS home, region_code, hukou_book, "
        "count(CASE WHEN rural THEN 1 END) AS rural_persons, bool_or(registered) AS registered, "
        f"min_by(name, {eldest}) AS eldest FROM frame_resident WHERE hukou_book IS NOT NULL "
        "GROUP BY region_code, hukou_book HAVING bool_or(rural)",
        "有农业户口的户口簿 / booklets with a rural person",
    )


def _members() -> Step:
    return Step(
        "frame_member",
        "SELECT h.home, h.region_code, p.number, p.birth_date FROM frame_registered h "
        "JOIN frame_person p ON p.household_code = h.household_code "
        "UNION ALL SELECT b.home, b.region_code, r.number, r.birth_date FROM frame_book b "
        "JOIN frame_resident r ON r.region_code = b.region_code AND r.hukou_book = b.hukou_book "
        "WHERE NOT b.registered AND r.rural",
        "各户成员 / members of every household of the frame",
    )


def _known(asking: Asking) -> Step:
    """Every member with the age and each list (true or false)."""
    design, day = asking.design, asking.as_of
    lists = [one.id for one in design.lists if one.by == "id_number"]
    found = "".join(f", bool_or(l.list = {quoted(name)}) AS {name}" for name in lists)
    known = "".join(f", coalesce(k.{name}, false) AS {name}" for name in lists)
    born = "year(m.birth_date) * 10000 + month(m.birth_date) * 100 + day(m.birth_date)"
    today = day.year * 10000 + day.month * 100 + day.day
    return Step(
        KNOWN,
        f"SELECT m.home, CAST(floor(({today} - ({born})) / 10000) AS BIGINT) AS age{known} "
        f"FROM frame_member m LEFT JOIN (SELECT m.home, m.number{found} FROM frame_member m "
        "JOIN frame_listed l ON l.number = m.number "
        "LEFT JOIN frame_authority a ON a.source = l.source AND a.region_code = m.region_code "
        "WHERE l.source = '' OR a.source IS NOT NULL GROUP BY m.home, m.number) k "
        "ON k.home = m.home AND k.number = m.number",
        "成员的年龄、在哪些名单上 / age of every member, and who is on which list",
        view=True,
    )


def _marked(asking: Asking) -> Step:
    """Every member with each trait too: true, false or unknown."""
    names = member_names(asking.design, asking.binding.parameter_names)
    traits = "".join(f", ({asking.sql(one.when, names)}) AS {one.id}" for one in asking.design.traits)
    return Step(MARKED, f"SELECT *{traits} FROM {KNOWN}", "成员有哪些特征 / traits of every member")


def _counted(asking: Asking) -> Step:
    design = asking.design
    lists = [one.id for one in design.lists if one.by == "id_number"]
    counts = [f"count(CASE WHEN {name} THEN 1 END) AS {name}" for name in lists]
    for one in design.traits:
        counts.append(f"count(CASE WHEN {one.id} THEN 1 END) AS {one.id}")
        counts.append(f"count(CASE WHEN {one.id} IS NULL THEN 1 END) AS {one.id}{UNKNOWN_COUNT}")
    listed = "".join(f", {count}" for count in counts)
    return Step(
        "frame_counted",
        f"SELECT home, count(*) AS members{listed} FROM {MARKED} GROUP BY home",
        "每户成员和各类人数 / members of each household, and of whom what holds",
    )


def _homes(asking: Asking) -> Step:
    """Every household that may be asked, and of how many of its members each list and trait holds."""
    design = asking.design
    homes = [one for one in design.lists if one.by == "household_code"]
    own = "".join(f", CASE WHEN x_{one.id}.household_code IS NULL THEN 0 ELSE 1 END AS {one.id}" for one in homes)
    joins = "".join(
        f" LEFT JOIN (SELECT DISTINCT household_code FROM {one.table} WHERE {_where(asking, one)}) x_{one.id} "
        f"ON x_{one.id}.household_code = h.household_code"
        for one in homes
    )
    own_columns = "h.home, h.region_code, h.subject, h.household_code, h.hukou_book, h.head_name, h.exit_year"
    counted = f"{_counted_columns(design)}, {own_columns}, c.members AS known_members{own}"
    return Step(
        HOMES,
        f"SELECT {counted} FROM ({_all_homes()}) h LEFT JOIN frame_counted c ON c.home = h.home{joins}",
        "全部调查对象的户 / every household that may be asked",
        view=True,
    )


def _households(asking: Asking) -> Step:
    names = household_names(asking.design, asking.binding.parameter_names)
    cases = [f"CASE WHEN {asking.sql(one.when, names)} THEN {quoted(one.zh)} END" for one in asking.design.groups]
    grouped = f"nullif(concat_ws('、', {', '.join(cases)}), '')" if cases else "CAST(NULL AS VARCHAR)"
    return Step(
        HOUSEHOLD,
        "SELECT home, region_code, subject, household_code, hukou_book, head_name, known_members AS members, "
        f"exit_year, {grouped} AS groups FROM {HOMES}",
        "全部调查对象的户及必查群体 / every household that may be asked, with its mandatory groups",
    )


def _counted_columns(design: SampleDesign) -> str:
    """Counts of a household nobody of which is known are zero: no list has any of its members."""
    names = ["members", *(one.id for one in design.lists if one.by == "id_number"), *(one.id for one in design.traits)]
    unknown = [f"coalesce(c.{one.id}{UNKNOWN_COUNT}, 1) AS {one.id}{UNKNOWN_COUNT}" for one in design.traits]
    return ", ".join([*(f"coalesce(c.{name}, 0) AS {name}" for name in names), *unknown])


def _all_homes() -> str:
    return (
        "SELECT home, region_code, subject, household_code, CAST(NULL AS VARCHAR) AS hukou_book, head_name, exit_year "
        "FROM frame_registered WHERE subject IS NOT NULL "
        f"UNION ALL SELECT home, region_code, {quoted(labels.ASKED_OUTSIDE)}, NULL, hukou_book, eldest, NULL "
        "FROM frame_book WHERE NOT registered"
    )


def _village_facts(year: int) -> Step:
    """The village's sheet beside what is counted for it. No row of a roster is a count of zero only where there is
    a roster at all; the frame is refused where there is none."""
    counted = (
        "SELECT region_code, "
        f"sum(CASE WHEN subject = {quoted(labels.ASKED_EXITED)} THEN members END) AS exited_persons, "
        f"sum(CASE WHEN subject = {quoted(labels.ASKED_POOR)} THEN members END) AS registered_persons, "
        f"sum(CASE WHEN subject = {quoted(labels.ASKED_OUTSIDE)} THEN members END) AS outside_persons, "
        f"count(CASE WHEN subject = {quoted(labels.ASKED_OUTSIDE)} THEN 1 END) AS outside_households, "
        f"count(household_code) AS registered_households FROM {HOUSEHOLD} GROUP BY region_code"
    )
    apart = "radians((try_cast(v.{c} AS DOUBLE) - t.{c}) / 2)"
    half = (
        f"pow(sin({apart.format(c='latitude')}), 2) + cos(radians(t.latitude)) * "
        f"cos(radians(try_cast(v.latitude AS DOUBLE))) * pow(sin({apart.format(c='longitude')}), 2)"
    )
    return Step(
        VILLAGE_FACTS_TABLE,
        f"SELECT v.* EXCLUDE (region_code), s.region_code, s.kind, s.county_code, "
        "coalesce(b.rural_households, 0) AS rural_households, coalesce(b.rural_persons, 0) AS rural_persons, "
        "CAST(coalesce(c.registered_households, 0) AS BIGINT) AS registered_households, "
        "CAST(coalesce(c.outside_households, 0) AS BIGINT) AS outside_households, "
        "CAST(coalesce(c.exited_persons, 0) AS BIGINT) AS exited_persons, "
        "CAST(coalesce(c.registered_persons, 0) AS BIGINT) AS registered_persons, "
        "CAST(coalesce(c.outside_persons, 0) AS BIGINT) AS outside_persons, "
        f"2 * {EARTH_KM} * asin(sqrt({half})) AS distance_km FROM frame_scope s "
        f"LEFT JOIN (SELECT * FROM village WHERE data_year = {year}) v ON v.region_code = s.region_code "
        "LEFT JOIN (SELECT region_code, count(*) AS rural_households, CAST(sum(rural_persons) AS BIGINT) AS "
        "rural_persons FROM frame_book GROUP BY region_code) b ON b.region_code = s.region_code "
        f"LEFT JOIN ({counted}) c ON c.region_code = s.region_code "
        "LEFT JOIN frame_seat t ON t.region_code = s.county_code",
        "村情与抽样框计数 / what is known of each village",
    )


def _villages(asking: Asking) -> Step:
    names = village_names(asking.binding.parameter_names)
    design = asking.design
    classes = "".join(f", {_class_of(asking, axis, names)} AS axis_{at}" for at, axis in enumerate(design.axes))
    size = asking.sql(design.size, names, "number")
    return Step(
        VILLAGE,
        f"SELECT region_code, county_code{classes}, CAST({size} AS BIGINT) AS size, exited_persons, "
        "registered_persons, outside_persons, outside_households, registered_households "
        f"FROM {VILLAGE_FACTS_TABLE} WHERE {asking.sql(design.where, names)}",
        "抽样框：村、村层、规模 / the frame of villages with class and size",
    )


def _class_of(asking: Asking, axis: Axis, names: Names) -> str:
    """The class of a village; not known where no class holds for certain."""
    asked = [(one, f"({asking.sql(one.when, names)})") for one in axis.classes if one.when]
    cases = "".join(f" WHEN {sql} THEN {quoted(one.zh)}" for one, sql in asked)
    unknown = " OR ".join(f"{sql} IS NULL" for _, sql in asked)
    rest = axis.unknown_zh if axis.classes[-1].when else axis.classes[-1].zh
    return f"CASE{cases} WHEN {unknown} THEN {quoted(axis.unknown_zh)} ELSE {quoted(rest)} END"


NO_BOOK, NOT_A_VILLAGE, NO_STATUS, NO_SIZE = "no_booklet", "not_a_village", "no_status", "no_size"
NO_YEAR = "no_exit_year"
NO_LIST, NOT_ALLOWED = "no_list", "not_allowed"


def _gaps(asking: Asking) -> Step:
    """What the frame does not hold, by county and kind; ``detail`` names the list or the village."""
    where = asking.sql(asking.design.where, village_names(asking.binding.parameter_names))
    by_county = (
        "SELECT {what} AS what, s.county_code, '' AS detail, count(*) AS many FROM {rows} GROUP BY s.county_code"
    )
    scoped = "{} x JOIN frame_scope s ON s.region_code = x.region_code"
    parts = [
        by_county.format(
            what=quoted(NO_BOOK), rows=scoped.format("frame_resident") + " WHERE x.hukou_book IS NULL AND x.rural"
        ),
        by_county.format(what=quoted(NO_STATUS), rows=scoped.format("frame_registered") + " WHERE x.subject IS NULL"),
        by_county.format(
            what=quoted(NO_YEAR),
            rows=scoped.format("frame_registered")
            + f" WHERE x.subject = {quoted(labels.ASKED_EXITED)} AND x.exit_year IS NULL",
        ),
        f"SELECT {quoted(NOT_A_VILLAGE)}, county_code, region_code, rural_households + registered_households "
        f"FROM {VILLAGE_FACTS_TABLE} WHERE NOT coalesce({where}, false) "
        "AND rural_households + registered_households > 0",
        f"SELECT {quoted(NO_SIZE)}, county_code, region_code, registered_households FROM {VILLAGE} "
        "WHERE coalesce(size, 0) <= 0",
        *(_list_gap(one) for one in asking.design.lists if one.table == REGISTER),
    ]
    return Step(GAP, " UNION ALL ".join(parts), "抽样框没有覆盖的 / what the frame does not hold")


def _list_gap(one: Listed) -> str:
    """A department's list that was not delivered, or that no document allows, by county of the scope."""
    sources = ", ".join(map(quoted, one.sources)) or "NULL"
    given = f"EXISTS (SELECT 1 FROM {REGISTER} WHERE source IN ({sources}))"
    allowed = (
        "SELECT s.county_code FROM frame_authority a JOIN frame_scope s ON s.region_code = a.region_code "
        f"WHERE a.source IN ({sources})"
    )
    return (
        f"SELECT CASE WHEN {given} THEN {quoted(NOT_ALLOWED)} ELSE {quoted(NO_LIST)} END, x.county_code, "
        f"{quoted(one.zh)}, 0 FROM (SELECT DISTINCT county_code FROM frame_scope) x "
        f"WHERE NOT {given} OR x.county_code NOT IN ({allowed})"
    )
