"""Stock and flow of the register, for households and persons, whole register and poor stock, village by village.

Stocks are counted in the register's rows of two data years; flows in the events between them. They come from
different deliveries, so a difference is a finding. Gross counts (人次) never stand in for a change of stock:
natural increase and decrease are kept apart and only rows that move a person or a household are counted.
"""

from __future__ import annotations

from datetime import date

from jingzhun.engine import Step, quoted
from jingzhun.model import TABLES, labels

_POOR_STOCK = f"exit_status IN {labels.POOR}"


def flow_steps(as_of: date) -> list[Step]:
    """Steps that make ``flow``: a row per division, stock and unit.

    The opening register is the latest data year before ``as_of``'s; events count from the day after it to ``as_of``.
    """
    return [_opening_year(as_of), _by_village(as_of), _rolled_up()]


def _opening_year(as_of: date) -> Step:
    return Step(
        "flow_years",
        f"SELECT max(data_year) AS opening_year, {as_of.year}::BIGINT AS closing_year, "
        f"make_date(max(data_year) + 1, 1, 1) AS first_day, {quoted(as_of.isoformat())}::DATE AS last_day "
        f"FROM household WHERE data_year < {as_of.year}",
        "期初、期末数据年度 / the two data years",
    )


def _by_village(as_of: date) -> Step:
    selects = [
        part
        for stock in ("register", "poor")
        for counted in ("households", "persons")
        for part in (_stock(stock, counted), _events(stock, counted))
    ]
    return Step("flow_village", " UNION ALL ".join(selects), "各村存量与进出事件 / stocks and events by village")


def _stock(stock: str, counted: str) -> str:
    source = "household" if counted == "households" else "person"
    within = _POOR_STOCK if stock == "poor" else "true"
    none = "".join(f", NULL::BIGINT AS {name}" for name in labels.FLOWS)
    return (
        f"SELECT region_code, {quoted(stock)} AS stock, {quoted(counted)} AS counted, "
        f"sum(CASE WHEN data_year = opening_year AND {within} THEN 1 ELSE 0 END) AS opening, "
        f"sum(CASE WHEN data_year = closing_year AND {within} THEN 1 ELSE 0 END) AS closing{none} "
        f"FROM {source}, flow_years WHERE data_year IN (opening_year, closing_year) GROUP BY region_code"
    )


def _events(stock: str, counted: str) -> str:
    moves = "household_event" if counted == "households" else "person_code IS NOT NULL"
    columns = ", ".join(f"sum(CASE WHEN {_touches(name, stock)} THEN 1 ELSE 0 END) AS {name}" for name in labels.FLOWS)
    return (
        f"SELECT region_code, {quoted(stock)} AS stock, {quoted(counted)} AS counted, "
        f"NULL::BIGINT AS opening, NULL::BIGINT AS closing, {columns} "
        f"FROM adjustment_event, flow_years WHERE {moves} AND occurred_on BETWEEN first_day AND last_day "
        f"GROUP BY region_code"
    )


def _touches(name: str, stock: str) -> str:
    """Which events move the stock: leaving poverty and falling back move only the poor stock."""
    is_kind = f"kind = {quoted(labels.FLOWS[name][0])}"
    if name in ("fell_back", "exited"):
        return is_kind if stock == "poor" else "false"
    if stock == "register" or name == "new":
        return is_kind
    return f"{is_kind} AND stock = {quoted(labels.STOCK_POOR)}"


def _rolled_up() -> Step:
    parts = ["opening", *labels.FLOWS, "closing"]
    summed = ", ".join(f"coalesce(sum({name}), 0)::BIGINT AS {name}" for name in parts)
    change = " + ".join(f"({sign}) * {name}" for name, (_, sign) in labels.FLOWS.items())
    order = ", ".join(TABLES["flow"].column_names)
    return Step(
        "flow",
        f"""SELECT {order} FROM (
            SELECT *, closing - (opening + {change}) AS difference FROM (
                SELECT c.ancestor_code AS region_code, stock, counted, {summed}
                FROM flow_village JOIN region_closure c USING (region_code)
                WHERE EXISTS (SELECT 1 FROM flow_years y JOIN household h ON h.data_year = y.closing_year
                    WHERE y.opening_year IS NOT NULL)
                GROUP BY ALL))
        ORDER BY region_code, stock, counted""",
        "各级区划存量与进出平衡 / stocks and flows rolled up the division tree",
    )
