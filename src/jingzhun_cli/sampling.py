"""``sample``: draw villages and households for a third-party evaluation, or plan how many are needed."""

from __future__ import annotations

import secrets
from collections import defaultdict
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from jingzhun.engine import Engine, open_engine
from jingzhun.evaluation import (
    CountySample,
    Numbers,
    Origin,
    Planned,
    SampleManifest,
    build_frame,
    gap_words,
    needed,
    open_sample,
    proved,
    select,
    sha256_of,
    write_tables,
)
from jingzhun.fieldwork import FORMS, LISTS, write_forms, write_visit_lists
from jingzhun.policy import DivisionTree, Pack
from jingzhun.snapshot import Manifest, building, open_snapshot
from jingzhun_cli import console
from jingzhun_cli.choices import (
    DEFAULT_PACK,
    AsJson,
    EngineName,
    PackName,
    RegionName,
    UsageProblem,
    day_of,
    pack_of,
    region_of,
    within,
)
from jingzhun_cli.console import say
from jingzhun_cli.given import SYNTHETIC

COUNTY_LEVEL = 3
MOST_SEED = 2**31
USUAL_SIZES = (149, 300, 675)
"""Samples whose bounds a plan shows unless others are asked for: about two, one and half a percent at 95%."""
MARK = "本样本抽自合成数据，人和户都是虚构的。 Drawn from invented people.\n"


def sample(
    snapshot: Annotated[Path | None, typer.Argument(help="快照目录；只做计划时不用 / snapshot folder")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="样本目录 / folder for the sample")] = None,
    region: RegionName = "",
    seed: Annotated[
        int | None, typer.Option(min=0, max=MOST_SEED - 1, help="随机种子，默认现取并记录 / seed; default: a new one")
    ] = None,
    drawn_on: Annotated[
        datetime | None,
        typer.Option("--drawn-on", formats=["%Y-%m-%d"], help="抽样日期，默认为快照时点 / default: the snapshot's day"),
    ] = None,
    plan: Annotated[bool, typer.Option("--plan", help="只算需要多大的样本 / only plan the size")] = False,
    rate: Annotated[float, typer.Option(help="计划：预期的错误率，% / expected rate, percent")] = 0.0,
    threshold: Annotated[
        float | None, typer.Option(help="计划：阈值，%，默认为错退率上限 / threshold, percent")
    ] = None,
    design_effect: Annotated[float, typer.Option("--design-effect", help="计划：设计效应 / design effect")] = 1.0,
    sizes: Annotated[
        list[int] | None, typer.Option("--n", min=1, help="计划：样本量，可重复 / sizes to look at")
    ] = None,
    pack: PackName = DEFAULT_PACK,
    engine: EngineName = "duckdb",
    json_: AsJson = False,
) -> None:
    """为第三方评估抽样：村、户、备用名单和调查表；或用 --plan 计算样本量 / Draw the sample of an evaluation."""
    chosen = pack_of(pack)
    if plan:
        _plan(chosen, rate, threshold, design_effect, sizes or list(USUAL_SIZES), json_=json_)
        return
    if snapshot is None or out is None:
        raise UsageProblem(
            "抽样要给出快照目录和 --out 样本目录；只想算样本量，请加 --plan。",
            "a draw needs the snapshot's folder and --out for the sample; to plan only, add --plan.",
        )
    _refuse_filled(out)
    luck = secrets.randbelow(MOST_SEED) if seed is None else seed
    with open_engine(engine) as running, building(out) as folder:
        source = open_snapshot(snapshot, running)
        code = region_of(chosen, region, source.as_of) if region else source.region
        within(chosen, source, code)
        _refuse_below_county(chosen, source, code)
        day = day_of(drawn_on, chosen) if drawn_on else source.as_of
        manifest = _drawn(running, chosen, source, folder, code, luck, day)
        folder.rename(out)
    if json_:
        console.print_json({"folder": str(out), **manifest.model_dump(mode="json")})
        return
    _print_sample(chosen.divisions.on(manifest.as_of), manifest, out)


def _refuse_filled(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageProblem(
            f"目录 {out} 里已有内容；样本一经抽出不再改动，请换一个目录。",
            f"the folder {out} is not empty; a sample is never changed once it is drawn, name another folder.",
        )


def _refuse_below_county(pack: Pack, source: Manifest, code: str) -> None:
    place = pack.divisions.on(source.as_of).get(code)
    if place.level > COUNTY_LEVEL:
        raise UsageProblem(
            f"抽样以县为单位，{place.name}在县以下；请用 --region 指定县或县以上的区划。",
            f"a sample is drawn by county, and {place.name} lies below one; name a county or above with --region.",
        )


def _drawn(
    engine: Engine, pack: Pack, source: Manifest, folder: Path, code: str, seed: int, day: date
) -> SampleManifest:
    design = pack.design_on(source.as_of)
    numbers = Numbers.of(pack, design, source.as_of)
    build_frame(engine, pack, design, source.as_of, code)
    origin = Origin(source.fingerprint, source.as_of, code, source.synthetic)
    counties: list[CountySample] | Any = select(engine, numbers, seed)
    manifest = write_tables(folder, pack, numbers, origin, counties, seed=seed, drawn_on=day)
    manifest.write(folder)
    open_sample(folder, engine)
    issued = [
        *write_visit_lists(folder / LISTS, engine, pack, manifest),
        *write_forms(folder / FORMS, engine, pack, manifest),
    ]
    hashes = {path.relative_to(folder).as_posix(): sha256_of(path) for path in issued}
    manifest = manifest.model_copy(update={"issued": hashes})
    manifest.write(folder)
    if source.synthetic:
        (folder / SYNTHETIC).write_text(MARK, "utf-8")
    return manifest


VILLAGE_HEADINGS = (
    ("县", "county", "left"),
    ("村层", "stratum", "left"),
    ("村数", "villages", "right"),
    ("农户", "households", "right"),
    ("抽中", "drawn", "right"),
    ("备用", "reserve", "right"),
)
HOUSEHOLD_HEADINGS = (
    ("县", "county", "left"),
    ("调查对象", "asked", "left"),
    ("户层", "stratum", "left"),
    ("抽中", "drawn", "right"),
    ("其中全取", "of these all taken", "right"),
    ("备用", "reserve", "right"),
)


def _print_sample(tree: DivisionTree, manifest: SampleManifest, out: Path) -> None:
    def titles(headings: tuple[tuple[str, str, str], ...]) -> list[tuple[str, str]]:
        return [(say(zh, en), justify) for zh, en, justify in headings]

    console.table(
        say("抽中的村", "villages drawn"),
        titles(VILLAGE_HEADINGS),
        [
            [
                tree.get(county.code).name,
                one.stratum,
                *(f"{n:,}" for n in (one.villages, one.size, one.drawn, one.reserve)),
            ]
            for county in manifest.counties
            for one in county.strata
        ],
    )
    console.table(
        say("抽中的户", "households drawn"),
        titles(HOUSEHOLD_HEADINGS),
        [[tree.get(county.code).name, *line] for county in manifest.counties for line in _household_lines(county)],
    )
    for (zh, en), counties in _gaps(tree, manifest).items():
        console.show(f"{'、'.join(counties)}：{zh}", f"{', '.join(counties)}: {en}")
    drawn = sum(one.drawn for county in manifest.counties for one in county.households)
    console.show(
        f"种子 {manifest.seed}，快照 {manifest.snapshot[:12]}；同一种子、同一快照抽出同一样本。共 {drawn:,} 户，"
        f"样本 {out}，入户名单 {out / LISTS}，手机表单 {out / FORMS}。",
        f"seed {manifest.seed}, snapshot {manifest.snapshot[:12]}: both give the same sample again. {drawn:,} "
        f"households; sample {out}, visit lists {out / LISTS}, forms {out / FORMS}.",
    )


def _gaps(tree: DivisionTree, manifest: SampleManifest) -> dict[tuple[str, str], list[str]]:
    """What is not covered, and the counties for which it is so in the same words."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for county in manifest.counties:
        for words in gap_words(county, lambda code: tree.get(code).name):
            found[words].append(tree.get(county.code).name)
    return found


def _household_lines(county: Any) -> list[list[str]]:
    """Strata of one kind and group together: years of exit would make a long list."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in county.households:
        group = one.stratum.split("·")[-1]
        for at, many in enumerate((one.drawn, one.certain, one.reserve)):
            sums[one.subject, group][at] += many
    return [[*key, *(f"{many:,}" for many in numbers)] for key, numbers in sums.items()]


def _plan(
    pack: Pack, rate: float, threshold: float | None, design_effect: float, sizes: list[int], *, json_: bool
) -> None:
    day = day_of(None, pack)
    percent = float(pack.number("wrong_exit_rate_max", day)) if threshold is None else threshold
    level = float(pack.number("confidence_level", day)) / 100
    asked = {"threshold": percent / 100, "level": level, "design_effect": design_effect}
    enough = needed(rate=rate / 100, **asked)
    looked_at = [proved(n, found, **asked) for n in sizes for found in sorted({0, round(rate / 100 * n)})]
    if json_:
        console.print_json(
            {
                **asked,
                "expected": rate / 100,
                "needed": asdict(enough),
                "sizes": [asdict(one) for one in looked_at],
            }
        )
        return
    headings = (
        ("样本量", "sample"),
        ("发现", "found"),
        ("单侧上限", "upper bound"),
        ("低于阈值", "below the threshold"),
    )
    console.table(
        say(
            f"单侧 {level:.0%} 上限，设计效应 {design_effect:g}",
            f"one-sided {level:.0%}, design effect {design_effect:g}",
        ),
        [(say(zh, en), "right") for zh, en in headings],
        [_plan_line(one) for one in looked_at],
    )
    console.show(
        f"预期 {rate:g}%，要证明低于 {percent:g}%，至少 {enough.n:,}（其中发现不超过 {enough.found:,}），"
        f"上限 {enough.bound:.2%}。官方只比较点估计；这里说的是样本够不够大。",
        f"expecting {rate:g}%, at least {enough.n:,} must be asked to prove less than {percent:g}% (with at most "
        f"{enough.found:,} found), bound {enough.bound:.2%}. The official rule compares the point estimate only.",
    )


def _plan_line(one: Planned) -> list[str]:
    return [f"{one.n:,}", f"{one.found:,}", f"{one.bound:.2%}", say("是", "yes") if one.below else say("否", "no")]
