"""A hard pair of person lists with known truth: a register and a department's file about people like those in it.

Both hold families of one surname in one village, twins, and namesakes of the same village. The department's file has
what such files have: numbers missing, of 15 digits, of disability cards, mistyped or borrowed from a relative; names
written as they sound, with look-alike, swapped or lost characters; dates and places missing or wrong.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from pypinyin.pinyin_dict import pinyin_dict

from jingzhun.policy import load_pack
from jingzhun.population.identity import CHECK, WEIGHTS
from jingzhun.population.names import read_names

Ints = npt.NDArray[np.int64]
COUNTIES = tuple(
    f"1411{code}" for code in ("02", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "81", "82")
)
PER_VILLAGE = 800
LAST_DAY = 17800
"""Nobody is born later, in days since 1970."""
LOOK_ALIKE = (
    "未末", "己已巳", "戊戌戍", "土士", "人入", "干千", "天夭", "王玉", "日曰", "梅海", "林材", "英莫", "兰三", "平干",
    "明朋", "文丈", "刚钢", "峰锋", "伟纬", "强张", "贵责", "春舂", "秀季", "风凤", "芳苏", "国图", "生主", "永水",
)  # fmt: skip
ERRORS = {
    "number missing": 0.10, "15 digits": 0.05, "disability card": 0.03, "digit mistyped": 0.06, "digits swapped": 0.04,
    "number of a relative": 0.02, "two digits wrong": 0.02,
}  # fmt: skip
NAME_ERRORS = {"homophone": 0.06, "look-alike": 0.02, "swapped characters": 0.01, "character lost": 0.01}


@dataclass(slots=True)
class People:
    """Columns of people; texts as object arrays so that single cells can be soiled."""

    name: npt.NDArray[np.object_]
    number: npt.NDArray[np.object_]
    birth: Ints
    female: npt.NDArray[np.bool_]
    village: Ints
    family: Ints

    def take(self, rows: Ints) -> People:
        return People(
            self.name[rows],
            self.number[rows],
            self.birth[rows],
            self.female[rows],
            self.village[rows],
            self.family[rows],
        )


def people(rng: np.random.Generator, wanted: int) -> People:
    """Families of two generations; three families in a hundred have twins, who differ in the given name only."""
    names = read_names(load_pack("luliang_2018").root / "population")
    families = wanted // 3 + 1
    village = rng.integers(0, max(1, wanted // PER_VILLAGE), families)
    own = names.village_surnames(rng, int(village.max()) + 1)
    surname = names.family(rng, own[village])
    sizes = rng.choice([1, 2, 3, 4, 5, 6], families, p=[0.12, 0.2, 0.28, 0.22, 0.13, 0.05])
    family = np.repeat(np.arange(families), sizes)[:wanted]
    place = np.arange(len(family)) - np.searchsorted(family, family)
    female = np.where(place == 0, rng.random(len(family)) < 0.1, rng.random(len(family)) < 0.5)
    head_born = rng.integers(-14000, 8000, families)
    birth = head_born[family] + np.where(
        place < 2, rng.integers(-1500, 1500, len(family)), rng.integers(7000, 13000, len(family))
    )
    # Redrawn, not cut off: a thousand people born on the last day would share the last number of that day.
    late = birth > LAST_DAY
    birth[late] = LAST_DAY - rng.integers(0, 7000, int(late.sum()))
    twin = (place >= 3) & (rng.random(len(family)) < 0.08)
    birth[twin] = birth[np.flatnonzero(twin) - 1]
    female[twin] = female[np.flatnonzero(twin) - 1]
    second = (place == 1) | (rng.random(len(family)) < 0.05)
    last = np.where(second, names.any_surname(rng, len(family)), surname[family])
    full = names.full(rng, last, female, birth > 5500)
    return People(
        np.array(full.to_pylist(), object),
        numbers(rng, birth, female, village[family]),
        birth,
        female,
        village[family],
        family,
    )


def numbers(
    rng: np.random.Generator, birth: Ints, female: npt.NDArray[np.bool_], village: Ints
) -> npt.NDArray[np.object_]:
    """Numbers in the order of registration: twins and others of one day and county have neighbouring sequences."""
    county = np.where(rng.random(len(birth)) < 0.9, village % 13, rng.integers(0, 13, len(birth)))
    key = (county * 100000 + birth + 20000) * 2 + female
    order = np.argsort(key, kind="stable")
    ranked = np.empty(len(birth), np.int64)
    ordered = key[order]
    first = np.maximum.accumulate(np.where(np.r_[True, ordered[1:] != ordered[:-1]], np.arange(len(key)), 0))
    ranked[order] = np.arange(len(key)) - first
    sequence = np.minimum(ranked + 1 + county, 498) * 2 + ~female
    days = birth.astype("datetime64[D]").astype(str)
    prefixes = np.array(COUNTIES, object)[county]
    text = [
        f"{prefix}{day[:4]}{day[5:7]}{day[8:10]}{number:03d}"
        for prefix, day, number in zip(prefixes, days, sequence, strict=True)
    ]
    digits = np.frombuffer("".join(text).encode(), np.uint8).reshape(-1, 17).astype(np.int64) - 48
    check = CHECK[(digits @ WEIGHTS) % 11]
    return np.array([one + chr(letter) for one, letter in zip(text, check, strict=True)], object)


def soiled(rng: np.random.Generator, clean: People) -> tuple[People, npt.NDArray[np.object_]]:
    """The department's copy and, for each row, what is wrong with it."""
    dirty, kinds = clean.take(np.arange(len(clean.name))), np.full(len(clean.name), "", object)
    drawn = rng.random(len(kinds))
    edge = 0.0
    for kind, share in ERRORS.items():
        rows = np.flatnonzero((drawn >= edge) & (drawn < edge + share))
        edge += share
        for row in rows:
            dirty.number[row] = _number(rng, kind, clean, int(row))
        kinds[rows] = kind
    drawn, edge = rng.random(len(kinds)), 0.0
    like, sound = _look_alikes(), _homophones()
    for kind, share in NAME_ERRORS.items():
        rows = np.flatnonzero((drawn >= edge) & (drawn < edge + share))
        edge += share
        for row in rows:
            changed = _name(rng, kind, dirty.name[row], sound, like)
            if changed != dirty.name[row]:
                dirty.name[row] = changed
                kinds[row] = f"{kinds[row]}+{kind}".strip("+")
    return dirty, kinds


def _number(rng: np.random.Generator, kind: str, clean: People, row: int) -> str | None:
    number: str = clean.number[row]
    if kind == "number missing":
        return None
    if kind == "15 digits":
        return number[:6] + number[8:17] if number[6:8] == "19" else None
    if kind == "disability card":
        return number + "4" + str(rng.integers(1, 5))
    if kind == "number of a relative":
        near = row + 1 if row + 1 < len(clean.name) and clean.family[row + 1] == clean.family[row] else row - 1
        return str(clean.number[near])
    places = rng.choice(17, 2, replace=False)
    letters = list(number)
    if kind == "digits swapped":
        at = int(places[0]) if places[0] < 16 else 15
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
        return "".join(letters)
    for at in places[: 1 if kind == "digit mistyped" else 2]:
        letters[at] = str((int(letters[at]) + rng.integers(1, 10)) % 10)
    return "".join(letters)


def _name(rng: np.random.Generator, kind: str, name: str, sound: dict[str, str], like: dict[str, str]) -> str:
    at = int(rng.integers(1 if kind != "homophone" or rng.random() < 0.9 else 0, len(name)))
    if kind == "swapped characters":
        return name[0] + name[:0:-1] if len(name) > 2 else name
    if kind == "character lost":
        return name[:at] + name[at + 1 :] if len(name) > 2 else name
    pool = sound.get(name[at], "") if kind == "homophone" else like.get(name[at], "")
    if kind == "look-alike" and not pool:
        at = next((place for place in range(1, len(name)) if name[place] in like), -1)
        pool = like[name[at]] if at > 0 else ""
    others = [letter for letter in pool if letter != name[at]]
    return name[:at] + others[int(rng.integers(0, len(others)))] + name[at + 1 :] if others else name


def _homophones() -> dict[str, str]:
    """The common characters of GB 2312 by their sound without tone."""
    import unicodedata

    groups: dict[str, str] = {}
    common = [bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    sounds = {}
    for letter in filter(None, common):
        reading = pinyin_dict[ord(letter)].split(",")[0]
        plain = "".join(part for part in unicodedata.normalize("NFD", reading) if not unicodedata.combining(part))
        sounds[letter] = plain
        groups[plain] = groups.get(plain, "") + letter
    return {letter: groups[plain] for letter, plain in sounds.items()}


def _look_alikes() -> dict[str, str]:
    return {letter: group for group in LOOK_ALIKE for letter in group}


def write(folder: Path, size: int, seed: int = 7) -> None:
    """``register.parquet`` and ``department.parquet`` of ``size`` rows each; ``truth`` names the register's row."""
    rng = np.random.default_rng(seed)
    everyone = people(rng, int(size * 1.45))
    listed = rng.permutation(len(everyone.name))[:size]
    known = np.zeros(len(everyone.name), np.int64) - 1
    known[listed] = np.arange(size)
    asked = rng.permutation(len(everyone.name))[:size]
    asked.sort()
    dirty, kinds = soiled(rng, everyone.take(asked))
    register = everyone.take(listed)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "register.parquet", register, None, None, rng)
    _write(folder / "department.parquet", dirty, known[asked], kinds, rng)


def _write(
    path: Path, rows: People, truth: Ints | None, kinds: npt.NDArray[np.object_] | None, rng: np.random.Generator
) -> None:
    n = len(rows.name)
    birth, village = rows.birth.copy(), rows.village.copy()
    region = np.array(
        [
            f"{COUNTIES[place % 13]}{100 + place // 13 // 25:03d}{200 + place // 13 % 25:03d}"
            for place in range(int(village.max()) + 1)
        ],
        object,
    )[village]
    days = birth.astype("datetime64[D]").astype(object)
    sex = np.where(rows.female, "女", "男").astype(object)
    if truth is not None:
        drawn = rng.random(n)
        days[drawn < 0.05] = None
        wrong = np.flatnonzero((drawn >= 0.05) & (drawn < 0.08))
        days[wrong] = (
            (birth[wrong] + rng.choice([1, 10, 30, 365, -1, -10, -31, -365], len(wrong)))
            .astype("datetime64[D]")
            .astype(object)
        )
        drawn = rng.random(n)
        region[drawn < 0.15] = None
        moved = np.flatnonzero((drawn >= 0.15) & (drawn < 0.20))
        region[moved] = rng.permutation(region[moved])
        sex[rng.random(n) < 0.02] = None
    columns = {
        "row_no": pa.array(np.arange(n)),
        "name": pa.array(rows.name, pa.string()),
        "id_number": pa.array(rows.number, pa.string()),
        "birth_date": pa.array(days, pa.date32()),
        "sex": pa.array(sex, pa.string()),
        "region_code": pa.array(region, pa.string()),
    }
    if truth is not None and kinds is not None:
        columns |= {"truth": pa.array(truth), "kind": pa.array(kinds, pa.string())}
    # Row groups of the usual size: one group for all would be read by one core.
    pq.write_table(pa.table(columns), path, compression="zstd", row_group_size=122_880)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
