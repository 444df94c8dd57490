"""What a sample sends out: a workbook of visit lists for each county, and the survey form with its list of households.

No identity number leaves with them: a household is found by village, name of its head and number in the sample.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jingzhun.engine import Engine, quoted
from jingzhun.evaluation.sample import SampleManifest
from jingzhun.model import labels
from jingzhun.policy import DivisionTree, Pack
from jingzhun.policy.evaluation import SurveyForm
from jingzhun.reporting import Item, Page, write_pages, write_survey_form

LISTS, FORMS = "visit_lists", "form"
LAYOUT = "visit_list"
ATTACHED = "households.csv"
"""What the form looks the household up in; it is uploaded beside the form."""
_ATTACHED = ("household_key", "head_name", "subject", "role")
HOW = (
    "填写红色表头各栏后原样交回；没有去的户留空，按未访问计。一户去了几次，只填最后一次的结果。不要改动问卷编号、样本户编号，不要增删列。",
    "样本户拒访、不在家、搬离的，照填访问结果；再按“抽样或替换顺序”从同一村、同一户层的备用户中依次替换，"
    "在备用户那一行填替换的样本户和替换原因。",
    "必查群体全部入户，不得替换。有疑似问题的，另填疑似问题台账，反馈地方申诉举证后再作认定。"
    "非建档立卡户的“户主姓名”是户口簿上年龄最大的人，供找户用。",
)
Answers = Mapping[str, Mapping[str, str]]
"""Number of the questionnaire → header → what is filled in."""


def visit_number(household_key: str) -> str:
    """The number of the questionnaire that stands on the visit list."""
    return f"W{household_key}"


def write_visit_lists(
    folder: Path, engine: Engine, pack: Pack, manifest: SampleManifest, answers: Answers | None = None
) -> list[Path]:
    """A workbook for each county with a sheet for each village, the drawn ones first, into ``folder``.

    Needs the sample's tables in the engine. ``answers`` are filled in; without them the lists are as they go out.
    """
    tree, layout = pack.divisions.on(manifest.as_of), pack.layouts[LAYOUT]
    written = []
    for county in manifest.counties:
        pages = [_page(engine, tree, village, at, answers or {}) for at, village in _villages(engine, county.code)]
        path = folder / f"{county.code[:6]}_{tree.get(county.code).name}_{layout.zh}_{manifest.drawn_on}.xlsx"
        written.append(write_pages(path, pack, layout, manifest.as_of, pages, HOW))
    return written


def _villages(engine: Engine, county: str) -> Iterator[tuple[int, dict[str, Any]]]:
    rows = engine.rows(
        f"SELECT * FROM sampled_village WHERE county_code = {quoted(county)} "
        f"ORDER BY role = {quoted(labels.RESERVE)}, stratum, place"
    )
    yield from enumerate(rows, start=1)


def as_on_the_list(pack: Pack, texts: Mapping[str, str]) -> dict[str, str]:
    """Cells by the name of their column, as the visit list heads them; only those that are filled in there."""
    layout = pack.layouts[LAYOUT]
    return {
        one.header: texts[one.field] for one in layout.columns if one.field in layout.answers and one.field in texts
    }


def _page(engine: Engine, tree: DivisionTree, village: dict[str, Any], at: int, answers: Answers) -> Page:
    code = village["region_code"]
    above = [tree.get(up).name for up in tree.ancestors(code) if tree.get(up).level in (3, 4)]
    place = "".join([*reversed(above), tree.get(code).name])
    role = f"{village['role']}村" + (f"，替换顺序 {village['place']}" if village["role"] == labels.RESERVE else "")
    rows = engine.rows(f"SELECT * FROM sampled_household WHERE region_code = {quoted(code)} ORDER BY household_key")
    name = f"{at:02d} {above[0] if above else ''} {tree.get(code).name}"
    return Page(name, f"{place} 入户调查名单（{village['stratum']}，{role}）", [_item(row, answers) for row in rows])


def _item(row: dict[str, Any], answers: Answers) -> Item:
    number = visit_number(row["household_key"])
    return Item(
        row["region_code"],
        {
            "问卷编号": number,
            "样本户编号": row["household_key"],
            "样本类别": row["role"],
            "调查对象": row["subject"],
            "户层": row["stratum"],
            "抽样或替换顺序": str(row["place"]),
            "户编号": row["household_code"] or "",
            "户主姓名": row["head_name"] or "",
            "名册人口数": "" if row["members"] is None else str(row["members"]),
            "必查群体": row["groups"] or "",
            **answers.get(number, {}),
        },
    )


def write_forms(folder: Path, engine: Engine, pack: Pack, manifest: SampleManifest) -> list[Path]:
    """Every form of the pack as an XLSForm, and the households that it looks up, into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [_form(folder, pack, form, manifest) for form in pack.forms.values()]
    return [*written, _attached(folder / ATTACHED, engine)] if written else []


def _form(folder: Path, pack: Pack, form: SurveyForm, manifest: SampleManifest) -> Path:
    return write_survey_form(folder / f"{form.id}.xlsx", pack, form, manifest.drawn_on)


def _attached(path: Path, engine: Engine) -> Path:
    rows = engine.rows(f"SELECT {', '.join(_ATTACHED)} FROM sampled_household ORDER BY household_key")
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, _ATTACHED, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    path.write_text(text.getvalue(), "utf-8")
    return path
