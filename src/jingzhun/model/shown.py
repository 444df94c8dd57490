"""What may be shown of delivered text: identity numbers masked, characters that act on a terminal written out."""

from __future__ import annotations

import re

from jingzhun.model.contract import mask

_DIGIT = "[0-9０-９]"
_GAP = "[ \u3000-]?"
_SPACED = (
    f"{_DIGIT}{{6}}{_GAP}{_DIGIT}{{4}}{_GAP}{_DIGIT}{{2}}{_GAP}{_DIGIT}{{2}}{_GAP}{_DIGIT}{{3}}[0-9０-９XxＸｘ×Хх]"
)
_RUN = re.compile(
    f"(?<!{_DIGIT})(?:{_SPACED}(?:{_DIGIT}{{2}}[0-9A-Za-z]{{0,2}})?(?!{_DIGIT})|{_DIGIT}{{15,}}[XxＸｘ×Хх]?)"
)
_PHONE = re.compile(f"(?<!{_DIGIT})1[3-9][0-9]{{9}}(?!{_DIGIT})")
_GROUPED = re.compile(f"(?<!{_DIGIT})[0-9]{{4}}(?:[ -][0-9]{{4}}){{3}}(?:[ -][0-9]{{1,3}})?(?!{_DIGIT})")
_FLOATED = re.compile(r"[0-9]\.[0-9]{9,}[eE]\+?[0-9]{1,2}")
_CODE = 16
_BRIEF = 60
_ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def masked(text: str) -> str:
    """The text with what may be an identity, card, account or telephone number masked, also spaced or damaged.

    Runs of 15 and more digits are masked; 16 are a person's code in the register, which says nothing elsewhere.
    """
    plain = _RUN.sub(_unless_code, text)
    for personal in (_FLOATED, _PHONE, _GROUPED):
        plain = personal.sub(lambda found: mask(found[0]), plain)
    return plain


def _unless_code(found: re.Match[str]) -> str:
    return found[0] if len(found[0]) == _CODE and found[0].isdecimal() else mask(found[0])


def visible(text: str) -> str:
    r"""The text with control and direction characters written out (``\x1b``), so that showing it does nothing."""
    return _ACTING.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def brief(text: str) -> str:
    """What somebody typed, as a message repeats it: visible, and cut where it is longer than any name."""
    return visible(text if len(text) <= _BRIEF else f"{text[:_BRIEF]}…")
