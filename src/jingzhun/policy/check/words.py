"""Everything that people read has both languages, and everything that was found somewhere says where."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jingzhun.policy.check.case import Case
from jingzhun.policy.schema import Part
from jingzhun.policy.source import Place

_SOURCE_KEY = re.compile(r"(?<![0-9A-Za-z])[GP][0-9]{1,2}[a-z]?(?![0-9A-Za-z])")
_READ_BY_PEOPLE = ("zh", "en", "label", "pass_zh", "pass_en", "fail_zh", "fail_en")
_LANGUAGE = {"zh": "中文", "en": "英文", "label": "标签"}


def check_words(case: Case) -> None:
    """Both languages, a source wherever one is asked for, and source keys that ``sources.csv`` explains."""
    keys = {source.key for source in case.pack.sources}
    for name, part in _parts(case):
        for place, piece in _pieces(part, ()):
            _check_labels(case, name, place, piece)
            _check_source(case, name, place, piece, keys)


def _parts(case: Case) -> Iterator[tuple[str, Part]]:
    pack = case.pack
    kinds: dict[str, dict[str, Part]] = {
        "code_list": dict(pack.codes),
        "parameter": dict(pack.parameters),
        "layout": dict(pack.layouts),
        "scheme": dict(pack.schemes),
        "procedure": dict(pack.procedures),
        "deprivation": dict(pack.deprivation),
        "indicator": dict(pack.indicators),
        "exit": dict(pack.exits),
        "design": dict(pack.designs),
        "form": dict(pack.forms),
        "figure": dict(pack.figures),
        "check": dict(pack.checks),
    }
    yield "pack.yaml", pack.meta
    for kind, parts in kinds.items():
        yield from ((f"{kind}:{key}", part) for key, part in parts.items() if case.has(f"{kind}:{key}"))


def _pieces(part: Part, place: Place) -> Iterator[tuple[Place, Part]]:
    yield place, part
    for name in type(part).model_fields:
        value = getattr(part, name)
        inside = [(index, item) for index, item in enumerate(value)] if isinstance(value, tuple) else []
        for index, item in inside:
            if isinstance(item, Part):
                yield from _pieces(item, (*place, name, index))


def _check_labels(case: Case, name: str, place: Place, piece: Part) -> None:
    for word in _READ_BY_PEOPLE:
        is_label_expression = word == "label" and "code" not in type(piece).model_fields
        if word not in type(piece).model_fields or is_label_expression or getattr(piece, word).strip():
            continue
        language = _LANGUAGE.get(word, word)
        case.fault(
            name,
            (*place, word),
            f"“{word}”为空，请补上{language}；所有给人看的文字都要有中文和英文。",
            f"{word!r} is empty; add it: everything that people read has Chinese and English.",
        )


def _check_source(case: Case, name: str, place: Place, piece: Part, keys: set[str]) -> None:
    if "source" not in type(piece).model_fields:
        return
    source = str(getattr(piece, "source")).strip()  # noqa: B009
    if not source and type(piece).model_fields["source"].is_required():
        case.fault(
            name,
            (*place, "source"),
            "“source”为空，请写明依据（文件或来源编号）。",
            "'source' is empty; say which document or source key it rests on.",
        )
    for key in _SOURCE_KEY.findall(source) if keys else ():
        if key not in keys:
            case.fault(
                name,
                (*place, "source"),
                f"来源编号 {key} 不在 sources.csv 中，请补上或改正。",
                f"source key {key} is not in sources.csv; add it there or correct it.",
            )
