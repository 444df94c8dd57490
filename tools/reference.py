"""Write docs/reference from the code and the pack, or with ``--check`` say which pages are stale."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import typer
from pydantic import BaseModel

from jingzhun.engine.expression import FUNCTIONS, MOMENTS
from jingzhun.measurement.measures import MEASURES
from jingzhun.measurement.request import Request
from jingzhun.model import CHAPTERS, ORIGIN, TABLES
from jingzhun.model.contract import Kind, Table
from jingzhun.policy import Pack, deprivation, evaluation, linkage, load_pack, schema
from jingzhun.policy import comparison as comparison_format
from jingzhun.policy import rules as rules_format
from jingzhun.policy.comparison import Check
from jingzhun.policy.deprivation import DeprivationStandard
from jingzhun.policy.rules import Gathered
from jingzhun.policy.schema import Measure
from jingzhun_cli.console import MEANINGS
from jingzhun_cli.main import app
from jingzhun_web.site import configuration, serving

serving.set_up()
from jingzhun_web.accounts import rights  # noqa: E402 - models only after Django is ready
from jingzhun_web.accounts.access import Guard  # noqa: E402
from jingzhun_web.accounts.rights import Relation  # noqa: E402
from jingzhun_web.accounts.roles import Role  # noqa: E402
from jingzhun_web.site import endpoints  # noqa: E402

FOLDER = Path(__file__).parent.parent / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py; change the code or the pack, then run `make reference`. -->\n\n"


def grid(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(headings) + " |", "|" + " --- |" * len(headings)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    return str("" if value is None else value).replace("|", "\\|").replace("\n", " ")


def tables(_: Pack) -> str:
    parts = ["# Table contracts\n", "Rooms pass tables on by these contracts and by nothing else.\n"]
    parts.append(
        "This is how rows are *stored*: money as integer fen, places as one 12-digit code. Delivered files give money "
        "in yuan, or in the unit that the header names (万元 …), and places as 县 / 乡镇 / 行政村 or as 行政区划代码; "
        "the headers that are understood are in [the layouts](layouts.md).\n"
    )
    parts.append("Every delivered table also carries " + ", ".join(f"`{column.name}`" for column in ORIGIN) + ".\n")
    for chapter, (zh, en) in CHAPTERS.items():
        parts.append(f"## {en} ({zh})\n")
        parts += [_table(table) for table in TABLES.values() if table.chapter == chapter]
    return "\n".join(parts)


def _table(table: Table) -> str:
    made = "delivered" if table.delivered else "made by the product"
    rows = [[f"`{c.name}`", c.kind, c.unit, c.codes, "yes" if c.required else "", c.zh, c.en] for c in table.columns]
    return (
        f"### `{table.name}` — {table.en} ({table.zh})\n\n{table.grain}\n\n"
        f"Key: {', '.join(f'`{name}`' for name in table.key)}. Place: {table.place or 'none'}. {made.capitalize()}.\n\n"
        + grid(["column", "type", "unit", "code list", "required", "Chinese", "English"], rows)
    )


FORMATS = (schema, deprivation, rules_format, comparison_format, linkage, evaluation)
"""The modules that say what a file of a pack looks like."""


def _is_of(module: ModuleType, part: object) -> bool:
    return inspect.isclass(part) and part.__module__ == module.__name__


def pack_format(_: Pack) -> str:
    parts = ["# The files of a policy pack\n", inspect.getdoc(schema) or "", "", _FIRST_PACK, _pack_map()]
    for name, part in (found for module in FORMATS for found in vars(module).items() if _is_of(module, found[1])):
        if issubclass(part, BaseModel):
            fields = [
                [
                    f"`{field.alias or key}`",
                    f"`{_type(field.annotation)}`",
                    "" if not field.is_required() else "yes",
                ]
                for key, field in part.model_fields.items()
            ]
            if fields:
                parts += [f"## {name}\n", inspect.cleandoc(part.__doc__ or ""), "", grid(_FIELDS, fields)]
    return "\n".join(parts)


_FIELDS = ["field", "type", "required"]
_FIRST_PACK = """## A pack of your own

Copy the folder of a pack that ships (`jingzhun pack check nowhere` prints where it lies), change `id` and `version` in
`pack.yaml`, and name the folder with `--pack` (or `JINGZHUN_PACK`): `jingzhun pack check my_pack`,
`jingzhun run FOLDER --pack my_pack`. A new indicator is one more entry in a file of `indicators/`:

```yaml
indicators:
  - id: households_with_unsafe_water
    zh: 饮水不安全户数
    en: Households without safe water
    kind: count
    unit: households
    numerator:
      table: household
      where: "data_year = year(as_of) AND NOT water_safe"
      zh: 饮水不安全的建档立卡户
      en: registered households without safe water
```

[Expressions](expressions.md) say what `where` may hold, [the tables](tables.md) which columns there are,
[the sources](sources.md) what P4 or G1 stand for. A value without `mark` counts as unverified.
"""


def _pack_map() -> str:
    """Which file holds what, from the first sentence of each model that names its files."""
    rows = []
    for part in (part for module in FORMATS for part in vars(module).values() if _is_of(module, part)):
        doc = inspect.getdoc(part) if issubclass(part, BaseModel) else None
        if doc and doc.startswith("``"):
            file, _, meaning = doc.removeprefix("``").partition("``")
            rows.append([f"`{file}`", meaning.strip(" :.\n").split("\n")[0] or "the pack itself"])
    return "## Files\n\n" + grid(["file", "what it holds"], rows)


def _type(annotation: object) -> str:
    plain = str(annotation).replace("jingzhun.policy.schema.", "").replace("typing.", "").replace("datetime.", "")
    return plain.removeprefix("<class '").removesuffix("'>").replace("decimal.Decimal", "Decimal")


def rules(pack: Pack) -> str:
    parts = [
        "# Data-quality rules\n\nWhat must not be. E is an error to be put right, S a suspicion to be looked into "
        "before anything is decided, T a hint. A condition that is unknown breaks nothing. "
        f"{len(pack.rules)} rules; those of the sources that cannot be expressed stand at the end, with the reason.\n"
    ]
    for subject in pack.subjects.values():
        mine = [rule for rule in pack.rules.values() if rule.subject == subject.id]
        parts.append(f"## {subject.en} ({subject.zh})\n")
        listed = [[r.id, r.severity, r.zh, r.en, f"`{r.broken}`", r.source, r.code, r.mark] for r in mine]
        parts.append(grid(["rule", "", "Chinese", "English", "broken when", "source", "code there", "mark"], listed))
        facts = [[f"`{one.name}`", one.en, f"`{one.expression}`"] for one in subject.facts]
        facts += [[f"`{one.name}`", one.en, _gathered(one)] for one in subject.gathered]
        if facts:
            parts.append("Names beside the columns:\n\n" + grid(["name", "meaning", "how"], facts))
    parts.append("## Not expressed\n\nRules of the sources that the contracts cannot say, and what it would take.\n")
    listed = [[one.id, one.rule_zh, one.reason_zh, one.reason_en, one.needed] for one in pack.not_expressed]
    parts.append(grid(["rule", "Chinese", "reason (Chinese)", "reason", "needed"], listed))
    return "\n".join(parts)


def _gathered(one: Gathered) -> str:
    key = f"`{', '.join(one.by)}`" + (f" = `{', '.join(one.theirs)}`" if one.theirs else "")
    below = " and everything below" if one.below else ""
    year = {"same": "", "before": ", the register before", "every": ", every year"}[one.year]
    return f"{one.pick} of `{one.table}` by {key}{below}{year}"


def rates(pack: Pack) -> str:
    """The rates of the third-party evaluation: every reading, and the limit."""
    readings = [
        [
            f"`{rate.id}`",
            rate.zh,
            rate.en,
            whose,
            words.above_zh,
            words.above_en,
            words.below_zh,
            words.below_en,
            words.source,
            words.mark,
        ]
        for rate in pack.rates.values()
        for whose, words in (*(("official", one) for one in rate.official), ("from the design", rate.design))
    ]
    limits = [
        [f"`{rate.id}`", "<" if rate.wants == "below" else ">", f"`{rate.limit}`"]
        for rate in pack.rates.values()
        if rate.limit
    ]
    return "\n".join([
        "# Rates of the third-party evaluation\n",
        "`evaluation/rates.yaml` of the pack. Of several official readings the first is held against the limit.\n",
        grid(["rate", "Chinese", "English", "reading", "分子", "numerator", "分母", "denominator", "source", "mark"],
             readings),
        "## Limits\n",
        "Values, days and sources are in [the parameters](parameters.md).\n",
        grid(["rate", "must be", "parameter"], limits),
    ])  # fmt: skip


def comparison(pack: Pack) -> str:
    asked = [
        [f"`{s.id}`", s.zh, s.en, s.department, f"`{s.table}`", "yes" if s.consent else "", s.cites, s.mark]
        for s in pack.sources_compared.values()
    ]
    parts = [
        "# Comparison with other departments\n",
        "A check never decides: it gives a lead to look into. E is an error to be put right, S a suspicion, T a hint. "
        "A source is used only under an authority in force (`source_authority`); where consent is needed, only for "
        "households that signed.\n",
        "## Sources\n",
        grid(["source", "Chinese", "English", "department", "table", "consent", "authority", "mark"], asked),
        "## Checks\n",
        grid(
            ["check", "", "source", "Chinese", "English", "a lead when", "suggests", "text", "mark"],
            [
                [
                    c.id, c.severity, f"`{c.source}`" if c.source else "the register itself", c.zh, c.en, f"`{c.lead}`",
                    "; ".join(_suggestions(c)), c.cites, c.mark,
                ]
                for c in pack.comparison_checks.values()
            ],
        ),
    ]  # fmt: skip
    for linked in pack.linkages.values():
        passes = [[f"`{p.id}`", p.zh, p.en, ", ".join(f"`{s}`" for s in p.same)] for p in linked.passes]
        parts += [
            f"## Linkage: {linked.en} ({linked.zh})\n",
            "Pairs are looked for in these passes, in this order:\n",
            grid(["pass", "Chinese", "English", "the same on both sides"], passes),
        ]
    return "\n".join(parts)


def _suggestions(check: Check) -> Iterator[str]:
    if check.borrowed:
        yield f"{check.borrowed.verdict} when the number is the person's and all else says that it is somebody else"
    yield from (f"{one.verdict} when `{one.when}`" for one in check.suggests)


def sources(pack: Pack) -> str:
    rows = [[f"`{note.key}`", note.title, note.kind, note.published] for note in pack.sources]
    return (
        "# Sources\n\nWhat the letters beside rules, parameters and definitions stand for. *Verified* means that the "
        "text itself was read; *from memory* that a domain user still has to confirm it. The figures called *printed* "
        "(原文) are those of `page`.\n\n" + grid(["key", "source", "kind", "published"], rows)
    )


def expressions(_: Pack) -> str:
    kinds = grid(["column type", "meaning"], [[kind.value, _kind(kind)] for kind in Kind])
    return (
        "# Policy expressions\n\nSQL scalar expressions in DuckDB's dialect over the columns of one table contract. "
        "Statements, sub-queries, aggregates, windows and any other function are refused, with the reason.\n\n"
        f"Functions: {', '.join(f'`{name}`' for name in sorted(FUNCTIONS))}.\n\n"
        f"Names beside the columns: {', '.join(f'`{name}`' for name in MOMENTS)}, and `p.<parameter>` for the value "
        "of a parameter on the as-of date.\n\n" + kinds
    )


def _kind(kind: Kind) -> str:
    return {
        Kind.CENTS: "money in fen", Kind.QUANTITY: "an amount with three decimals", Kind.MONTH: "YYYY-MM",
        Kind.CODE: "a label of a code list", Kind.FLAG: "true, false or unknown",
    }.get(kind, kind.value)  # fmt: skip


def indicators(pack: Pack) -> str:
    answered = {figure.indicator: figure.id for figure in pack.figures.values()}
    rows = [
        [
            answered.get(i.id, ""),
            f"`{i.id}`",
            i.zh,
            i.en,
            i.unit,
            _measure(i.numerator),
            _measure(i.denominator),
            i.period,
        ]
        for i in pack.indicators.values()
    ]
    headings = ["figure", "indicator", "Chinese", "English", "unit", "numerator", "denominator", "period"]
    return "# Indicators\n\n" + grid(headings, rows)


def _measure(measure: Measure | None) -> str:
    if measure is None:
        return ""
    what = (
        f"distinct {measure.distinct} of"
        if measure.distinct
        else f"sum of {measure.value} of"
        if measure.value
        else "rows of"
    )
    return f"{what} `{measure.table}` where `{measure.where}`"


def parameters(pack: Pack) -> str:
    rows = [
        [f"`{p.id}`", p.zh, p.en, p.unit, v.valid_from, v.scope, v.value, v.source, v.mark]
        for p in pack.parameters.values()
        for v in p.values
    ]
    headings = ["parameter", "Chinese", "English", "unit", "from", "scope", "value", "source", "mark"]
    return "# Parameters\n\nEvery number that a law or a year could change.\n\n" + grid(headings, rows)


def code_lists(pack: Pack) -> str:
    parts = ["# Code lists\n"]
    for codes in pack.codes.values():
        rows = [[item.label, item.code, item.en, "、".join(item.aliases), item.mark] for item in codes.items]
        parts += [
            f"## `{codes.id}` — {codes.en} ({codes.zh})\n",
            f"Source: {codes.source}\n",
            grid(["label", "code", "English", "also written", "mark"], rows),
        ]
    return "\n".join(parts)


def layouts(pack: Pack) -> str:
    parts = [
        "# Layouts\n",
        "A ledger layout (`ledger_<table>`) also exists for every delivered table: "
        "its headers are the Chinese labels of the contract.\n",
    ]
    for layout in pack.layouts.values():
        if layout.id.startswith("ledger_"):
            continue
        rows = [
            [
                c.header,
                "、".join(c.aliases),
                f"`{c.field}`" if c.field else c.region,
                "yes" if c.required else "",
                c.money,
            ]
            for c in layout.columns
        ]
        parts += [
            f"## `{layout.id}` — {layout.en} ({layout.zh})\n",
            f"Table `{layout.table}`; source {layout.source}.\n",
            grid(["header", "also written", "goes to", "required", "money"], rows),
        ]
    return "\n".join(parts)


def checks(pack: Pack) -> str:
    rows = [[c.id, " ".join(c.figures), c.zh, c.en, f"`{c.holds}`", c.otherwise] for c in pack.checks.values()]
    parts = [
        "# Mutual checks\n",
        grid(["check", "figures", "Chinese", "English", "holds", "otherwise"], rows),
        "# Exit standards\n",
    ]
    for standard in pack.exits.values():
        lines = [[f"`{c.id}`", c.zh, c.en, f"`{c.passed}`", c.source, c.mark] for c in standard.criteria]
        parts += [
            f"## {standard.en} ({standard.zh})\n",
            grid(["criterion", "Chinese", "English", "passed", "source", "mark"], lines),
        ]
    return "\n".join(parts)


def commands(_: Pack) -> str:
    parts = [
        "# Commands\n",
        "`--lang zh|en` (or `JINGZHUN_LANG`) chooses the language, `--version` prints the version.\n",
        "`--json` follows the command.\n",
    ]
    _describe(typer.main.get_command(app), "jingzhun", parts)
    codes = [[int(code), en, zh] for code, (zh, en) in MEANINGS.items()]
    parts += ["## Exit codes\n", grid(["code", "meaning", "含义"], codes)]
    return "\n".join(parts)


def _describe(command: object, path: str, parts: list[str]) -> None:
    for name, sub in getattr(command, "commands", {}).items():
        if getattr(sub, "commands", None):
            _describe(sub, f"{path} {name}", parts)
            continue
        rows = [
            [
                f"`{' / '.join(p.opts)}`",
                "argument" if p.param_type_name == "argument" else "option",
                "yes" if p.required else "",
                getattr(p, "help", ""),
            ]
            for p in sub.params
        ]
        parts += [f"## `{path} {name}`\n", f"{sub.help or ''}\n", grid(["parameter", "", "required", "meaning"], rows)]


def measures(pack: Pack) -> str:
    keys = [
        (f"`{name}`", field.description, "yes" if field.is_required() else "")
        for name, field in Request.model_fields.items()
    ]
    known = [
        (f"`{name}`", one.en, one.zh, ", ".join(f"`{argument}`" for argument in one.required),
         ", ".join(f"`{argument}`" for argument in one.optional))
        for name, one in MEASURES.items()
    ]  # fmt: skip
    return (
        "# Requests for estimates\n\n`jingzhun measure REQUEST.yaml` reads these keys. Arguments are "
        "[expressions](expressions.md) over the columns of the data.\n\n"
        + grid(("key", "what it says", "must be there"), keys)
        + "\n## Measures\n\n"
        + grid(("measure", "what", "中文", "arguments", "may be given"), known)
        + """
## An example

```yaml
data: sample.csv
weights: weight
strata: stratum
psu: [village, household]
fpc: [villages_in_stratum, households_in_village]
estimates:
  - {id: poor, measure: mean, y: "income < 3200", by: county}
  - {id: help, measure: ratio, y: help_received, x: income, where: "registered"}
```

## Standards of multidimensional poverty

`standard: NAME` in an `af` estimate stands for the indicators, weights, cut-offs and rule on missing values of a
standard of the pack (`--pack`); what is written beside it takes its place.

"""
        + "\n".join(_standard(one) for one in pack.deprivation.values())
    )


def _standard(one: DeprivationStandard) -> str:
    reads = f"columns of [`{one.table}`](tables.md)" if one.table else "yes-or-no columns of these names"
    rows = [(f"`{item.id}`", item.en, item.zh, item.weight, f"`{item.deprived}`") for item in one.indicators]
    return (
        f"### `{one.id}`\n\n{one.en} ({one.zh}). Cut-offs {', '.join(one.cut_offs)}; reads {reads}; rows with "
        f"an unknown indicator: {one.missing}. Source [{one.source}](sources.md), {one.mark}.\n\n"
        + grid(("indicator", "what", "中文", "weight", "lacks it where"), rows)
    )


def settings(_: Pack) -> str:
    rows = [
        [f"`{one.name}`", one.kind, f"`{one.default}`" if one.default else "", one.en, one.zh]
        for one in configuration.SETTINGS
    ]
    return (
        "# Settings of the web application\n\nRead from the environment by `jingzhun serve` and the other commands "
        "about the web application. A wrong value stops them with all faults at once. A secret (`JINGZHUN_SECRET_KEY`, "
        "`DATABASE_URL`) can be given as a file: its name with `_FILE` behind it.\n\n"
        + grid(["setting", "value", "default", "meaning", "含义"], rows)
    )


def access(_: Pack) -> str:
    parts = [
        "# Who may do what where\n",
        "An action is granted to a post for the relation of its region to the object's: its own, below it, above it. "
        "Who may read but not do gets 403, everybody else 404. Every cell of endpoint, method, relation and post is in "
        "[access.csv](access.csv), and is tested.\n",
        "## Actions\n",
        grid(["action", "post", "where"], [
            [f"`{action}`", ", ".join(role.value for role in roles), " ".join(sorted(where))]
            for action, granted in rights.RIGHTS.items()
            for where, roles in _together(granted)
        ]),
        "\n## Endpoints\n",
        grid(["address", "name", "open to", "methods"], [
            [f"`/{one.route}`", one.name, one.guard.audience, _methods(one.guard)]
            for one in endpoints.endpoints() if one.guard
        ]),
    ]  # fmt: skip
    return "\n".join(parts)


def _together(granted: Mapping[Role, frozenset[Relation]]) -> Iterator[tuple[frozenset[Relation], list[Role]]]:
    for where in dict.fromkeys(granted.values()):
        yield where, [role for role in granted if granted[role] == where]


def _methods(guard: Guard) -> str:
    return ", ".join(f"{method} `{guard.actions[method]}`" if guard.actions else method for method in guard.methods)


def access_cells() -> str:
    """Every cell as CSV: a row for each endpoint, method and relation, a column for each post."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for cell in endpoints.cells():
        found.setdefault((cell.name, cell.method, cell.relation), {})[cell.role] = cell.due
    lines = [",".join(["endpoint", "method", "relation", *(role.value for role in Role)])]
    lines += [",".join([*key, *(due[role] for role in Role)]) for key, due in found.items()]
    return "\n".join(lines) + "\n"


PAGES: dict[str, Callable[[Pack], str]] = {
    "tables.md": tables, "pack.md": pack_format, "expressions.md": expressions, "indicators.md": indicators,
    "parameters.md": parameters, "code-lists.md": code_lists, "layouts.md": layouts, "checks.md": checks,
    "cli.md": commands, "sources.md": sources, "rules.md": rules,
    "comparison.md": comparison, "measures.md": measures, "rates.md": rates,
    "settings.md": settings, "access.md": access,
}  # fmt: skip


def main() -> int:
    pack = load_pack("luliang_2018")
    stale = []
    texts = {name: NOTE + page(pack).rstrip() + "\n" for name, page in PAGES.items()} | {"access.csv": access_cells()}
    for name, text in texts.items():
        path = FOLDER / name
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.write_text(text, "utf-8")
    if stale:
        print(("stale: " if "--check" in sys.argv else "written: ") + ", ".join(stale))
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    raise SystemExit(main())
