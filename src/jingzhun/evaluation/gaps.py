"""What a sample does not cover, in words: people the frame could not place, lists it did not have, classes short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from jingzhun.evaluation.frame import (
    NO_BOOK,
    NO_LIST,
    NO_SIZE,
    NO_STATUS,
    NO_YEAR,
    NOT_A_VILLAGE,
    NOT_ALLOWED,
)
from jingzhun.evaluation.sample import County, Gap, VillageClass

NAMED = 5
"""Villages or lists that a sentence names; how many there are is always said."""


def gap_words(county: County, place: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """A sentence in Chinese and English for everything that the county's sample does not cover.

    ``place`` gives the name of a division by its code.
    """
    by_kind: dict[str, list[Gap]] = defaultdict(list)
    for gap in county.gaps:
        by_kind[gap.what].append(gap)
    for what, gaps in by_kind.items():
        named = [place(gap.detail) if gap.detail.isdigit() else gap.detail for gap in gaps if gap.detail]
        yield _words(what, sum(gap.many for gap in gaps), named)
    for one in county.classes:
        if one.drawn < one.design:
            yield _class_words(one)


def _class_words(one: VillageClass) -> tuple[str, str]:
    zh = f"{one.zh}设计 {one.design} 个，抽到 {one.drawn} 个："
    en = f"{one.en}: {one.drawn} of {one.design} by the design, as"
    if one.villages >= one.design:
        return f"{zh}各层取整，或其他层的村数不够。", f"{en} numbers were rounded, or other strata are too small."
    return (
        f"{zh}能判断为{one.zh}的只有 {one.villages} 个；村情不全的，请补报后重新抽样。",
        f"{en} only {one.villages} villages are known to be so; where the village sheet is incomplete, deliver it "
        "and draw again.",
    )


def _words(what: str, many: int, names: list[str]) -> tuple[str, str]:
    zh, en = "、".join(names[:NAMED]), ", ".join(names[:NAMED])
    more_zh, more_en = (f"等 {len(names)} 个", f" and {len(names) - NAMED} more") if len(names) > NAMED else ("", "")
    return {
        NO_BOOK: (
            f"{many:,} 名农业户口的人没有户口簿号，归不成户，不在抽样框；请补报户口簿号。",
            f"{many:,} rural persons have no booklet number and form no household, so they are not in the frame.",
        ),
        NOT_A_VILLAGE: (
            f"{zh}{more_zh}不是行政村，其中 {many:,} 户有农业户口或建档立卡，不在抽样框。",
            f"{en}{more_en}: no administrative villages, so their {many:,} rural or registered households are not in "
            "the frame.",
        ),
        NO_STATUS: (
            f"{many:,} 个建档立卡户没有脱贫属性，不知道是已脱贫还是未脱贫，不在抽样框；请补报。",
            f"{many:,} registered households have no exit status, so nobody knows what to ask; they are not in the "
            "frame: deliver it.",
        ),
        NO_YEAR: (
            f"{many:,} 个脱贫户没有脱贫年度，单独成层抽样。",
            f"{many:,} exited households have no year of exit and are drawn as a stratum of their own.",
        ),
        NO_SIZE: (
            f"{zh}{more_zh}没有农户数（全员人口和行政村表都没有），无法按规模抽，不在抽样框；请补报。",
            f"{en}{more_en}: no number of households in roster or village sheet, so they cannot be drawn by size; "
            "deliver it, they are not in the frame.",
        ),
        NO_LIST: (
            f"没有报送{zh}{more_zh}，靠它认定的必查群体会有遗漏；请补报后重新抽样。",
            f"not delivered: {en}{more_en}. Households that must be visited by these lists are missed; deliver them "
            "and draw again.",
        ),
        NOT_ALLOWED: (
            f"{zh}{more_zh}没有有效的使用依据，没有用；请补报比对授权后重新抽样。",
            f"no document in force allows {en}{more_en}, so they were not used; deliver one and draw again.",
        ),
    }[what]
