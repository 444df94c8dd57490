"""``serve``, ``people`` and ``trail``: the web application from the command line.

Django is imported inside the commands: whoever has only the library can use all others.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from jingzhun_cli import console
from jingzhun_cli.choices import AsJson, UsageProblem
from jingzhun_cli.console import ExitCode, say

# Given whole: the list of commands would otherwise cut them where the line ends.
ADD = "任命一名管理员，打印一次性口令 / Appoint an administrator; prints a one-time password."
DEMO = "为合成数据的演示建每岗一个账号 / One account per post, for demonstrations with invented data only."
VERIFY = "校验痕迹链，指出第一处断裂 / Verify the trail's chain; names the first broken entry."
ANCHOR = "把链头写到数据库以外的文件 / Write the chain's head to a file outside the database."

people = typer.Typer(help="人员 / people who sign in", no_args_is_help=True)
trail = typer.Typer(help="痕迹 / the trail", no_args_is_help=True)


@people.callback()
def of_people() -> None:
    """人员 / People who sign in."""


@trail.callback()
def of_trail() -> None:
    """痕迹 / The trail."""


class WebMissing(Exception):
    """The parts of the web application are not installed."""

    zh = "没有安装网页应用所需的部件；请运行 pip install 'jingzhun[web]'。"
    en = "the parts of the web application are not installed; run pip install 'jingzhun[web]'."


def serve(
    address: Annotated[str, typer.Option("--address", help="监听地址 / address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="端口 / port")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="进程数 / processes")] = 1,
) -> None:
    """启动网页应用，首次启动时建库 / Start the web application; the first start makes its database."""
    serving = _ready()
    prepared = serving.prepare(console.show)
    if prepared.divisions:
        console.show(f"读入区划 {prepared.divisions} 个。", f"{prepared.divisions} divisions taken in.")
    if not prepared.administrators:
        console.show(
            "还没有管理员：请另开一个终端运行 jingzhun people add 用户名 --name 姓名 --role system_administrator "
            "--region 代码，再任命 security_administrator 和 audit_administrator。",
            "there is no administrator yet: in another terminal run jingzhun people add USER --name NAME --role "
            "system_administrator --region CODE, then appoint a security_administrator and an audit_administrator.",
        )
    console.show(
        f"网址：http://{address}:{port}/（Ctrl-C 停止）", f"address: http://{address}:{port}/ (Ctrl-C stops it)"
    )
    serving.serve(address, port, workers)


@people.command("add", short_help=ADD)
def add_person(
    username: Annotated[str, typer.Argument(help="用户名 / user name")],
    name: Annotated[str, typer.Option("--name", help="姓名 / name")],
    role: Annotated[str, typer.Option("--role", help="三员之一 / one of the three administrators")],
    region: Annotated[str, typer.Option("--region", help="区划代码（12 位） / code of the region, 12 digits")],
    json_: AsJson = False,
) -> None:
    """任命一名管理员，打印一次性口令 / Appoint an administrator; prints a one-time password."""
    serving = _ready()
    from jingzhun_web.accounts.appointing import appoint

    serving.prepare(console.aside)
    try:
        person, password = appoint(username, name, role, region, console.settings.language)
    except ValueError as error:
        raise UsageProblem(str(error), str(error)) from error
    if json_:
        console.print_json({"username": person, "one_time_password": password})
        return
    console.show(
        f"已任命 {person}。一次性口令（只显示这一次，首次登录须更换）：{password}",
        f"{person} is appointed. One-time password (shown only now, to be changed at the first sign-in): {password}",
    )


@people.command("demo", short_help=DEMO)
def add_demonstration(
    region: Annotated[
        str, typer.Option("--region", help="县的代码（12 位） / code of a county, 12 digits")
    ] = "141130000000",
    json_: AsJson = False,
) -> None:
    """为合成数据的演示建每岗一个账号 / One account per post, for demonstrations with invented data only."""
    serving = _ready()
    from jingzhun_web.accounts.appointing import invent

    serving.prepare(console.aside)
    try:
        made = invent(region, date.today(), console.settings.language)
    except ValueError as error:
        raise UsageProblem(str(error), str(error)) from error
    if json_:
        console.print_json(made)
        return
    console.aside("仅供合成数据的演示。", "For demonstrations with invented data only.")
    headings = ((say("岗位", "post"), "left"), (say("用户名", "user name"), "left"),
                (say("口令", "password"), "left"), (say("区划", "region"), "left"))  # fmt: skip
    console.table(say("演示账号", "accounts"), list(headings), [list(one.values()) for one in made])


@trail.command("verify", short_help=VERIFY)
def verify_trail(
    anchors: Annotated[Path | None, typer.Option("--anchors", help="锚点文件 / file of anchors")] = None,
    json_: AsJson = False,
) -> None:
    """校验痕迹链，指出第一处断裂 / Verify the trail's chain; names the first broken entry."""
    _ready()
    from django.conf import settings

    from jingzhun_web.audit.anchors import DamagedAnchors
    from jingzhun_web.audit.verifying import MEANINGS, verify_database

    file = anchors or settings.JINGZHUN.anchors
    if anchors is not None and not anchors.is_file():
        raise UsageProblem(f"没有锚点文件 {anchors}。", f"there is no file of anchors {anchors}.")
    try:
        verdict = verify_database(file)
    except DamagedAnchors as error:
        raise UsageProblem(
            f"锚点文件 {error.path} 第 {error.line} 行不是锚点；请用另一份副本。",
            f"line {error.line} of {error.path} is no anchor; use another copy of it.",
        ) from error
    fault = verdict.fault
    zh, en = MEANINGS[fault.kind] if fault else ("", "")
    if json_:
        console.print_json({
            "entries": verdict.entries, "rows": verdict.rows, "anchors": verdict.anchors,
            "head": verdict.head and {"sequence": verdict.head.sequence, "hash": verdict.head.hash},
            "fault": fault and {"sequence": fault.sequence, "kind": str(fault.kind), "zh": zh, "en": en},
        })  # fmt: skip
    elif fault is None:
        console.show(
            f"痕迹完整：{verdict.entries} 条记录、{verdict.rows} 行变更、{verdict.anchors} 个锚点。",
            f"the trail is whole: {verdict.entries} entries, {verdict.rows} rows, {verdict.anchors} anchors.",
        )
    else:
        console.show(
            f"痕迹断裂，第 {fault.sequence} 条：{zh}。", f"the trail is broken at entry {fault.sequence}: {en}."
        )
    if fault is None and not verdict.anchors and verdict.entries:
        console.aside(
            "没有锚点可比：末尾被截掉或整链重写是看不出来的。",
            "no anchors to compare with: a cut-off end or a chain written anew would not show.",
        )
    if fault:
        raise typer.Exit(ExitCode.TAMPERED)


@trail.command("anchor", short_help=ANCHOR)
def anchor_trail(
    to: Annotated[Path, typer.Argument(help="写到这个文件 / file to write to")],
    json_: AsJson = False,
) -> None:
    """把链头写到数据库以外的文件 / Write the chain's head to a file outside the database."""
    _ready()
    from jingzhun_web.audit import anchors, queries

    head = queries.head()
    if head is None:
        raise UsageProblem("痕迹还是空的，没有可锚定的。", "the trail is empty, there is nothing to anchor.")
    anchors.append(to, head)
    if json_:
        console.print_json({"sequence": head.sequence, "hash": head.hash})
    else:
        console.show(f"第 {head.sequence} 条已锚定到 {to}。", f"entry {head.sequence} is anchored in {to}.")


def _ready() -> Any:
    """The module that prepares and serves, with Django made ready."""
    try:
        from jingzhun_web.site import serving
    except ModuleNotFoundError as error:
        raise WebMissing from error
    from jingzhun_web.site.configuration import WrongSettings

    try:
        serving.set_up()
    except WrongSettings as error:
        raise UsageProblem(error.zh, error.en) from error
    return serving
