"""``jingzhun``: the commands, and how every known failure is told."""

from __future__ import annotations

import sys
from typing import Annotated, Literal

import typer
from rich.traceback import install

from jingzhun import __version__
from jingzhun.engine import ExpressionError
from jingzhun.explain import NothingFound
from jingzhun.intake import Refused
from jingzhun.model.message import Message
from jingzhun.model.shown import visible
from jingzhun.policy import NoValue, PackFaults
from jingzhun.population import NoCalibration, UnknownPlace
from jingzhun.reporting import MissingFont
from jingzhun.snapshot import NotASnapshot
from jingzhun_cli import comparison, console, deliveries, explaining, pack, quality, regions, sheet
from jingzhun_cli.choices import UsageProblem
from jingzhun_cli.console import MEANINGS, ExitCode, fail
from jingzhun_cli.deliveries import NothingTaken

EPILOG = "退出码 / exit codes: " + "; ".join(f"{int(code)} {zh} ({en})" for code, (zh, en) in MEANINGS.items())

app = typer.Typer(
    name="jingzhun",
    help="精准扶贫：从部门表格到脱贫答卷，每个数都能追到行 / from the departments' spreadsheets to the answer sheet.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.command(epilog=EPILOG)(deliveries.synth)
app.command(epilog=EPILOG)(deliveries.intake)
app.command(epilog=EPILOG)(deliveries.run)
app.command(epilog=EPILOG)(sheet.answers)
app.command(epilog=EPILOG)(explaining.explain)
app.command(epilog=EPILOG)(quality.check)
app.command(epilog=EPILOG)(quality.findings)
app.command(epilog=EPILOG)(comparison.compare)
app.command(epilog=EPILOG)(comparison.leads)
app.command(epilog=EPILOG)(regions.regions)
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
    as_json = "--json" in sys.argv
    try:
        app(_lang_first(sys.argv[1:]))
    except PackFaults as error:
        sys.exit(fail(_faults(error), ExitCode.PACK, as_json=as_json))
    except (ExpressionError, NoValue) as error:
        hint = "用 jingzhun pack check 查看所在文件和行。", "Run jingzhun pack check for its file and line."
        message = Message("pack", f"政策包：{error.zh}{hint[0]}", f"policy pack: {error.en} {hint[1]}")
        sys.exit(fail(message, ExitCode.PACK, as_json=as_json))
    except NotASnapshot as error:
        message = Message("snapshot", f"{error.folder}：{error.zh}", f"{error.folder}: {error.en}")
        sys.exit(fail(message, ExitCode.NOT_FOUND, as_json=as_json))
    except MissingFont as error:
        sys.exit(fail(Message("font", error.zh, error.en), ExitCode.FONT, as_json=as_json))
    except NothingFound as error:
        sys.exit(fail(Message("nothing", error.zh, error.en), ExitCode.NOT_FOUND, as_json=as_json))
    except (NoCalibration, UnknownPlace) as error:
        sys.exit(fail(Message("population", str(error), str(error)), ExitCode.NOT_FOUND, as_json=as_json))
    except UsageProblem as error:
        sys.exit(fail(Message("usage", error.zh, error.en), ExitCode.USAGE, as_json=as_json))
    except (Refused, NothingTaken) as error:
        sys.exit(fail(Message("refused", error.zh, error.en), ExitCode.REFUSED, as_json=as_json))
    except OSError as error:
        sys.exit(fail(_unreachable(error), ExitCode.USAGE, as_json=as_json))


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
    at = visible(str(error.filename or ""))
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
