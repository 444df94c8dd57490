"""``synth-survey``: fill a sample's visit lists in as evaluators would, with the truth beside them."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from jingzhun.engine import Engine, open_engine, quoted
from jingzhun.evaluation import SampleManifest, build_frame, open_sample, read_sample
from jingzhun.fieldwork import as_on_the_list, visit_number, write_visit_lists
from jingzhun.model import labels
from jingzhun.policy import DivisionTree, Pack
from jingzhun.population import (
    Survey,
    Truth,
    fill_in,
    home_of,
    read_survey_plan,
    settle_truth,
    soil,
    write_cases,
    write_export,
    write_table,
    written,
)
from jingzhun.snapshot import Manifest, building, open_snapshot
from jingzhun_cli import console
from jingzhun_cli.choices import DEFAULT_PACK, AsJson, PackName, UsageProblem, pack_of
from jingzhun_cli.given import SYNTHETIC

NOTICE = (
    "本目录的入户调查全部由程序合成：没有任何人被访问过，答复、疑点和认定都是虚构的。\n"
    "This survey is invented: nobody was visited, and answers, doubts and verdicts are made up.\n"
)
EXPORT_LAYOUT, LEDGER = "survey_form_export", "ledger_doubtful_case"
LEVELS = {2: "prefecture", 3: "county", 4: "township", 5: "village"}
Row = dict[str, Any]


@dataclass(slots=True)
class _Made:
    """What is written: answers of the lists, rows of the phones, cases, and the truth."""

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    phones: list[dict[str, str]] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)
    planted: list[Row] = field(default_factory=list)
    dirt: list[Row] = field(default_factory=list)
    rates: list[Row] = field(default_factory=list)
    households: list[Row] = field(default_factory=list)


def synth_survey(
    sample: Annotated[Path, typer.Argument(help="样本目录 / folder of the sample")],
    snapshot: Annotated[Path, typer.Argument(help="样本所抽的快照 / the snapshot it was drawn from")],
    out: Annotated[Path, typer.Option("--out", help="输出目录 / output folder")],
    seed: Annotated[int, typer.Option(help="随机种子：同一种子结果相同 / same seed, same result")] = 2018,
    pack: PackName = DEFAULT_PACK,
    json_: AsJson = False,
) -> None:
    """给合成样本生成入户调查结果，附真值 / Invent the survey of a sample of invented people, with the truth."""
    chosen, drawn = pack_of(pack), read_sample(sample)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageProblem(
            f"目录 {out} 里已有内容；合成数据不与其他数据混放，请换一个目录，或先删除它。",
            f"the folder {out} is not empty; invented data are not mixed with others: name another, or delete it.",
        )
    with open_engine() as engine, building(out) as folder:
        _refuse_other(open_snapshot(snapshot, engine), drawn)
        build_frame(engine, chosen, chosen.design_on(drawn.as_of), drawn.as_of, drawn.region)
        open_sample(sample, engine)
        made = _Made()
        for county in drawn.counties:
            _invent(engine, chosen, drawn, county.code, seed, made)
        _write(engine, chosen, drawn, folder, made, seed)
        folder.rename(out)
    told = {"folder": str(out), "visits": len(made.answers) + len(made.phones), "cases": len(made.cases)}
    if json_:
        console.print_json({**told, "planted": len(made.planted), "soiled": len(made.dirt)})
        return
    console.show(
        f"已合成 {told['visits']:,} 份访问和 {told['cases']:,} 条疑似问题：{out / 'files'}；真值在 {out / 'truth'}。",
        f"{told['visits']:,} invented visits and {told['cases']:,} doubtful cases: {out / 'files'}; the truth in "
        f"{out / 'truth'}.",
    )


def _refuse_other(source: Manifest, drawn: SampleManifest) -> None:
    if source.fingerprint != drawn.snapshot:
        raise UsageProblem(
            f"样本不是从这个快照抽的（样本记录的指纹 {drawn.snapshot[:12]}，这个是 {source.fingerprint[:12]}）；"
            "请指向抽样时的快照。",
            f"the sample was not drawn from this snapshot (fingerprint {drawn.snapshot[:12]}, this one is "
            f"{source.fingerprint[:12]}); point to the one that it was drawn from.",
        )
    if not source.synthetic:
        raise UsageProblem(
            "快照里不是合成数据；不能替真实的人编造调查结果。请用 jingzhun synth 生成的数据。",
            "the snapshot does not hold invented people, and no survey is made up about real ones; use data made by "
            "jingzhun synth.",
        )


def _invent(engine: Engine, pack: Pack, drawn: SampleManifest, county: str, seed: int, made: _Made) -> None:
    plan = read_survey_plan(pack)
    homes = engine.rows(
        "SELECT home, region_code, subject, members, groups FROM frame_household WHERE region_code IN "
        f"(SELECT region_code FROM frame_village WHERE county_code = {quoted(county)})"
    )
    sampled = engine.rows(
        "SELECT h.* FROM sampled_household h JOIN sampled_village v ON v.region_code = h.region_code "
        f"WHERE v.county_code = {quoted(county)} AND v.role = {quoted(labels.DRAWN)} ORDER BY h.household_key"
    )
    truth = settle_truth(county, homes, plan, seed)
    survey = fill_in(county, sampled, truth, plan, drawn.drawn_on, seed)
    _spread(county, survey, max(row["region_code"] for row in sampled), pack, seed, made)
    made.rates.append(truth.rates)
    made.households += _true_states(sampled, truth)
    made.cases += survey.cases
    made.planted += survey.planted


def _spread(county: str, survey: Survey, by_phone: str, pack: Pack, seed: int, made: _Made) -> None:
    """The county's last village answers on phones, the others on paper; so does what only a phone can send."""
    on_paper: list[dict[str, str]] = []
    for visit in survey.visits:
        texts = written("survey_visit", visit)
        if "visit_no" in visit or visit["region_code"] == by_phone:
            made.phones.append({"visit_no": f"{visit['household_key']}-phone"} | texts)
        else:
            on_paper.append(texts)
    planted = {row["household_key"] for row in survey.planted} | {row["household_key"] for row in survey.cases}
    made.dirt += soil(county, [texts for texts in on_paper if texts["household_key"] not in planted], seed)
    for texts in on_paper:
        made.answers[visit_number(texts["household_key"])] = as_on_the_list(pack, texts)


def _true_states(sampled: list[Row], truth: Truth) -> list[Row]:
    return [
        {
            "household_key": row["household_key"],
            "subject": row["subject"],
            "members": row["members"],
            "wrong": truth.wrong[home_of(row)],
            "approves": truth.approves[home_of(row)],
        }
        for row in sampled
    ]


def _write(engine: Engine, pack: Pack, drawn: SampleManifest, folder: Path, made: _Made, seed: int) -> None:
    files, truth, tree = folder / "files", folder / "truth", pack.divisions.on(drawn.as_of)
    write_visit_lists(files / "1_名单", engine, pack, drawn, made.answers)
    fields = [one.header for one in pack.layouts[EXPORT_LAYOUT].columns if not one.ignore]
    write_export(files / "2_手机表单" / "household_visit.csv", fields, made.phones)
    write_cases(
        files / "3_疑似问题台账.xlsx",
        pack.layouts[LEDGER],
        f"{tree.get(drawn.region).name}疑似问题台账",
        [written("doubtful_case", case) for case in made.cases],
        [_places(tree, case["region_code"]) for case in made.cases],
    )
    for name, rows in (
        ("households", made.households),
        ("planted", made.planted),
        ("dirt", made.dirt),
        ("cases", made.cases),
    ):
        write_table(truth / f"{name}.csv", rows)
    told = {"sample": drawn.fingerprint, "seed": seed, "counties": made.rates, "whole": _whole(made.rates)}
    (truth / "rates.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    (folder / SYNTHETIC).write_text(NOTICE, "utf-8")


def _places(tree: DivisionTree, code: str) -> dict[str, str]:
    return {LEVELS[row.level]: row.name for row in map(tree.get, tree.ancestors(code)) if row.level in LEVELS}


def _whole(rates: list[Row]) -> dict[str, float]:
    """The rates of all counties together: what an estimate of the whole division is held against."""
    sums: dict[str, int] = defaultdict(int)
    for row in rates:
        for name, many in row.items():
            if isinstance(many, int):
                sums[name] += many
    return {
        "wrong_exit": _share(sums["wrongly_exited_persons"], sums["exited_persons"]),
        "omission": _share(sums["omitted_persons"], sums["outside_persons"]),
        "approval": _share(sums["approving_households"], sums["households"]),
    }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
