"""``jingzhun``: the commands, and how every known failure is told."""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer
from rich.traceback import install

from jingzhun import __version__
from jingzhun.engine import EngineMissing, ExpressionError, StepFailed
from jingzhun.evaluation import NotASample, NotDrawable, NotEvaluable
from jingzhun.explain import NothingFound
from jingzhun.intake import Refused
from jingzhun.measurement import NotMeasurable
from jingzhun.model.message import Message
from jingzhun.model.receipt import DamagedStore
from jingzhun.model.shown import visible
from jingzhun.policy import NoDesign, NoValue, PackFaults
from jingzhun.policy.binding import FailsOnData
from jingzhun.population import NoCalibration, UnknownPlace
from jingzhun.reporting import MissingFont
from jingzhun.snapshot import InUse, NotASnapshot
from jingzhun_cli import (
    comparison,
    console,
    deliveries,
    evaluating,
    explaining,
    inventing,
    measuring,
    pack,
    quality,
    regions,
    sampling,
    sheet,
    surveying,
    web,
)
from jingzhun_cli.choices import UsageProblem
from jingzhun_cli.console import MEANINGS, ExitCode, fail
from jingzhun_cli.given import NothingTaken
from jingzhun_cli.usage import ClickException, told_to_user

EPILOG = "退出码 / exit codes: " + "; ".join(f"{int(code)} {zh} ({en})" for code, (zh, en) in MEANINGS.items())
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
INTERRUPTED = 130
INTERRUPTED_QUERY = "Query interrupted"
"""What DuckDB makes of Ctrl-C: a RuntimeError of this text."""

app = typer.Typer(
    name="jingzhun",
    help="精准扶贫：从部门表格到脱贫答卷，每个数都能追到行 / from the departments' spreadsheets to the answer sheet.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its boxes cut Chinese text that is a column too wide
)
COMMANDS = (
    deliveries.synth,
    deliveries.intake,
    deliveries.run,
    sheet.answers,
    explaining.explain,
    quality.check,
    quality.findings,
    comparison.compare,
    comparison.leads,
    measuring.measure,
    sampling.sample,
    surveying.survey,
    inventing.synth_survey,
    evaluating.evaluate,
    regions.regions,
    web.serve,
)
for command in COMMANDS:
    # Given whole: the list of commands would otherwise cut it where the line ends.
    app.command(epilog=EPILOG, short_help=" ".join((command.__doc__ or "").split()))(command)
app.add_typer(pack.app, name="pack")
app.add_typer(web.people, name="people")
app.add_typer(web.trail, name="trail")


def _version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"jingzhun {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    lang: Annotated[Literal["zh", "en"], typer.Option("--lang", envvar="JINGZHUN_LANG", help="语言 / language")] = "zh",
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="版本 / version")
    ] = False,
) -> None:
    """Options that come before the command."""
    console.settings.language = lang


def run() -> None:
    """Entry point: known failures become a sentence and an exit code, unknown ones a traceback and exit code 1."""
    install(show_locals=False)
    _print_what_the_terminal_cannot()
    sys.exit(_ended(as_json="--json" in sys.argv))


def _ended(*, as_json: bool) -> int:
    """Run the command and give its exit code; what the parser and the outside world stop is told here."""
    try:
        return _asked(as_json)
    except ClickException as error:
        return told_to_user(error, as_json=as_json)
    except typer.Abort:
        return _interrupted()
    except RuntimeError as error:
        if str(error) != INTERRUPTED_QUERY:
            raise
        return _interrupted()
    except BrokenPipeError:
        console.drop_output()
        return int(ExitCode.INTERNAL)


def _interrupted() -> int:
    console.aside(
        "已中断。没有写完的结果不会被当作结果使用，再运行一次即可。",
        "interrupted. What was not written to its end is not used as a result; run it again.",
    )
    return INTERRUPTED


def _asked(as_json: bool) -> int:
    """Run the command. A fault of the files, the pack or the place asked for is told and gives its exit code."""
    try:
        _can_be_read()
        code = app(_lang_first(sys.argv[1:]), standalone_mode=False) or int(ExitCode.OK)
        sys.stdout.flush()  # a disk that is full says so here, not when the interpreter has ended
        return _interrupted() if code == INTERRUPTED else code
    except BrokenPipeError:
        raise
    except KNOWN as error:
        message, code = next(told for kind, told in TOLD.items() if isinstance(error, kind))(error)
        return fail(message, code, as_json=as_json)


def _in_pack(error: Any) -> tuple[Message, ExitCode]:
    hint = "用 jingzhun pack check 查看所在文件和行。", "Run jingzhun pack check for its file and line."
    return Message("pack", f"政策包：{error.zh}{hint[0]}", f"policy pack: {error.en} {hint[1]}"), ExitCode.PACK


def _in_both(name: str, code: ExitCode, where: str = "") -> Callable[[Any], tuple[Message, ExitCode]]:
    """How an error that speaks both languages is told; ``where`` is its attribute that names the place."""

    def told(error: Any) -> tuple[Message, ExitCode]:
        at = getattr(error, where) if where else None
        zh, en = (f"{at}：{error.zh}", f"{at}: {error.en}") if where else (error.zh, error.en)
        return Message(name, zh, en), code

    return told


def _in_one(name: str, code: ExitCode) -> Callable[[Any], tuple[Message, ExitCode]]:
    """How an error whose text already holds both languages is told."""
    return lambda error: (Message(name, str(error), str(error)), code)


TOLD: dict[type[Exception], Callable[[Any], tuple[Message, ExitCode]]] = {
    PackFaults: lambda error: (_faults(error), ExitCode.PACK),
    ExpressionError: _in_pack,
    NoValue: _in_pack,
    NoDesign: _in_pack,
    NotASnapshot: _in_both("snapshot", ExitCode.NOT_FOUND, "folder"),
    NotASample: _in_both("sample", ExitCode.NOT_FOUND, "folder"),
    NotDrawable: _in_both("sample", ExitCode.USAGE),
    NotEvaluable: _in_both("evaluation", ExitCode.USAGE),
    DamagedStore: _in_both("store", ExitCode.NOT_FOUND, "path"),
    MissingFont: _in_both("font", ExitCode.FONT),
    EngineMissing: _in_both("engine", ExitCode.ENGINE),
    web.WebMissing: _in_both("web", ExitCode.ENGINE),
    NothingFound: _in_both("nothing", ExitCode.NOT_FOUND),
    UsageProblem: _in_both("usage", ExitCode.USAGE),
    NotMeasurable: _in_both("measure", ExitCode.USAGE),
    InUse: _in_both("usage", ExitCode.USAGE),
    Refused: _in_both("refused", ExitCode.REFUSED),
    NothingTaken: _in_both("refused", ExitCode.REFUSED),
    FailsOnData: _in_both("pack", ExitCode.PACK),
    StepFailed: _in_one("step", ExitCode.INTERNAL),
    NoCalibration: _in_both("population", ExitCode.NOT_FOUND),
    UnknownPlace: _in_both("population", ExitCode.NOT_FOUND),
    OSError: lambda error: (_unreachable(error), ExitCode.USAGE),
}
"""Faults of the files, the pack or the place asked for, the most special first, and how each is told."""
KNOWN = tuple(TOLD)


def _print_what_the_terminal_cannot() -> None:
    """A character that the output's encoding does not have is written as its code, not as an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _can_be_read() -> None:
    """Refuse to work where the result could not be printed or files not be named."""
    if sys.stdout is None:
        raise UsageProblem(
            "标准输出是关闭的，结果无处可写；请去掉 >&-，或转到文件。",
            "standard output is closed, there is nowhere to put the result; leave out >&- or name a file.",
        )
    if any("\ud800" <= letter <= "\udfff" for argument in sys.argv for letter in argument):
        raise UsageProblem(
            "有一个参数不是这台机器字符集的文字；请改写，或检查文件名的编码。",
            "an argument is no text in this machine's character set; write it otherwise, or check the file's name.",
        )
    encoding = sys.getfilesystemencoding()
    try:
        "脱贫答卷".encode(encoding)
    except UnicodeEncodeError as error:
        raise UsageProblem(
            f"本机的字符集是 {encoding}，写不了中文文件名；请先设 LC_ALL=C.UTF-8 或 PYTHONUTF8=1 再运行。",
            f"this machine's locale ({encoding}) cannot hold Chinese file names; set LC_ALL=C.UTF-8 or PYTHONUTF8=1.",
        ) from error


def _lang_first(arguments: list[str]) -> list[str]:
    """``--lang`` may stand anywhere on the line; it is moved before the command, where it belongs."""
    for at, argument in enumerate(arguments):
        if argument == "--lang" and at + 1 < len(arguments):
            return ["--lang", arguments[at + 1], *arguments[:at], *arguments[at + 2 :]]
        if argument.startswith("--lang="):
            return [argument, *arguments[:at], *arguments[at + 1 :]]
    return arguments


def _unreachable(error: OSError) -> Message:
    """A file or folder that the operating system will not let us read or write."""
    at = visible(str(error.filename2 or error.filename or ""))
    if error.errno in FULL:
        return Message(
            "file",
            f"磁盘已满或配额用尽，没有写成 {at or '输出文件'}；请清理空间，"
            "或用 --out、--store 指到别的磁盘，再运行一次。",
            f"the disk or quota is full, {at or 'the output'} could not be written; make room, or name another disk "
            "with --out or --store, and run again.",
        )
    return Message(
        "file",
        f"无法读写 {at}（{error.strerror}）；请检查路径、权限和磁盘空间后再试。",
        f"cannot read or write {at} ({error.strerror}); check the path, its permissions and the space on the disk.",
    )


def _faults(error: PackFaults) -> Message:
    first, count = error.faults[0], len(error.faults)
    return Message(
        "pack",
        f"政策包 {error.root} 有 {count} 处错误，例如 {first.file}:{first.line}：{first.zh}"
        f"用 jingzhun pack check {error.root} 查看全部。",
        f"the policy pack has {count} faults, such as {first.file}:{first.line}: {first.en} "
        f"See all with jingzhun pack check {error.root}.",
    )


if __name__ == "__main__":
    run()
