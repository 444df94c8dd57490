"""The verdict on a whole trail, in words of both languages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from jingzhun_web.audit import anchors
from jingzhun_web.audit.chain import Anchor, Break, Verdict, verify
from jingzhun_web.audit.queries import whole_trail

MEANINGS: Mapping[Break, tuple[str, str]] = {
    Break.MISSING: (
        "它前面缺了记录，或者顺序被换过",
        "an entry before it is missing, or the order was changed",
    ),
    Break.UNLINKED: (
        "它记的前一条散列与前一条不符：前一条被改过、换过或插入过",
        "the hash of the entry before it is not the one it names: that one was changed, swapped or put in",
    ),
    Break.CHANGED: ("它的内容与自己的散列不符：内容被改过", "its content does not fit its own hash: it was changed"),
    Break.ROWS: (
        "它下面的行与根散列不符：有行被改、删、加或换了顺序",
        "the rows under it do not fit its root: a row was changed, deleted, added or moved",
    ),
    Break.REWRITTEN: (
        "它与锚点文件里的散列不同：从锚定之后，链被整段重写过",
        "it differs from what was anchored: the chain was written anew after that",
    ),
    Break.TRUNCATED: (
        "锚点文件里有它，数据库里没有：链的末尾被截掉了",
        "it was anchored and is not there: the end of the chain was cut off",
    ),
    Break.STRAY_ROWS: (
        "有变更行不属于任何一条记录：它的记录被删了，或者行是另外塞进来的",
        "there are rows of changes that belong to no entry: theirs was deleted, or they were put in",
    ),
    Break.UNREADABLE: ("它写的散列算法无法识别", "it names a hash that cannot be computed here"),
}


def verify_database(anchor_file: Path | None) -> Verdict:
    """Walk the whole trail of the database beside a file of anchors; DamagedAnchors if that cannot be read."""
    held: list[Anchor] = list(anchors.read(anchor_file)) if anchor_file and anchor_file.exists() else []
    return verify(whole_trail(held))
