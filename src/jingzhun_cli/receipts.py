"""What became of delivered files, as a table for people: only what they have to look at, and the totals."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from jingzhun.model.receipt import FileReceipt, SheetReceipt
from jingzhun.model.shown import masked, visible
from jingzhun.policy import Pack
from jingzhun_cli import console
from jingzhun_cli.console import say

PARTS = ("rows", "accepted", "warned", "quarantined", "rejected", "ignored")
REMARKED = PARTS[2:]
LAYOUTS_LISTED = 6
FEW = 3
"""Files without a remark that still have a row of their own."""


def totals(receipts: list[FileReceipt]) -> dict[str, int]:
    return {part: sum(getattr(sheet, part) for r in receipts for sheet in r.sheets) for part in PARTS}


def print_receipts(receipts: list[FileReceipt], store: Path, pack: Pack) -> None:
    """A row for every file with something to look at, one for all others together, the total, and what to look at."""
    quiet = [receipt for receipt in receipts if not _needs_a_look(receipt)]
    if len(quiet) <= FEW:
        quiet = []
    shown = [receipt for receipt in receipts if receipt not in quiet]
    rows = [[_plain(receipt.file), *_counts([receipt]), _note(receipt, store, pack)] for receipt in shown]
    if quiet:
        count = say(f"其他 {len(quiet):,} 个文件" if shown else f"{len(quiet):,} 个文件", f"{len(quiet):,} files")
        rows.append([count, *_counts(quiet), _about_quiet(quiet, pack)])
    rows.append([say("合计", "total"), *_counts(receipts), ""])
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
    _print_attention(receipts)


def _print_attention(receipts: list[FileReceipt]) -> None:
    for receipt in receipts:
        for sheet in receipt.sheets:
            if sheet.attention:
                at = _plain(f"{receipt.file} · {sheet.sheet}")
                console.show(
                    f"请留意 {at}：{_plain(sheet.attention)}", f"please look at {at}: {_plain(sheet.attention_en)}"
                )
    if any(receipt.returned for receipt in receipts):
        console.show(
            "待核和拒收的行在“退回”工作簿里，逐行写明原因；请报送单位改正后，作为后来的文件再次接收。",
            "quarantined and rejected rows are in the returned workbooks, each with its reasons; "
            "once corrected, take them in as a later file.",
        )


def _plain(text: str) -> str:
    """Delivered text as a terminal may show it."""
    return visible(masked(text))


def _needs_a_look(receipt: FileReceipt) -> bool:
    remarked = any(getattr(sheet, part) for sheet in receipt.sheets for part in REMARKED)
    return bool(receipt.refused) or remarked or any(sheet.attention for sheet in receipt.sheets)


def _counts(receipts: list[FileReceipt]) -> list[str]:
    sums = totals(receipts)
    return [f"{sums[part]:,}" for part in PARTS]


def _about_quiet(receipts: list[FileReceipt], pack: Pack) -> str:
    """Files that were accepted without any remark: as what, and how many had been taken in before."""
    layouts = Counter(_layout(sheet, pack) for receipt in receipts for sheet in receipt.sheets)
    listed = [f"{layout} {count:,}" for layout, count in layouts.most_common(LAYOUTS_LISTED)]
    more = [say("等", "and others")] if len(layouts) > LAYOUTS_LISTED else []
    before = sum(receipt.already for receipt in receipts)
    again = [say(f"其中 {before:,} 个已接收过，未变", f"{before:,} taken in before, unchanged")] if before else []
    everything = say("全部接收，没有提示", "accepted without a remark")
    return say("；", "; ").join([everything, say("、", ", ").join([*listed, *more]), *again])


def _layout(sheet: SheetReceipt, pack: Pack) -> str:
    """As what a sheet was recognised; empty for one that was not read."""
    layout = pack.layouts.get(sheet.layout)
    return say(layout.zh, layout.en) if layout else sheet.layout


def _note(receipt: FileReceipt, store: Path, pack: Pack) -> str:
    if receipt.refused:
        return _plain(say(receipt.refused, receipt.refused_en or receipt.refused))
    read = [sheet for sheet in receipt.sheets if sheet.layout]
    layouts = _layouts(read, pack)
    already = say("已接收过，未变", "already taken in, unchanged") if receipt.already else ""
    back = store / receipt.returned if receipt.returned else ""
    returned = say(f"退回 {back}", f"returned: {back}") if back else ""
    recognised = say("、", ", ").join(layouts)
    return _plain(say("；", "; ").join(part for part in (recognised, already, returned) if part))


def _layouts(read: list[SheetReceipt], pack: Pack) -> list[str]:
    """As what each sheet was recognised; many sheets of one layout are told together."""
    named = [_layout(sheet, pack) for sheet in read]
    if len(named) > FEW and len(set(named)) == 1:
        return [say(f"{len(named)} 张表，都是{named[0]}", f"{len(named)} sheets, all {named[0]}")]
    return named if len(read) == 1 else [f"{sheet.sheet}: {name}" for sheet, name in zip(read, named, strict=True)]
