"""Layouts: every header goes to one real column, money says its unit, nothing is fed twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from jingzhun.model import TABLES, Kind
from jingzhun.policy.check.case import Case, field_of, nearest
from jingzhun.policy.schema import Layout, LayoutColumn
from jingzhun.policy.spelling import search_key

INCOME_ITEM = "income_item["


def check_layouts(case: Case) -> None:
    for layout in case.pack.layouts.values():
        if not case.has(f"layout:{layout.id}"):
            continue
        table = TABLES.get(layout.table)
        if table is None or not table.delivered:
            zh, en = nearest(layout.table, (name for name, known in TABLES.items() if known.delivered))
            case.fault(
                f"layout:{layout.id}",
                ("table",),
                f"没有可报送的表“{layout.table}”{zh}",
                f"there is no delivered table {layout.table!r}{en}",
            )
            continue
        for index, column in enumerate(layout.columns):
            _check_column(case, layout, index, column)
        _check_headers(case, layout)
        _check_targets(case, layout)
        _check_constants(case, layout)
        _check_answers(case, layout)
        _check_year(case, layout)


def _check_column(case: Case, layout: Layout, index: int, column: LayoutColumn) -> None:
    name, place = f"layout:{layout.id}", ("columns", index)
    if sum((bool(column.field), bool(column.region), column.ignore)) != 1:
        case.fault(
            name,
            place,
            f"表头“{column.header}”应当恰好写明 field、region、ignore 之一。",
            f"header {column.header!r} must say exactly one of field, region and ignore.",
        )
    for field in (*((column.field,) if column.field else ()), *column.also):
        _check_field(case, layout, index, field)
    _check_money(case, layout, index, column)


def _check_field(case: Case, layout: Layout, index: int, field: str) -> None:
    name, place = f"layout:{layout.id}", ("columns", index)
    if field.startswith(INCOME_ITEM):
        item = field.removeprefix(INCOME_ITEM).removesuffix("]")
        if item not in {known.item for known in case.pack.income_items}:
            case.fault(
                name,
                place,
                f"收支项目“{item}”不在 catalogue/income_items.csv 中；请改正或补上。",
                f"income item {item!r} is not in catalogue/income_items.csv; correct it or add it there.",
            )
    elif field_of(layout.table, field) is None:
        owner, _, column = field.rpartition(".")
        zh, en = nearest(
            column, TABLES[owner or layout.table].column_names if (owner or layout.table) in TABLES else ()
        )
        case.fault(
            name,
            place,
            f"表“{owner or layout.table}”没有字段“{column}”{zh}",
            f"table {owner or layout.table!r} has no column {column!r}{en}",
        )


def _check_money(case: Case, layout: Layout, index: int, column: LayoutColumn) -> None:
    name, place = f"layout:{layout.id}", ("columns", index)
    is_money = column.field.startswith(INCOME_ITEM) or _kind(layout, column.field) is Kind.CENTS
    if is_money and not column.money:
        case.fault(
            name,
            place,
            f"金额“{column.header}”没有写单位；请加 money: yuan 或 money: wan_yuan。",
            f"the money in {column.header!r} has no unit; add money: yuan or money: wan_yuan.",
        )
    if column.money and not is_money:
        case.fault(
            name,
            place,
            f"“{column.header}”不是金额，却写了 money；请删去。",
            f"{column.header!r} is not money but has 'money'; remove it.",
        )
    if is_money and ("万元" in column.header) != (column.money == "wan_yuan") and column.money:
        case.fault(
            name,
            place,
            f"表头“{column.header}”的单位与 money: {column.money} 不符；请改正。",
            f"the header {column.header!r} and money: {column.money} disagree about the unit; correct it.",
        )


def _kind(layout: Layout, field: str) -> Kind | None:
    found = field_of(layout.table, field) if field else None
    return None if found is None else TABLES[found[0]].column(found[1]).kind


def _check_headers(case: Case, layout: Layout) -> None:
    owners: dict[tuple[str, int], int] = {}
    for index, column in enumerate(layout.columns):
        for written in dict.fromkeys(map(search_key, (column.header, *column.aliases))):
            other = owners.setdefault((written, column.occurrence), index)
            if other == index:
                continue
            case.fault(
                f"layout:{layout.id}",
                ("columns", index),
                f"表头“{column.header}”与第 {other + 1} 列“{layout.columns[other].header}”写法相同；"
                "请删去一处，或用 occurrence 区分重复的表头。",
                f"header {column.header!r} is written like {layout.columns[other].header!r}; "
                "remove one or tell repeated headers apart with occurrence.",
            )


def _check_targets(case: Case, layout: Layout) -> None:
    fed = Counter(target for column in layout.columns for target in _targets(layout, column))
    for index, column in enumerate(layout.columns):
        for target in _targets(layout, column):
            if fed[target] > 1:
                case.fault(
                    f"layout:{layout.id}",
                    ("columns", index),
                    f"字段“{target}”由 {fed[target]} 个表头填写；一个字段只能有一个来源列。",
                    f"{target!r} is fed by {fed[target]} headers; a field has one column as its source.",
                )


def _targets(layout: Layout, column: LayoutColumn) -> Iterator[str]:
    if column.region:
        yield f"region {column.region}"
    for field in (*((column.field,) if column.field else ()), *column.also):
        yield field if "." in field or "[" in field else f"{layout.table}.{field}"


def _check_constants(case: Case, layout: Layout) -> None:
    for field, value in layout.constants.items():
        found = field_of(layout.table, field)
        if found is None:
            zh, en = nearest(field, TABLES[layout.table].column_names)
            case.fault(
                f"layout:{layout.id}",
                ("constants", field),
                f"表“{layout.table}”没有字段“{field}”{zh}",
                f"table {layout.table!r} has no column {field!r}{en}",
            )
            continue
        codes = case.pack.codes.get(TABLES[found[0]].column(found[1]).codes)
        if codes is not None and codes.canonical(value) is None:
            case.fault(
                f"layout:{layout.id}",
                ("constants", field),
                f"“{value}”不在代码表“{codes.id}”中；请改用其中的标签。",
                f"{value!r} is not in code list {codes.id!r}; use one of its labels.",
            )


def _check_answers(case: Case, layout: Layout) -> None:
    """A worklist's answers are columns of it: what nobody can fill in would make every row count as unanswered."""
    fed = {column.field for column in layout.columns}
    for place, field in enumerate(layout.answers):
        if field not in fed:
            zh, en = nearest(field, fed - {""})
            case.fault(
                f"layout:{layout.id}",
                ("answers", place),
                f"核查表没有填写“{field}”的列{zh}",
                f"no column of the worklist is filled in with {field!r}{en}",
            )


def _check_year(case: Case, layout: Layout) -> None:
    has_column = any(column.field == "data_year" for column in layout.columns)
    if (layout.data_year == "column") != has_column:
        case.fault(
            f"layout:{layout.id}",
            ("data_year",),
            "data_year: column 要求有一列 field: data_year，反之亦然；请改正其一。",
            "data_year: column needs a column with field: data_year, and the other way round; correct one of them.",
        )


def check_aliases(case: Case) -> None:
    """An alias stands for one header, which exists, and is itself the header of no other field."""
    fields = _fields_by_header(case)
    seen: dict[str, str] = {}
    for index, alias in enumerate(case.pack.aliases):
        written = search_key(alias.header)
        means = fields.get(search_key(alias.means))
        if means is None:
            zh, en = (
                f"没有版式有表头“{alias.means}”；请改正。",
                f"no layout has the header {alias.means!r}; correct it.",
            )
        elif not fields.get(written, set()) <= means:
            zh, en = (
                f"“{alias.header}”本身就是某个版式的表头，填的是别的字段，不能再作别名；请改写进该版式的 aliases。",
                f"{alias.header!r} is a header of a layout itself, of another field; "
                "write it into the layout that needs it.",
            )
        elif written in seen:
            zh, en = (
                f"别名“{alias.header}”已指“{seen[written]}”；一个写法只能指一个表头。",
                f"the alias {alias.header!r} already means {seen[written]!r}; keep one.",
            )
        else:
            seen[written] = alias.means
            continue
        case.row_fault("catalogue/aliases.csv", index, zh, en)


def _fields_by_header(case: Case) -> dict[str, set[str]]:
    """Which fields each header of a layout fills; one and the same field goes by several headers."""
    found: dict[str, set[str]] = {}
    for layout in case.pack.layouts.values():
        for column in layout.columns:
            named = column.field.rpartition(".")[2] or column.region or ""
            found.setdefault(search_key(column.header), set()).add(named)
    return found
