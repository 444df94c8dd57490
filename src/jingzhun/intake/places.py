"""From the names of county, township and village, or a code, to the division's code on the day. Never a guess."""

from __future__ import annotations

from jingzhun.intake.characters import folded
from jingzhun.intake.reading import BLANK, Read, quarantined, warned
from jingzhun.policy import DivisionTree
from jingzhun.policy.divisions import LEVELS


class Places:
    """Resolves each distinct combination of names once."""

    def __init__(self, tree: DivisionTree) -> None:
        self._tree = tree
        self._seen: dict[tuple[tuple[str, str], ...], Read] = {}

    def level(self, code: str) -> int:
        """1 province … 5 village."""
        return self._tree.get(code).level

    def resolve(self, given: tuple[tuple[str, str], ...]) -> Read:
        """``given`` are pairs of level (or ``code``) and text, as the row has them."""
        if given not in self._seen:
            self._seen[given] = self._resolve(dict(given))
        return self._seen[given]

    def _resolve(self, given: dict[str, str]) -> Read:
        code = folded(given.get("code", ""))
        if code:
            return self._by_code(code)
        names = tuple(given.get(level, "").strip() for level in LEVELS)
        if not any(names):
            return BLANK
        found = self._tree.find(names)
        if found.code:
            return Read(found.code)
        shown = "".join(names)
        if found.candidates:
            listed = "、".join(f"{self._line(candidate)}（{candidate}）" for candidate in found.candidates[:6])
            return Read(
                None,
                (
                    quarantined(
                        f"“{shown}”有几处同名：{listed}；请写明乡镇或区划代码。",
                        f"{shown!r} could be any of: {listed}.",
                    ),
                ),
            )
        zh = f"区划表里没有“{shown}”（可能改名、撤并或写错）；请核对名称或改填区划代码。"
        return Read(None, (quarantined(zh, f"no division {shown!r} on that day; check the name or give its code."),))

    def _by_code(self, code: str) -> Read:
        if "E+" in code.upper():
            zh = f"区划代码“{code}”被按数字保存成科学记数；请以文本重报。"
            return Read(None, (quarantined(zh, f"the code {code!r} was stored as a number; send it as text."),))
        code = code.removesuffix(".0")
        padded = code.ljust(12, "0") if len(code) in (2, 4, 6, 9, 12) else code
        if padded not in self._tree:
            zh = f"区划代码“{code}”在这一天的区划表里没有；请核对。"
            return Read(None, (quarantined(zh, f"no division has the code {code!r} on that day."),))
        note = (
            ()
            if padded == code
            else (warned(f"区划代码“{code}”补足为 {padded}。", f"the code is padded to {padded}."),)
        )
        return Read(padded, note)

    def _line(self, code: str) -> str:
        names = [self._tree.get(ancestor).name for ancestor in self._tree.ancestors(code)]
        return "".join(reversed(names[:3]))
