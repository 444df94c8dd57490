"""The plain ledger layout of every delivered table: headers are the contract's Chinese labels.

A department that has no export format of its own keeps a ledger (台账); ours names its columns as the contract does,
so a new table contract can be delivered the day it is written.
"""

from jingzhun.model import TABLES
from jingzhun.model.contract import Kind, Table
from jingzhun.policy.schema import Layout, LayoutColumn

PLACE_HEADERS = (
    ("prefecture", "市", ("市州", "地市")),
    ("county", "县(市、区)", ("县", "县区", "县(市、区、旗)")),
    ("township", "乡(镇)", ("乡镇", "乡")),
    ("village", "行政村", ("村",)),
)
_DEPTH = {"": 0, "prefecture": 1, "county": 2, "township": 3, "village": 4}


def ledger_layouts() -> dict[str, Layout]:
    """``ledger_<table>`` for every table that departments deliver."""
    return {f"ledger_{table.name}": _ledger(table) for table in TABLES.values() if table.delivered}


def _ledger(table: Table) -> Layout:
    places = [
        LayoutColumn(header=header, aliases=aliases, region=level)  # type: ignore[arg-type]
        for level, header, aliases in PLACE_HEADERS[: _DEPTH[table.place]]
    ]
    # The year may stand in the title or the file's name instead; a ledger that has it nowhere is refused there.
    fields = [
        LayoutColumn(header=column.zh, field=column.name, required=column.required and column.name != "data_year")
        for column in table.columns
        if column.kind is not Kind.REGION and not column.zh.endswith("（比对）")
    ]
    by_code = [LayoutColumn(header="行政区划代码", region="code")] if table.place else []
    return Layout(
        id=f"ledger_{table.name}",
        zh=f"{table.zh}台账",
        en=f"{table.en} ledger",
        department="",
        table=table.name,
        source="jingzhun table contract",
        mark="synthetic",
        data_year="column" if "data_year" in table.column_names else "none",
        columns=tuple(places + by_code + fields),
    )
