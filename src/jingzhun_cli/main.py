"""``jingzhun``: the commands, and how every known failure is told."""

from __future__ import annotations

import errno
import io
import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.traceback import install

from jingzhun import __version__
from jingzhun.engine import EngineMissing, ExpressionError, StepFailed
from jingzhun.explain import NothingFound
from jingzhun.intake import Refused
from jingzhun.model.message import Message
from jingzhun.model.receipt import DamagedStore
from jingzhun.policy import NoValue, PackFaults
from jingzhun.population import NoCalibration, UnknownPlace
from jingzhun.reporting import MissingFont
from jingzhun.snapshot import InUse, NotASnapshot
from jingzhun_cli import comparison, console, deliveries, explaining, pack, quality, regions, sheet
from jingzhun_cli.choices import UsageProblem
from jingzhun_cli.console import MEANINGS, ExitCode, fail
from jingzhun_cli.deliveries import NothingTaken
from jingzhun_cli.usage import ClickException, told_to_user

EPILOG = "退出码 / exit codes: " + "; ".join(f"{int(code)} {zh} ({en})" for code, (zh, en) in MEANINGS.items())
SAID: dict[type[Exception], tuple[str, ExitCode]] = {
    MissingFont: ("font", ExitCode.FONT),
    EngineMissing: ("engine", ExitCode.ENGINE),
    NothingFound: ("nothing", ExitCode.NOT_FOUND),
    UsageProblem: ("usage", ExitCode.USAGE),
    InUse: ("usage", ExitCode.USAGE),
    Refused: ("refused", ExitCode.REFUSED),
    NothingTaken: ("refused", ExitCode.REFUSED),
}
"""Failures that bring their own sentences, ``zh`` and ``en``."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
INTERRUPTED = 130

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
    regions.regions,
)
for command in COMMANDS:
    # Given whole: the list of commands would otherwise cut it where the line ends.
    app.command(epilog=EPILOG, short_help=" ".join((command.__doc__ or "").split()))(command)
app.add_typer(pack.app, name="pack")


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
    as_json = "--json" in sys.argv
    try:
        sys.exit(_asked(as_json))
    except ClickException as error:
        sys.exit(told_to_user(error, as_json=as_json))
    except typer.Abort:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - the interpreter flushes it when it ends
        sys.exit(ExitCode.INTERNAL)


def _asked(as_json: bool) -> int:
    """Run the command. A fault of the files, the pack or the place asked for is told and gives its exit code."""
    try:
        return app(_lang_first(sys.argv[1:]), standalone_mode=False) or int(ExitCode.OK)
    except BrokenPipeError:
        raise
    except PackFaults as error:
        return fail(_faults(error), ExitCode.PACK, as_json=as_json)
    except (ExpressionError, NoValue) as error:
        hint = "用 jingzhun pack check 查看所在文件和行。", "Run jingzhun pack check for its file and line."
        message = Message("pack", f"政策包：{error.zh}{hint[0]}", f"policy pack: {error.en} {hint[1]}")
        return fail(message, ExitCode.PACK, as_json=as_json)
    except NotASnapshot as error:
        message = Message("snapshot", f"{error.folder}：{error.zh}", f"{error.folder}: {error.en}")
        return fail(message, ExitCode.NOT_FOUND, as_json=as_json)
    except StepFailed as error:
        return fail(Message("step", str(error), str(error)), ExitCode.INTERNAL, as_json=as_json)
    except (NoCalibration, UnknownPlace) as error:
        return fail(Message("population", str(error), str(error)), ExitCode.NOT_FOUND, as_json=as_json)
    except DamagedStore as error:
        message = Message("store", f"{error.path}：{error.zh}", f"{error.path}: {error.en}")
        return fail(message, ExitCode.NOT_FOUND, as_json=as_json)
    except (MissingFont, EngineMissing, NothingFound, UsageProblem, InUse, Refused, NothingTaken) as error:
        name, code = SAID[type(error)]
        return fail(Message(name, error.zh, error.en), code, as_json=as_json)
    except OSError as error:
        return fail(_unreachable(error), ExitCode.USAGE, as_json=as_json)


def _print_what_the_terminal_cannot() -> None:
    """A character that the output's encoding does not have is written as its code, not as an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


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
    at = error.filename2 or error.filename or ""
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
