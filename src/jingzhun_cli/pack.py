"""``pack check``: every fault of a policy pack at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from jingzhun.policy import find_pack
from jingzhun.policy.check import check_pack
from jingzhun.population import population_faults
from jingzhun_cli import console
from jingzhun_cli.choices import DEFAULT_PACK, AsJson, PackName, no_such_pack
from jingzhun_cli.console import ExitCode, say

app = typer.Typer(help="政策包 / policy packs", no_args_is_help=True)


@app.callback()
def packs() -> None:
    """政策包 / Policy packs."""


@app.command()
def check(
    pack: Annotated[str, typer.Argument(help="名称或目录 / name or folder")] = "",
    named: PackName = DEFAULT_PACK,
    json_: AsJson = False,
) -> None:
    """列出政策包的全部错误 / List every fault with file, line and next action."""
    pack = pack or named
    root = find_pack(pack)
    if not root.is_dir():
        raise no_such_pack(pack)
    faults = sorted([*check_pack(root), *population_faults(root)], key=lambda fault: (fault.file, fault.line))
    if json_:
        console.print_json({"pack": str(pack), "faults": [asdict(fault) for fault in faults]})
    else:
        for fault in faults:
            console.out.print(f"{fault.file}:{fault.line}: {say(fault.zh, fault.en)}", markup=False, highlight=False)
        console.show(
            f"政策包 {pack}：{f'发现 {len(faults)} 处错误' if faults else '没有错误'}",
            f"pack {pack}: {f'{len(faults)} faults' if faults else 'no faults'}",
        )
    if faults:
        raise typer.Exit(ExitCode.PACK)
