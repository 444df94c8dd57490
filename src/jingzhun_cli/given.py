"""Files that a person gives a command: which are read and in what order, and whether their people are invented."""

from __future__ import annotations

from pathlib import Path

from jingzhun.intake import A_LINK, not_read, passed_over, shown_path
from jingzhun.model.receipt import FileReceipt, read_receipts
from jingzhun.model.shown import masked
from jingzhun_cli import console
from jingzhun_cli.choices import UsageProblem

SYNTHETIC = "SYNTHETIC.txt"
"""A file of this name in a folder of deliveries says that its people are invented; the answer sheet repeats it."""
MARKED_ABOVE = 2
"""Levels above a delivery's folder at which the mark is looked for."""
RETURNED = "_退回"
"""In the name of every workbook that goes back to its sender."""


class NothingTaken(Exception):
    """No row of any file could be used: there is nothing to answer from."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


def say_again(receipts: list[FileReceipt]) -> None:
    if receipts:
        names = "、".join(masked(receipt.file) for receipt in receipts[:5])
        console.aside(
            f"接收库里有 {len(receipts)} 个文件（{names}）是按另一个政策包或时点接收的，或暂存数据已缺失，"
            "现从原件重新读取。",
            f"{len(receipts)} files of the store ({names}) were taken in by another pack or day, or their staged rows "
            "are gone; their originals are read again.",
        )


def earlier_files(store: Path, receipts: list[FileReceipt]) -> list[FileReceipt]:
    """Files of the store that this run was not given; they count all the same."""
    now = {receipt.delivery for receipt in receipts}
    return [receipt for receipt in read_receipts(store) if receipt.delivery not in now and not receipt.refused]


NO_SHEET = "不生成答卷", "there is no answer sheet"


def refuse_nothing(receipts: list[FileReceipt], store: Path, then: tuple[str, str] = NO_SHEET) -> None:
    """Raise ``NothingTaken`` where no row was accepted; ``then`` says what therefore cannot be done."""
    if any(sheet.accepted or sheet.warned for receipt in receipts for sheet in receipt.sheets):
        return
    raise NothingTaken(
        f"没有接收到任何一行数据，{then[0]}。原因见上表和 {store}；请按说明改正后再运行。",
        f"not a single row was taken in, so {then[1]}. The reasons are above and in {store}.",
    )


def is_synthetic(folders: list[Path], store: Path) -> bool:
    """Whether the mark of invented people lies in a folder, below it or just above it, or came into the store before.

    Once invented people are in a store they are counted in every later answer, so the mark stays with the store.
    """
    whole = [folder.resolve() for folder in folders]
    near = [above for folder in whole for above in (folder, *folder.parents[:MARKED_ABOVE])]
    marked = any((place / SYNTHETIC).is_file() for place in (*near, store)) or any(
        any(folder.rglob(SYNTHETIC)) for folder in whole
    )
    if marked:
        (store / SYNTHETIC).write_text("本接收库中有合成数据。 This store holds invented people.\n", "utf-8")
    return marked


def lies_inside(made: Path, given: list[Path]) -> bool:
    return any(made.resolve().is_relative_to(folder.resolve()) for folder in given)


def files_of(paths: list[Path]) -> tuple[dict[Path, str], list[FileReceipt]]:
    """The files and the names they are known by: folders walked in the order of names, returned workbooks last.

    A later file takes the place of an earlier one, so a workbook that was sent back must follow what it corrects.
    Links that lead out of their folder or nowhere are not followed; each has a receipt that says so.
    """
    found: dict[Path, str] = {}
    left_out: list[FileReceipt] = []
    for path in paths:
        if not path.exists():
            raise UsageProblem(f"没有这个文件或目录：{path}", f"no such file or folder: {path}")
        inside = sorted(path.rglob("*"), key=lambda file: (RETURNED in file.stem, file)) if path.is_dir() else [path]
        for file in inside:
            name = shown_path(file.relative_to(path)) if path.is_dir() else shown_path(Path(file.name))
            if _passed_over(file):
                continue
            if _leads_away(file, path):
                left_out.append(not_read(name, *A_LINK))
            elif file.is_file():
                found[file] = name
    if not found and not left_out:
        raise UsageProblem("没有可接收的文件。", "there is no file to take in.")
    return found, left_out


def _passed_over(file: Path) -> bool:
    """What no department sends: locks of open workbooks, hidden files, a file manager's own, and our own mark."""
    return passed_over(file.name) or file.name == SYNTHETIC


def _leads_away(file: Path, folder: Path) -> bool:
    """A link below a folder that leads out of it, to nothing, or round in a circle."""
    if not file.is_symlink() or file == folder:
        return False
    try:
        return not file.resolve(strict=True).is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return True
