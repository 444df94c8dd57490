"""Why this figure, this household, this row: rule, parameter and its source, SQL, rows, file and row of origin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from jingzhun.engine import DUCKDB, Engine, quoted
from jingzhun.indicators import MeasureRows, answer_sheet, rows_behind
from jingzhun.indicators.figures import own_steps
from jingzhun.indicators.plan import PlannedMeasure, plan_indicators
from jingzhun.model import TABLES, Column, Table, mask
from jingzhun.model.answers import Answer
from jingzhun.model.origin import origin_text
from jingzhun.model.shown import brief, masked
from jingzhun.pipeline import Situation, computed
from jingzhun.policy import Pack
from jingzhun.policy.binding import Binding
from jingzhun.policy.schema import DatedValue
from jingzhun.snapshot import Manifest

_LONG_NUMBER = re.compile(r"[0-9]{9,}[0-9Xx]?")
REFUSED = ("quarantined", "rejected")
"""What became of a row that is in no table."""
ORIGINS = "SELECT t.*, f.file AS origin_name FROM ({rows}) t LEFT JOIN source_file f ON f.file_no = t.origin_file"


class NothingFound(LookupError):
    """The snapshot has no figure, household, row or division of that name."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} {en}")

    @classmethod
    def called(cls, what: str, near: Iterable[str] = ()) -> NothingFound:
        listed, named = "、".join(near), brief(what)
        return cls(
            f"快照中没有“{named}”。{f'是否为：{listed}？' if listed else ''}"
            "可以写指标编号（F010）、指标名、户编号、在册人口的姓名，或 文件名:工作表:行号（只有一张表时可省工作表）。",
            f"nothing called {named!r} in this snapshot. {f'Did you mean {listed}? ' if listed else ''}"
            "Give a figure (F010), an indicator, a household number, the name of a registered person or FILE:SHEET:ROW "
            "(FILE:ROW with one sheet).",
        )


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table with where they came from. ``total`` counts all of them."""

    part: str
    table: Table
    total: int
    shown: list[dict[str, Any]]
    sql: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"part": self.part, "table": self.table.name, "total": self.total, "sql": self.sql, "shown": self.shown}


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything known about one thing, in the order a reader asks: what, by which rule, from which rows."""

    kind: str
    title: str
    facts: dict[str, Any]
    parameters: list[dict[str, Any]]
    steps: list[dict[str, str]]
    rows: list[Rows]
    tests: list[dict[str, Any]]
    answer: Answer | None = None
    """The figure as the answer sheet has it, where it is a figure that is explained."""

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": self.title,
            "facts": self.facts,
            "parameters": self.parameters,
            "steps": self.steps,
            "tests": self.tests,
            "rows": [rows.to_json() for rows in self.rows],
        }


def explain(
    snapshot: Path, pack: Pack, what: str, *, region: str = "", limit: int = 20, engine_name: str = DUCKDB
) -> Explanation:
    """Explain ``what``: a figure id, an indicator, a household number, a name, ``FILE:SHEET:ROW`` or ``FILE:ROW``.

    Raises ``NothingFound``. Identity numbers, telephones and bank accounts are masked in what comes back.
    """
    with computed(snapshot, pack, region=region, engine_name=engine_name) as (engine, manifest, situation):
        if figure := _named(pack, what):
            return _figure(engine, manifest, situation, figure, region, limit)
        if ":" in what:
            return _row(engine, situation, what)
        return _persons(engine, situation, what, limit) or _household(engine, situation, what, limit)


def _named(pack: Pack, what: str) -> str:
    """The figure or indicator that goes by an id or by a name, in either language; empty when none does."""
    if what in pack.figures or what in pack.indicators:
        return what
    known = {name: figure.id for figure in pack.figures.values() for name in (figure.zh, figure.en)}
    known |= {name: indicator.id for indicator in pack.indicators.values() for name in (indicator.zh, indicator.en)}
    return known.get(what, "")


def _figure(
    engine: Engine, manifest: Manifest, situation: Situation, what: str, region: str, limit: int
) -> Explanation:
    pack, as_of = situation.pack, situation.as_of
    figure = pack.figures.get(what)
    indicator = pack.indicators[figure.indicator if figure else what]
    place = region or (figure.region if figure else situation.region)
    if situation.region not in pack.divisions.on(as_of).ancestors(place):
        raise NothingFound(
            f"{what} 是{_place(situation, place)}的数字，这个快照只有{_place(situation, situation.region)}的数据。",
            f"{what} is a figure of {place}, this snapshot holds {situation.region} only.",
        )
    sheet = answer_sheet(
        engine,
        pack,
        as_of,
        situation.region,
        snapshot=manifest.fingerprint,
        synthetic=manifest.synthetic,
        printed=pack.printed_on(as_of),
    )
    mine = [answer for answer in sheet.answers if answer.indicator == indicator.id and answer.region == place]
    answer = next((one for one in mine if one.figure == what), next(iter(mine), None))
    behind = rows_behind(pack, as_of, indicator.id, place)
    own = {rows.measure.id: rows.measure for rows in behind}
    return Explanation(
        kind="figure",
        title=answer.name if answer else indicator.zh,
        facts=_figure_facts(pack, indicator.id, answer),
        parameters=_parameters(pack, [rows.measure for rows in behind]),
        steps=[{"name": step.name, "about": step.about, "sql": step.sql} for step in own_steps([*own.values()], as_of)],
        rows=[
            shown
            for rows in behind
            if (shown := _shown(engine, rows, limit)).total or not rows.part.endswith("_unknown")
        ],
        tests=[verdict.to_json() for verdict in (answer.check if answer else ())],
        answer=answer,
    )


def _figure_facts(pack: Pack, indicator: str, answer: Answer | None) -> dict[str, Any]:
    rule = pack.indicators[indicator]
    where = pack.files[f"indicator:{indicator}"].relative_to(pack.root)
    definition = {
        part: {key: value for key, value in measure.model_dump().items() if value}
        for part, measure in (("numerator", rule.numerator), ("denominator", rule.denominator))
        if measure is not None
    }
    shown = answer.to_json() if answer else {}
    shown.pop("check", None)
    return {
        **shown,
        "definition": definition,
        "rule_file": f"{pack.meta.id}/{where}",
        "times": rule.times,
        "per": rule.per,
    }


def _parameters(pack: Pack, measures: list[PlannedMeasure]) -> list[dict[str, Any]]:
    used: dict[str, DatedValue] = {}
    for measure in measures:
        for part in measure.parts:
            used |= part.parameters
    return [_parameter(pack, name, value) for name, value in used.items()]


def _parameter(pack: Pack, name: str, value: DatedValue) -> dict[str, Any]:
    parameter = pack.parameters[name]
    return {
        "parameter": name,
        "name": parameter.zh,
        "name_en": parameter.en,
        "value": str(value.value),
        "unit": parameter.unit,
        "from": value.valid_from.isoformat(),
        "source": value.source,
        "mark": value.mark,
        "file": f"{pack.meta.id}/{pack.files[f'parameter:{name}'].relative_to(pack.root)}",
    }


def _shown(engine: Engine, rows: MeasureRows, limit: int) -> Rows:
    wanted = set(rows.table.key) | {"region_code"}
    for part in rows.measure.parts:
        wanted |= part.columns
    total = int(engine.value(f"SELECT count(*) FROM ({rows.sql})"))
    return Rows(rows.part, rows.table, total, _fetch(engine, rows.table, f"{rows.sql} LIMIT {limit}", wanted), rows.sql)


def _fetch(engine: Engine, table: Table, sql: str, wanted: set[str] | None = None) -> list[dict[str, Any]]:
    """Rows as dictionaries: wanted columns, sensitive ones masked, empty ones left out, and their origin."""
    found = engine.rows(ORIGINS.format(rows=sql) if table.delivered else sql)
    parts = _parts(engine, table, [_key(table, row) for row in found]) if table.delivered else {}
    result = []
    for row in found:
        shown: dict[str, Any] = {
            column.name: _masked(column, row[column.name])
            for column in table.columns
            if row[column.name] is not None and (wanted is None or column.name in wanted)
        }
        if table.delivered and row["origin_file"] is not None:
            shown["origin"] = origin_text(row["origin_name"], row["origin_sheet"], row["origin_row"])
        if given := parts.get(_key(table, row)):
            shown["origins"] = {name: given[name] for name in shown if name in given}
        result.append(shown)
    return result


def _key(table: Table, row: dict[str, Any]) -> str:
    return "|".join(str(row[name]) for name in table.key)


def _parts(engine: Engine, table: Table, keys: Sequence[str]) -> dict[str, dict[str, str]]:
    """Of rows that several files make up, by key: which file and row gave the value of each column."""
    listed = ", ".join(map(quoted, keys)) or "''"
    found: dict[str, dict[str, str]] = {}
    for part in engine.rows(
        "SELECT m.*, f.file AS origin_name FROM merged_row m LEFT JOIN source_file f ON f.file_no = m.origin_file "
        f"WHERE m.table_name = {quoted(table.name)} AND m.row_key IN ({listed}) ORDER BY m.origin_file, m.origin_row"
    ):
        origin = origin_text(part["origin_name"], part["origin_sheet"], part["origin_row"])
        found.setdefault(part["row_key"], {}).update(dict.fromkeys(filter(None, part["gave"].split(",")), origin))
    return found


def _masked(column: Column, value: Any) -> Any:
    if column.sensitive:
        return mask(value)
    return value if isinstance(value, (int, str, bool)) else str(value)


def _household(engine: Engine, situation: Situation, code: str, limit: int) -> Explanation:
    pack, as_of = situation.pack, situation.as_of
    rows = [
        Rows(table.zh, table, len(found), found[:limit])
        for table in TABLES.values()
        if table.delivered and "household_code" in table.column_names
        if (found := _fetch(engine, table, _of_household(table, code)))
    ]
    if not rows:
        raise NothingFound.called(code, _near(pack, code))
    episodes = engine.rows(
        "SELECT status, valid_from, valid_to, basis FROM status_episode "
        f"WHERE subject_kind = 'household' AND subject_code = {quoted(code)} ORDER BY valid_from NULLS FIRST"
    )
    head = _fetch(engine, rows[0].table, _of_household(rows[0].table, code))[0]
    return Explanation(
        kind="household",
        title=f"{head.get('head_name', '')} {code}".strip(),
        facts={
            "household_code": code,
            "region": _place(situation, head["region_code"]),
            "history": [
                {name: None if value is None else str(value) for name, value in row.items()} for row in episodes
            ],
        },
        parameters=_exit_parameters(pack, situation),
        steps=[
            {"name": traced.step.name, "about": traced.step.about, "sql": traced.step.sql}
            for traced in engine.trace
            if traced.step.name in ("household_facts", "exit_test")
        ],
        rows=rows,
        tests=_household_tests(engine, pack, code, as_of.year),
    )


_OF_A_PERSON = {"name", "id_number", "household_code", "person_code", "relation"}
"""What tells people of one name apart; their households tell the rest."""


def _persons(engine: Engine, situation: Situation, name: str, limit: int) -> Explanation | None:
    """The registered people of that name, each with village and household; None when there is nobody."""
    table = TABLES["person"]
    year = situation.as_of.year
    sql = f"SELECT * FROM person WHERE name = {quoted(name)} AND data_year = {year} ORDER BY region_code, person_code"
    places = [_place(situation, row["region_code"]) for row in engine.rows(sql)]
    if not places:
        return None
    found = _fetch(engine, table, sql, _OF_A_PERSON)
    people = [{"place": place, **person} for place, person in zip(places, found, strict=True)]
    return Explanation(
        kind="persons",
        title=name,
        facts={"total": len(people), "persons": people[:limit]},
        parameters=[],
        steps=[],
        rows=[],
        tests=[],
    )


def _near(pack: Pack, text: str) -> list[str]:
    """Indicators whose id or name is like the text or holds it."""
    if not text.strip():
        return []
    names = {indicator.zh: f"{indicator.zh}（{name}）" for name, indicator in pack.indicators.items()}
    holding = [shown for zh, shown in names.items() if text in zh or text.lower() in shown]
    alike = [names[zh] for zh in get_close_matches(text, names)] + get_close_matches(text, pack.indicators)
    return list(dict.fromkeys([*holding, *alike]))[:5]


def _of_household(table: Table, code: str) -> str:
    order = ", ".join(f"{name} DESC" if name == "data_year" else name for name in table.key)  # the newest first
    return f"SELECT * FROM {table.name} WHERE household_code = {quoted(code)} ORDER BY {order}"


def _household_tests(engine: Engine, pack: Pack, code: str, year: int) -> list[dict[str, Any]]:
    names = {c.id: c for standard in pack.exits.values() if standard.subject == "household" for c in standard.criteria}
    return [
        {
            "criterion": row["criterion"],
            "what": names[row["criterion"]].zh,
            "what_en": names[row["criterion"]].en,
            "passed": row["passed"],
            "seen": row["seen"],
            "wanted": row["wanted"],
            "source": names[row["criterion"]].source,
        }
        for row in engine.rows(
            f"SELECT * FROM exit_test WHERE subject_kind = 'household' AND subject_code = {quoted(code)}"
        )
    ]


def _exit_parameters(pack: Pack, situation: Situation) -> list[dict[str, Any]]:
    binding = Binding(pack, situation.as_of, situation.as_of.replace(month=1, day=1))
    used: dict[str, DatedValue] = {}
    for standard in pack.exits.values():
        if standard.subject == "household":
            for criterion in standard.criteria:
                used |= binding.bind(criterion.passed, TABLES["household_facts"], "boolean").parameters
    return [_parameter(pack, name, value) for name, value in used.items()]


def _place(situation: Situation, code: str) -> str:
    tree = situation.pack.divisions.on(situation.as_of)
    return "".join(tree.get(ancestor).name for ancestor in reversed(list(tree.ancestors(code)))) or code


def _row(engine: Engine, situation: Situation, what: str) -> Explanation:
    rest, _, row = what.rpartition(":")
    if not row.isascii() or not row.isdigit():
        raise NothingFound.called(what)
    file, _, sheet = rest.rpartition(":")
    files = _files_called(engine, file)
    if not files and (files := _files_called(engine, rest)):
        sheet = _only_sheet(engine, rest, files)
    if not files:
        raise NothingFound.called(what)
    here = _origin([int(entry["file_no"]) for entry in files], sheet, int(row))
    found = _delivered(engine, here)
    numbers = ", ".join(str(entry["file_no"]) for entry in files)
    at = f"({numbers}) AND {{}} = {quoted(sheet)} AND {{}} = {row}"
    problems = [
        {name: _without_numbers(value) if isinstance(value, str) else value for name, value in problem.items()}
        for problem in engine.rows(f"SELECT * FROM intake_problem WHERE file_no IN {at.format('sheet', 'row')}")
    ]
    replaced = engine.rows(
        "SELECT s.*, f.file AS by_name FROM superseded s LEFT JOIN source_file f ON f.file_no = s.by_file "
        f"WHERE s.origin_file IN {at.format('s.origin_sheet', 's.origin_row')}"
    )
    merged = engine.rows(f"SELECT * FROM merged_row WHERE origin_file IN {at.format('origin_sheet', 'origin_row')}")
    if not found and not problems and not replaced and not merged:
        raise NothingFound.called(what)
    found = found or [_made_up(engine, TABLES[part["table_name"]], part["row_key"]) for part in merged]
    return Explanation(
        kind="row",
        title=what,
        facts={
            "files": files,
            "problems": problems,
            "superseded": replaced,
            "merged": merged,
            "refused": not found and not replaced and any(problem["outcome"] in REFUSED for problem in problems),
        },
        parameters=[],
        steps=[],
        rows=found,
        tests=[figure for rows in found for figure in _counted_in(engine, situation, rows.table, rows.sql)],
    )


def _files_called(engine: Engine, file: str) -> list[dict[str, Any]]:
    """Delivered files by their name, the end of their path, or the first digits of their hash."""
    if not file:
        return []
    file = masked(file)  # a number in a name is masked wherever the name is shown
    hashed = f"starts_with(sha256, {quoted(file)})" if len(file) >= 8 else "false"
    files: list[dict[str, Any]] = engine.rows(
        f"SELECT * FROM source_file WHERE file = {quoted(file)} OR ends_with(file, {quoted('/' + file)}) OR {hashed}"
    )
    return [{name: entry.get(name) for name in ("file_no", "file", "sha256", "returned")} for entry in files]


def _only_sheet(engine: Engine, file: str, files: list[dict[str, Any]]) -> str:
    """The sheet that may be left out because no other was read. Raises ``NothingFound`` naming them otherwise."""
    numbers = ", ".join(str(entry["file_no"]) for entry in files)
    delivered = [name for name, table in TABLES.items() if table.delivered]
    sheets = [
        row["sheet"]
        for row in engine.rows(
            " UNION ".join(
                [
                    f"SELECT sheet FROM intake_problem WHERE file_no IN ({numbers})",
                    *(f"SELECT origin_sheet FROM {name} WHERE origin_file IN ({numbers})" for name in delivered),
                ]
            )
        )
    ]
    if len(sheets) > 1:
        listed = "、".join(sorted(sheets))
        raise NothingFound(
            f"{file} 里有几张表：{listed}；请写 文件名:工作表:行号。",
            f"{file} has several sheets: {listed}; write FILE:SHEET:ROW.",
        )
    return str(sheets[0]) if sheets else ""


def _without_numbers(text: str) -> str:
    """A message or value as delivered, long numbers masked: they may be anybody's."""
    return _LONG_NUMBER.sub(lambda found: mask(found[0]), text)


def _origin(files: list[int], sheet: str, row: int) -> str:
    listed = ", ".join(map(str, files))
    return f"origin_file IN ({listed}) AND origin_sheet = {quoted(sheet)} AND origin_row = {row}"


def _delivered(engine: Engine, here: str) -> list[Rows]:
    return [
        Rows(table.zh, table, len(found), found, sql)
        for table in TABLES.values()
        for sql in [f"SELECT * FROM {table.name} WHERE {here}"]
        if table.delivered and (found := _fetch(engine, table, sql))
    ]


def _made_up(engine: Engine, table: Table, key: str) -> Rows:
    """The register's row of a key."""
    parts = " || '|' || ".join(f"CAST({name} AS VARCHAR)" for name in table.key)
    sql = f"SELECT * FROM {table.name} WHERE {parts} = {quoted(key)}"
    found = _fetch(engine, table, sql)
    return Rows(table.zh, table, len(found), found, sql)


def _counted_in(engine: Engine, situation: Situation, table: Table, rows: str) -> list[dict[str, Any]]:
    """Which indicators count the rows of a query, and in which part."""
    counted = []
    for name, planned in plan_indicators(situation.pack, situation.as_of).indicators.items():
        for part, measure in (("numerator", planned.numerator), ("denominator", planned.denominator)):
            if measure is None or measure.table.name != table.name:
                continue
            if engine.value(f"SELECT count(*) FROM ({rows}) AS {table.name} WHERE {measure.where.sql}"):
                indicator = situation.pack.indicators[name]
                counted.append({"indicator": name, "name": indicator.zh, "name_en": indicator.en, "part": part})
    return counted
