"""What became of delivered files, as a table for people."""

from __future__ import annotations

from pathlib import Path

from jingzhun.model.receipt import FileReceipt
from jingzhun_cli import console
from jingzhun_cli.console import say

PARTS = ("rows", "accepted", "warned", "quarantined", "rejected", "ignored")


def totals(receipts: list[FileReceipt]) -> dict[str, int]:
    return {part: sum(getattr(sheet, part) for r in receipts for sheet in r.sheets) for part in PARTS}


def print_receipts(receipts: list[FileReceipt], store: Path) -> None:
    rows = [
        [
            receipt.file,
            *(f"{sum(getattr(sheet, part) for sheet in receipt.sheets):,}" for part in PARTS),
            _note(receipt, store),
        ]
        for receipt in receipts
    ]
    sums = totals(receipts)
    rows.append([say("合计", "total"), *(f"{sums[part]:,}" for part in PARTS), ""])
    headings = [
        ("数据行", "rows"),
        ("接收", "accepted"),
        ("带提示", "warned"),
        ("待核", "quarantined"),
        ("拒收", "rejected"),
        ("忽略", "ignored"),
    ]
    console.table(
        say("接收情况：每一行都有去向", "every row accounted for"),
        [
            (say("文件", "file"), "left"),
            *((say(zh, en), "right") for zh, en in headings),
            (say("说明", "note"), "left"),
        ],
        rows,
    )
    for receipt in receipts:
        for sheet in receipt.sheets:
            if sheet.attention:
                at = f"{receipt.file} · {sheet.sheet}"
                console.show(f"请留意 {at}：{sheet.attention}", f"please look at {at}: {sheet.attention_en}")
    if any(receipt.returned for receipt in receipts):
        console.show(
            "待核和拒收的行在“退回”工作簿里，逐行写明原因；请报送单位改正后，作为后来的文件再次接收。",
            "quarantined and rejected rows are in the returned workbooks, each with its reasons; "
            "once corrected, take them in as a later file.",
        )


def _note(receipt: FileReceipt, store: Path) -> str:
    if receipt.refused:
        return say(receipt.refused, receipt.refused_en or receipt.refused)
    already = say("已接收过，未变", "already taken in, unchanged") if receipt.already else ""
    back = store / receipt.returned if receipt.returned else ""
    returned = say(f"退回 {back}", f"returned: {back}") if back else ""
    return say("；", "; ").join(part for part in (already, returned) if part)
