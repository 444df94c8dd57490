"""What is wrong with a command line, in both languages; the parser itself speaks English only."""

from __future__ import annotations

import re

from typer._click.exceptions import (
    BadParameter,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

from jingzhun.model.message import Message
from jingzhun_cli import console
from jingzhun_cli.console import ExitCode, fail

__all__ = ["ClickException", "told_to_user"]

_ZH: tuple[tuple[str, str], ...] = (
    (r"No such command (.+?)\.(?: .*)?", "没有命令 {0}"),
    (r"Missing command\.?", "没有写命令"),
    (r"Got unexpected extra argument.* \((.*)\)", "多出了参数：{0}"),
    (r"Option (.+) requires an argument\.", "选项 {0} 后面要写一个值"),
    (r"Option (.+) requires (\d+) arguments\.", "选项 {0} 后面要写 {1} 个值"),
    (r"Option (.+) does not take a value\.", "选项 {0} 不带值"),
    (r"Value error, (.+) is not one of (.+)\.", "{0} 不在可选值 {1} 之中"),
    (r"Value error, (.+) does not match the formats? .+\.", "{0} 不是日期，请写成 2018-12-31"),
    (r"Input should be a valid integer.*", "要写整数"),
    (r"Input should be a valid number.*", "要写数值"),
    (r"Input should be greater than or equal to (.+)", "不能小于 {0}"),
    (r"Input should be less than or equal to (.+)", "不能大于 {0}"),
)
"""The parser's messages and how they are said in Chinese."""


def told_to_user(error: ClickException, *, as_json: bool) -> int:
    """Print what is wrong with the arguments, as JSON where that was asked for, and give the exit status."""
    if isinstance(error, NoArgsIsHelpError):
        console.err.print(error.message, end="", markup=False, highlight=False)
        return int(ExitCode.USAGE)
    context = error.ctx if isinstance(error, UsageError) else None
    if context and (language := context.find_root().params.get("lang")) in ("zh", "en"):
        console.settings.language = language
    command = context.command_path if context else "jingzhun"
    zh = f"{_chinese(error)}。用 {command} --help 查看用法。"
    en = f"{error.format_message().replace('Value error, ', '').rstrip('.')}. See {command} --help."
    return fail(Message("usage", zh, en), ExitCode.USAGE, as_json=as_json)


def _chinese(error: ClickException) -> str:
    if isinstance(error, MissingParameter):
        return f"缺少{_of(error)}"
    if isinstance(error, NoSuchOption):
        near = f"；是否为 {'、'.join(sorted(error.possibilities))}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    what = next((zh.format(*found.groups()) for en, zh in _ZH if (found := re.fullmatch(en, error.message))), "")
    where = f"{_of(error)}不对：" if isinstance(error, BadParameter) else ""
    return where + (what or error.message)


def _of(error: BadParameter) -> str:
    if error.param is None:
        return "参数 "
    kind = "选项" if error.param.param_type_name == "option" else "参数"
    return f"{kind} {error.param.get_error_hint()} "
