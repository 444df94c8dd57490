"""The two sides of the comparison: people of the register with their families, and records of the admitted sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jingzhun.comparison.plan import spread_of
from jingzhun.engine import Step, bind, parse_expression, quoted, to_sql
from jingzhun.model import TABLES, Table
from jingzhun.policy.comparison import FACTS, Source
from jingzhun.policy.subjects import names_of

PERSON, RECORD = "compared_person", "compared_record"
SIDE = ("name", "id_number", "birth_date", "sex", "region_code")
"""The columns that the linkage of people asks for."""
SAME_AS = "same_as"
"""The first row under the same number and name, or the row itself: a son who is registered and also stands by his
parents' household as family elsewhere is one person, and a record of his is not to be shared out between the two."""
_OF_HOUSEHOLD = {
    "tie": "true",
    "identified_on": "CAST(coalesce(h.first_identified, m.identified) || '-01' AS DATE)",
    "household_exit_status": "h.exit_status",
    "household_exit_year": "h.exit_year",
}
"""What is known of family elsewhere by the household that it is compared with: what they bought before the household
was identified speaks against it, what they bought later does not."""
_ORDER = "tie, person_code, household_code, name, id_number, relation"
"""What rows are numbered by: numbers must not depend on how an engine happens to read."""
_WHO = " || '|' || ".join(f"coalesce({name}, '')" for name in ("person_code", "household_code", "name", "relation"))
_WHICH = "source || '|' || coalesce(record_key, '')"
"""What a row's sample is drawn by."""


def person_step(as_of: date) -> Step:
    """Everybody of the register's year, and the family that lives elsewhere, with what checks may ask about them."""
    person = TABLES["person"]
    known = ", ".join(f"p.{column.name}" for column in person.all_columns)
    day = as_of.year * 10000 + as_of.month * 100 + as_of.day
    born = "year(p.birth_date) * 10000 + month(p.birth_date) * 100 + day(p.birth_date)"
    identified = "coalesce(p.identified, h.first_identified)"
    registered = (
        f"SELECT {known}, CAST(floor(({day} - ({born})) / 10000) AS BIGINT) AS age, "
        f"CAST({identified} || '-01' AS DATE) AS identified_on, h.exit_status AS household_exit_status, "
        "h.exit_year AS household_exit_year, c.housing_grade AS housing_grade, "
        "m.household_code IS NOT NULL OR coalesce(c.relocation, false) AS relocated, "
        "coalesce(c.water_safe, h.water_safe) AS water_safe, false AS tie FROM person p "
        "LEFT JOIN household h ON h.data_year = p.data_year AND h.household_code = p.household_code "
        "LEFT JOIN household_condition c ON c.data_year = p.data_year AND c.household_code = p.household_code "
        "LEFT JOIN relocation_household m ON m.household_code = p.household_code "
        f"WHERE p.data_year = {as_of.year}"
    )
    everybody = (
        f"SELECT row_number() OVER (ORDER BY {_ORDER}) AS row_no, {spread_of(_WHO)} AS spread, * FROM ("
        f"{registered} UNION ALL {_elsewhere(as_of.year)})"
    )
    return Step(
        PERSON,
        "SELECT *, CASE WHEN id_number IS NULL OR name IS NULL THEN row_no "
        f"ELSE min(row_no) OVER (PARTITION BY id_number, name) END AS {SAME_AS} FROM ({everybody})",
        "在册人口和非共同生活家庭成员 / people of the register and family living elsewhere",
    )


def _elsewhere(year: int) -> str:
    """Family elsewhere as rows like those of the register; identified with the first of the household's members."""
    wanted = {column.name: column.sql_type for column in TABLES["person"].all_columns} | FACTS
    own = TABLES["family_tie"].column_names
    columns = (
        f"t.{name}" if name in own else f"{_OF_HOUSEHOLD.get(name, f'CAST(NULL AS {sql_type})')} AS {name}"
        for name, sql_type in wanted.items()
    )
    return (
        f"SELECT {', '.join(columns)} FROM family_tie t "
        f"LEFT JOIN household h ON h.data_year = {year} AND h.household_code = t.household_code "
        f"LEFT JOIN (SELECT household_code, min(identified) AS identified FROM person WHERE data_year = {year} "
        "GROUP BY household_code) m ON m.household_code = t.household_code"
    )


def record_step(sources: Sequence[Source]) -> Step:
    """Records of all admitted sources: who each is about, and where it stands."""
    listed = [
        f"SELECT {quoted(source.id)} AS source, {key_text(TABLES[source.table])} AS record_key, {_who(source)}, "
        f"origin_file, origin_sheet, origin_row FROM {rows_of(source)}"
        for source in sources
    ]
    everything = " UNION ALL ".join(listed) or _nothing()
    return Step(
        RECORD,
        f"SELECT row_number() OVER (ORDER BY source, record_key) AS row_no, "
        f"{spread_of(_WHICH)} AS spread, * FROM ({everything})",
        "有授权的部门数据 / records of the sources that may be used",
    )


def rows_of(source: Source, alias: str = "") -> str:
    """The source's rows of its table, as a sub-query."""
    where = f" WHERE {_condition(source)}" if source.where else ""
    return f"(SELECT * FROM {source.table}{where}) {alias}".strip()


def key_text(table: Table, alias: str = "") -> str:
    """The key of a row as one text, its parts joined by |."""
    prefix = f"{alias}." if alias else ""
    return " || '|' || ".join(f"CAST({prefix}{name} AS VARCHAR)" for name in table.key)


def side(table: str) -> str:
    """A side as the linkage asks for it."""
    return f"SELECT row_no, spread, {', '.join(SIDE)} FROM {table}"


def _condition(source: Source) -> str:
    return to_sql(bind(parse_expression(source.where, names_of(TABLES[source.table], {}), "boolean"), {}))


def _who(source: Source) -> str:
    types = {"birth_date": "DATE"}
    return ", ".join(
        f"{source.person[name]} AS {name}"
        if name in source.person
        else f"CAST(NULL AS {types.get(name, 'VARCHAR')}) AS {name}"
        for name in SIDE
    )


def _nothing() -> str:
    return (
        "SELECT '' AS source, '' AS record_key, '' AS name, '' AS id_number, CAST(NULL AS DATE) AS birth_date, "
        "'' AS sex, '' AS region_code, CAST(0 AS BIGINT) AS origin_file, '' AS origin_sheet, "
        "CAST(0 AS BIGINT) AS origin_row LIMIT 0"
    )
