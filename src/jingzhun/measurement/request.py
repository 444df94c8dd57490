"""A request for statistics: which data, which design, which estimates; read from YAML and held against the data.

Arguments are SQL expressions over the columns of the data, limited to the same scalar functions as a policy pack's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jingzhun.measurement.design import LonelyPsu
from jingzhun.measurement.fault import NotMeasurable

Columns = str | list[str] | None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pps(_Strict):
    """Units drawn with unequal chances. ``prob`` is the column of their chances, ``joint`` a file with joint ones."""

    method: Literal["brewer", "overton", "hartley_rao", "horvitz_thompson", "yates_grundy", "with_replacement"]
    prob: str | None = None
    joint: str | None = None
    form: Literal["yates_grundy", "horvitz_thompson"] = "horvitz_thompson"
    """For overton and hartley_rao: R's ``survey`` takes the second unless it is told."""


class Asked(BaseModel):
    """One estimate: its measure, the arguments of that, the groups and the rows it is about."""

    model_config = ConfigDict(extra="allow", frozen=True)
    id: str
    measure: str
    by: Columns = None
    where: str | None = None

    @property
    def arguments(self) -> Mapping[str, Any]:
        return self.model_extra or {}

    @property
    def groups(self) -> Sequence[str]:
        return [self.by] if isinstance(self.by, str) else self.by or []


def _key(about: str, default: Any = None) -> Any:
    return Field(default=default, description=about)


class Request(_Strict):
    """What is asked for. Paths are relative to the request."""

    data: str = Field(description="CSV (UTF-8, with a header) or Parquet")
    estimates: list[Asked] = Field(
        description="each with `id`, `measure`, its arguments, and `by` or `where` if wanted"
    )
    weights: str | None = _key("how many each row stands for; without it, one")
    strata: str | None = _key("groups that were drawn from apart")
    psu: Columns = _key("clusters: one column, or a list for several stages")
    fpc: Columns = _key("number of units in the stratum, or share drawn; a list for several stages")
    nest: bool = _key("whether cluster numbers begin anew in every stratum", False)
    lonely_psu: LonelyPsu = _key("a stratum with one unit: error, remove, certainty, average or adjust", "error")
    pps: Pps | None = _key("units drawn with unequal chances: `method`, `prob`, `joint`")
    ci: float = _key("level of the intervals", 0.95)
    where: str | None = _key("rows that all estimates are about; the others stay in the variance")


def read_request(path: Path) -> Request:
    """Read a request. Raises ``NotMeasurable`` with the line or the name of what cannot be meant."""
    try:
        given = yaml.safe_load(path.read_text("utf-8"))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise NotMeasurable(
            f"{path} 第 {line} 行：YAML 写法有误；请检查缩进、冒号后的空格和引号。",
            f"{path}, line {line}: this is no YAML; check the indent, the space after colons, and the quotes.",
        ) from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise NotMeasurable(
            f"{path}：不是 UTF-8 文本；请另存为 UTF-8。", f"{path}: this is no UTF-8 text; save it as UTF-8."
        ) from error
    if not isinstance(given, dict):
        raise NotMeasurable(
            f"{path}：应以“data:”“estimates:”等开头。", f"{path}: begin with keys such as data: and estimates:."
        )
    try:
        return Request.model_validate(given)
    except ValidationError as error:
        raise _wrong(path, error) from error


def _wrong(path: Path, error: ValidationError) -> NotMeasurable:
    """The first fault, by the name of the key, with the keys there are where it is an unknown one."""
    first = error.errors()[0]
    at = ".".join(str(part) for part in first["loc"])
    match first["type"]:
        case "missing":
            return NotMeasurable(f"{path}：缺少 {at}。", f"{path}: {at} is missing.")
        case "extra_forbidden":
            near = get_close_matches(str(first["loc"][-1]), Request.model_fields, n=1)
            listed = near[0] if near else ", ".join(Request.model_fields)
            return NotMeasurable(
                f"{path}：没有 {at} 这一项；是否为 {listed}？", f"{path}: there is no key {at}; did you mean {listed}?"
            )
        case _:
            return NotMeasurable(
                f"{path}：{at} 的值“{first['input']!s:.60}”不能使用；请对照 docs/reference/measures.md。",
                f"{path}: the value {first['input']!s:.60} of {at} cannot be used; see docs/reference/measures.md.",
            )
