"""What several commands let a person choose: pack, day, division, snapshot."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from jingzhun.explain import NothingFound
from jingzhun.model.shown import brief
from jingzhun.policy import DivisionTree, Pack, find_pack, load_pack
from jingzhun.snapshot import Manifest, NotASnapshot
from jingzhun_cli import console

PackName = Annotated[
    str, typer.Option("--pack", envvar="JINGZHUN_PACK", help="政策包的名称或目录 / policy pack: name or folder")
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="时点，默认为政策包年度的年末 / as-of date; default: end of the pack's year",
    ),
]
RegionName = Annotated[str, typer.Option("--region", help="区划代码或名称 / division: code or name")]
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")]
Snapshot = Annotated[
    Path | None,
    typer.Option("--snapshot", envvar="JINGZHUN_SNAPSHOT", help="快照目录 / snapshot folder"),
]
EngineName = Annotated[
    Literal["duckdb", "spark"],
    typer.Option(
        "--engine",
        envvar="JINGZHUN_ENGINE",
        help="计算引擎：单机 duckdb，集群 spark（见 docs/spark.md） / engine: one machine, or Spark",
    ),
]
DEFAULT_PACK = "luliang_2018"
CODE_LENGTHS = (2, 4, 6, 9, 12)
"""Digits of a province, prefecture, county, township and village."""
MOST_LISTED = 1_000_000
"""Rows a command lists at most; a workbook sheet holds no more, and who wants all reads the snapshot's tables."""
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2099, 12, 31)
"""Days a programme may be asked about; another year is a slip of the keyboard."""


class UsageProblem(ValueError):
    """An argument that cannot be meant as it stands."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


def pack_of(name: str) -> Pack:
    file = find_pack(name) / "pack.yaml"
    if not file.exists() and not file.is_symlink():
        raise no_such_pack(name)
    return load_pack(name)


def no_such_pack(name: str) -> UsageProblem:
    shipped = find_pack(DEFAULT_PACK)
    return UsageProblem(
        f"没有政策包“{brief(name)}”：请写随产品提供的名称（{DEFAULT_PACK}，在 {shipped}）或含 pack.yaml 的目录。",
        f"no policy pack {brief(name)!r}: give the name of one that ships ({DEFAULT_PACK}, in {shipped}) "
        "or a folder with a pack.yaml.",
    )


def day_of(chosen: datetime | None, pack: Pack) -> date:
    """The chosen day, else the last day of the year the pack's source speaks of, else today."""
    if chosen is not None:
        return _thinkable(chosen.date())
    year = pack.meta.printed_year
    return date(year, 12, 31) if year else date.today()


def _thinkable(day: date) -> date:
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    raise UsageProblem(
        f"日期 {day} 不在 {FIRST_DAY} 至 {LAST_DAY} 之间；请检查年份。",
        f"the date {day} is not between {FIRST_DAY} and {LAST_DAY}; check its year.",
    )


def region_of(pack: Pack, text: str, day: date) -> str:
    """A 12-digit code from a code of 2, 4, 6, 9 or 12 digits or from a name; ambiguous names list their candidates."""
    tree = pack.divisions.on(day)
    if text.isascii() and text.isdigit():
        if len(text) not in CODE_LENGTHS:
            raise UsageProblem(
                f"区划代码 {brief(text)} 有 {len(text)} 位；应为 2 位（省）、4 位（市）、6 位（县）、9 位（乡）"
                "或 12 位（村）。",
                f"the division code {brief(text)} has {len(text)} digits; give 2 (province), 4 (prefecture), "
                "6 (county), 9 (township) or 12 (village).",
            )
        code = text.ljust(12, "0")
        if code in tree:
            return code
        raise UsageProblem(
            f"{day} 没有区划代码 {text}；用 jingzhun regions 查询。",
            f"no division {text} on {day}; look it up with jingzhun regions.",
        )
    candidates = [
        code
        for level in range(1, 6)
        for found in [tree.find(("",) * (level - 1) + (text,))]
        for code in ([found.code] if found.code else found.candidates)
    ] or [code for code in tree.rows if whole_name(tree, code).endswith(text)]
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise UsageProblem(
            f"{day} 没有叫“{brief(text)}”的区划；用 jingzhun regions 查询名称或代码。",
            f"no division is called {brief(text)!r} on {day}; look for it with jingzhun regions.",
        )
    listed = "、".join(f"{code} {whole_name(tree, code)}" for code in candidates[:12])
    raise UsageProblem(
        f"有 {len(candidates)} 个区划叫“{brief(text)}”：{listed}。请改用代码。",
        f"{len(candidates)} divisions are called {brief(text)!r}: {listed}. Use the code.",
    )


def within(pack: Pack, manifest: Manifest, region: str) -> None:
    """Refuse a division that the snapshot says nothing of; say when the pack is not the one it was made with."""
    tree = pack.divisions.on(manifest.as_of)
    if manifest.region not in tree:
        raise NothingFound(
            f"政策包 {pack.version} 在 {manifest.as_of} 没有快照的区划 {manifest.region}；"
            f"请用 --pack 指定生成快照时的政策包（{manifest.pack} {manifest.pack_version}）。",
            f"the pack {pack.version} has no division {manifest.region} on {manifest.as_of}; name the pack that the "
            f"snapshot was made with ({manifest.pack} {manifest.pack_version}) with --pack.",
        )
    if region and manifest.region not in tree.ancestors(region):
        raise NothingFound(
            f"这个快照只有{whole_name(tree, manifest.region)}的数据，没有{whole_name(tree, region)}的。",
            f"the snapshot holds {tree.get(manifest.region).name} only, nothing of {tree.get(region).name}.",
        )
    if manifest.pack_sha256 == pack.fingerprint:
        return
    console.aside(
        f"注意：快照是用另一个政策包（{manifest.pack} {manifest.pack_version}）生成的，"
        f"现在用 {pack.version}，{pack.root}。",
        f"note: the snapshot was made with another pack ({manifest.pack} {manifest.pack_version}); "
        f"now {pack.version}, {pack.root}.",
    )


def whole_name(tree: DivisionTree, code: str) -> str:
    """The names from the province down, written together as people write an address."""
    return "".join(tree.get(above).name for above in reversed(list(tree.ancestors(code))))


def snapshot_of(chosen: Path | None) -> Path:
    """The chosen snapshot, else the one lying in the usual places below the current folder."""
    if chosen is not None:
        return chosen
    usual = [Path("snapshot"), Path("out/snapshot"), *sorted(Path().glob("demo/*/snapshot"))]
    for place in usual:
        if (place / "manifest.json").is_file():
            console.aside(f"快照 {place}", f"snapshot {place}")
            return place
    raise NotASnapshot(
        Path.cwd(),
        "没有找到快照；请用 --snapshot 指定 jingzhun run 生成的 snapshot 目录。",
        "no snapshot found; name the snapshot folder that jingzhun run made with --snapshot.",
    )
