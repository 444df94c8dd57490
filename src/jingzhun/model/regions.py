"""Divisions with dates: five levels, twelve digits, and what a village was before and after a merger."""

from jingzhun.model.contract import Table, code, date, flag, integer, region, text

REGION = Table(
    "region",
    "regions",
    "行政区划",
    "Division",
    "One row per division and period in which it existed under this code and name.",
    ("region_code", "valid_from"),
    (
        region(),
        text("name", "名称", "Name", required=True),
        integer("level", "层级", "Level: 1 province, 2 prefecture, 3 county, 4 township, 5 village", required=True),
        region("parent_code", "上级代码", "Parent division"),
        code("kind", "类别", "Kind of division", "region_kind"),
        date("valid_from", "启用日期", "First day in force"),
        date("valid_to", "撤销日期", "First day no longer in force"),
        region("successor_code", "继任代码", "Division that took it over"),
        flag("synthetic", "是否合成", "Invented for the model, not a real division"),
        text("source", "来源", "Source"),
    ),
    delivered=False,
)

REGION_CLOSURE = Table(
    "region_closure",
    "regions",
    "区划上下级",
    "Division and everything above it",
    "One row per division and each of its ancestors, itself included, on the as-of date.",
    ("region_code", "ancestor_code"),
    (
        region(),
        region("ancestor_code", "上级代码", "Ancestor, or the division itself"),
        integer("ancestor_level", "上级层级", "Level of the ancestor"),
    ),
    delivered=False,
)

TABLES = (REGION, REGION_CLOSURE)

AREAS = (
    "SELECT region_code, max(CASE WHEN ancestor_level = 4 THEN ancestor_code END) AS township, "
    "max(CASE WHEN ancestor_level = 3 THEN ancestor_code END) AS county FROM region_closure GROUP BY region_code"
)
"""Every division in force with its township and county; empty for those above."""


def elsewhere(ours: str, theirs: str) -> str:
    """Condition that an answer for ``theirs`` is not for the township of ``ours``, both of them rows of ``AREAS``.

    A place that names no township, or none at all, is held against the county, or is not doubted.
    """
    return f"NOT coalesce({ours}.township = {theirs}.township, {ours}.county = {theirs}.county, true)"
