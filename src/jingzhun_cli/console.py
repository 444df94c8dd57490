"""How results reach a person or a machine: language, tables, JSON, progress."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from jingzhun.model.message import Language, Message

WIDE = 150
"""Columns for tables that go to a file or another program, where no terminal says how wide it is."""
NARROWEST = 9
"""Columns of the screen that a column of a table needs at least, borders and all, to be read."""
out = Console(soft_wrap=True, emoji=False, width=None if sys.stdout and sys.stdout.isatty() else WIDE)
err = Console(stderr=True, soft_wrap=True, emoji=False)


class ExitCode(IntEnum):
    """What the exit status of every command means."""

    OK = 0
    INTERNAL = 1
    USAGE = 2
    REFUSED = 3
    PACK = 4
    NOT_FOUND = 5
    FONT = 6
    ENGINE = 7
    TAMPERED = 8


MEANINGS = {
    ExitCode.OK: ("成功", "done"),
    ExitCode.INTERNAL: ("程序出错，请把显示的内容报给我们", "a fault of ours; please report what was shown"),
    ExitCode.USAGE: ("参数或文件路径不对", "an argument or a path is wrong"),
    ExitCode.REFUSED: ("有文件完全不能使用，其余照常处理", "a file could not be used at all; the others were"),
    ExitCode.PACK: ("政策包有错误", "the policy pack has faults"),
    ExitCode.NOT_FOUND: (
        "没有这个快照、指标、户或行，或者快照、接收库已损坏",
        "no such snapshot, figure, household or row, or a damaged snapshot or store",
    ),
    ExitCode.FONT: ("缺中文字体，PDF 以外都已生成", "no Chinese font: everything but the PDF was written"),
    ExitCode.ENGINE: (
        "所选部件没有安装：Spark（pyspark、Java）或网页应用",
        "a part is not installed: Spark (pyspark, Java) or the web application",
    ),
    ExitCode.TAMPERED: ("痕迹链断裂：有记录被动过", "the trail is broken: somebody tampered with it"),
}


@dataclass
class Settings:
    language: Language = "zh"


settings = Settings()


def say(zh: str, en: str) -> str:
    return zh if settings.language == "zh" else en


def show(zh: str, en: str) -> None:
    out.print(say(zh, en), markup=False, highlight=False)


def aside(zh: str, en: str) -> None:
    """A remark beside the result, on standard error."""
    err.print(say(zh, en), style="dim", markup=False, highlight=False)


def heading(text: str) -> None:
    out.print(f"\n{text}", style="bold", markup=False, highlight=False)


def faint(text: str) -> None:
    """What a reader may pass over, such as SQL."""
    out.print(text, style="dim", markup=False, highlight=False)


def fail(message: Message, code: ExitCode, *, as_json: bool) -> int:
    """Print what went wrong, where it can be read, and give the exit status."""
    if as_json and _printed_error(message, code):
        return int(code)
    err.print(message.say(settings.language), style="red", markup=False, highlight=False)
    return int(code)


def _printed_error(message: Message, code: ExitCode) -> bool:
    """Whether the error could be printed where the result would have been; false on a full disk, say."""
    error = {"id": message.id, "zh": message.zh, "en": message.en, "exit_code": int(code)}
    try:
        print_json({"error": error})
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (AttributeError, OSError):  # there is no standard output, or it takes no more
        drop_output()
        return False
    return True


def drop_output() -> None:
    """What is still to be printed goes nowhere, also what the interpreter writes when it ends."""
    if sys.stdout is None:
        return
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_json(data: Any) -> None:
    sys.stdout.write(json.dumps(data, ensure_ascii=not _is_unicode(), indent=1, default=str) + "\n")


def _is_unicode() -> bool:
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")


def table(title: str, columns: list[tuple[str, str]], rows: list[list[str]]) -> None:
    """A table for people; each column is a heading and its justification (left, right).

    On a screen too narrow for its columns every row is a list of its own, as a person would write it down.
    """
    if out.width < NARROWEST * len(columns):
        _listed(title, [name for name, _ in columns], rows)
        return
    shown = Table(title=Text(f"\n{title}"), title_justify="left", title_style="bold", header_style="bold")
    for name, justify in columns:
        shown.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    for row in rows:
        shown.add_row(*row)
    out.print(shown, markup=False)


def _listed(title: str, names: list[str], rows: list[list[str]]) -> None:
    heading(title)
    for row in rows:
        out.print()
        for name, value in zip(names, row, strict=True):
            out.print(Text.assemble((f"{name} ", "dim"), value))


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar on standard error for work that takes time; none when nobody is looking."""
    if quiet or not err.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as bar:
        task = bar.add_task("", total=None)

        def advance(what: str, done: int, total: int) -> None:
            bar.update(task, description=what[:40], completed=done, total=total)

        yield advance
