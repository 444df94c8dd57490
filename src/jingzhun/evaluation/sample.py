"""A drawn sample as a folder: two tables, and a manifest that says how they came about and that nobody touched them.

The same seed on the same snapshot with the same pack gives the same bytes. What goes out to be filled in (visit lists,
the form) lies beside the tables; its hashes are those of the day it was written, as it is meant to change.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jingzhun import __version__
from jingzhun.engine import Engine
from jingzhun.evaluation.fault import NotASample
from jingzhun.evaluation.selection import CountySample, Numbers
from jingzhun.model import TABLES, labels
from jingzhun.policy import Pack

MANIFEST = "sample.json"
SAMPLED_VILLAGE, SAMPLED_HOUSEHOLD = "sampled_village", "sampled_household"
DRAWN_TABLES = (SAMPLED_VILLAGE, SAMPLED_HOUSEHOLD)
FORMAT = 1
MOST_BYTES = 64 * 2**20
"""What a manifest may be; that of a province has some hundred thousand."""


class Piece(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VillageStratum(Piece):
    """A stratum of villages: how many there are and were drawn, and the people of the frame that it stands for."""

    stratum: str
    villages: int
    drawn: int
    reserve: int
    size: int
    exited_persons: int
    registered_persons: int
    outside_persons: int
    outside_households: int
    registered_households: int


class VillageClass(Piece):
    """A class of an axis: villages that the design asks for, that were drawn, that there are."""

    axis: str
    zh: str
    en: str
    design: int
    drawn: int
    villages: int


class HouseholdStratum(Piece):
    """Households of the drawn villages by who is asked and stratum: drawn, of these for certain, and in reserve."""

    subject: str
    stratum: str
    drawn: int
    certain: int
    reserve: int


class Gap(Piece):
    """What the frame does not hold: what, where or which list, how many."""

    what: str
    detail: str
    many: int


class County(Piece):
    code: str
    strata: tuple[VillageStratum, ...]
    classes: tuple[VillageClass, ...]
    households: tuple[HouseholdStratum, ...]
    gaps: tuple[Gap, ...]


class File(Piece):
    sha256: str
    rows: int = 0


class SampleManifest(Piece):
    """``sample.json``. ``fingerprint`` covers everything else in it."""

    format: int = FORMAT
    seed: int
    drawn_on: date
    region: str = Field(pattern=r"^[0-9]{12}$")
    as_of: date
    snapshot: str
    """Fingerprint of the snapshot that was drawn from."""
    synthetic: bool
    pack: str
    pack_version: str
    pack_sha256: str
    design: str
    design_sha256: str
    parameters: dict[str, str]
    product_version: str
    counties: tuple[County, ...]
    tables: dict[str, File]
    """The drawn tables; a sample whose tables have other hashes is refused."""
    issued: dict[str, str] = Field(default_factory=dict)
    """Visit lists and forms as they were written, by hash."""

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(self._plain(), sort_keys=True).encode()).hexdigest()

    def _plain(self) -> dict[str, Any]:
        return self.model_dump(mode="json")

    def write(self, folder: Path) -> None:
        text = json.dumps({**self._plain(), "fingerprint": self.fingerprint}, ensure_ascii=False, indent=1)
        (folder / MANIFEST).write_text(text + "\n", "utf-8")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a sample is drawn from: the snapshot's fingerprint, day, division, whether its people are invented."""

    snapshot: str
    as_of: date
    region: str
    synthetic: bool


def write_tables(
    folder: Path,
    pack: Pack,
    numbers: Numbers,
    origin: Origin,
    counties: Iterable[CountySample],
    *,
    seed: int,
    drawn_on: date,
) -> SampleManifest:
    """Write the drawn tables into ``folder``, county by county, and give the manifest, which is not written yet."""
    told: list[County] = []
    rows = Counter[str]()
    writers = {
        name: pq.ParquetWriter(folder / f"{name}.parquet", TABLES[name].arrow_schema(), compression="zstd")
        for name in DRAWN_TABLES
    }
    for county in counties:
        for name, part in ((SAMPLED_VILLAGE, county.villages), (SAMPLED_HOUSEHOLD, county.households)):
            writers[name].write_table(pa.Table.from_pylist(part, schema=TABLES[name].arrow_schema()))
            rows[name] += len(part)
        told.append(_told(county))
    for writer in writers.values():
        writer.close()
    return SampleManifest(
        seed=seed,
        drawn_on=drawn_on,
        region=origin.region,
        as_of=origin.as_of,
        snapshot=origin.snapshot,
        synthetic=origin.synthetic,
        pack=pack.meta.id,
        pack_version=pack.meta.version,
        pack_sha256=pack.fingerprint,
        design=numbers.design.id,
        design_sha256=numbers.design.fingerprint,
        parameters={name: str(value) for name, value in sorted(numbers.values.items())},
        product_version=__version__,
        counties=tuple(told),
        tables={name: File(sha256=sha256_of(folder / f"{name}.parquet"), rows=rows[name]) for name in DRAWN_TABLES},
    )


def _told(county: CountySample) -> County:
    return County(
        code=county.code,
        strata=tuple(VillageStratum(**row) for row in county.frame),
        classes=tuple(VillageClass(**row) for row in county.classes),
        households=tuple(_household_strata(county)),
        gaps=tuple(Gap(what=row["what"], detail=row["detail"], many=row["many"]) for row in county.gaps),
    )


def _household_strata(county: CountySample) -> Iterable[HouseholdStratum]:
    drawn = {row["region_code"] for row in county.villages if row["role"] == labels.DRAWN}
    counted = Counter(
        (row["subject"], row["stratum"], row["role"], row["certain"])
        for row in county.households
        if row["region_code"] in drawn
    )
    for subject, stratum in dict.fromkeys((subject, stratum) for subject, stratum, _, _ in sorted(counted)):
        of = {
            (role, sure): counted[subject, stratum, role, sure]
            for role in (labels.DRAWN, labels.RESERVE)
            for sure in (0, 1)
        }
        yield HouseholdStratum(
            subject=subject,
            stratum=stratum,
            drawn=of[labels.DRAWN, 0] + of[labels.DRAWN, 1],
            certain=of[labels.DRAWN, 1],
            reserve=of[labels.RESERVE, 0] + of[labels.RESERVE, 1],
        )


def read_sample(folder: Path) -> SampleManifest:
    """The manifest of a sample whose tables are as they were drawn. Raises ``NotASample``."""
    manifest = _manifest(folder)
    changed = [
        f"{name}.parquet"
        for name in DRAWN_TABLES
        if name not in manifest.tables or manifest.tables[name].sha256 != sha256_of(folder / f"{name}.parquet")
    ]
    if changed:
        raise NotASample(
            folder,
            f"这些文件与抽样时不同或缺失：{'、'.join(changed)}；样本被改动过，不能使用。"
            "请用 sample.json 里的种子重新抽样。",
            f"these files are missing or not what was drawn: {', '.join(changed)}; the sample was changed and cannot "
            "be used. Draw it again with the seed of sample.json.",
        )
    return manifest


def _manifest(folder: Path) -> SampleManifest:
    path = folder / MANIFEST
    if not path.is_file():
        raise NotASample(
            folder,
            f"不是样本目录：缺少 {MANIFEST}。请指向 jingzhun sample 写出的目录。",
            f"not a sample: {MANIFEST} is missing. Point to the folder that jingzhun sample wrote.",
        )
    try:
        data = json.loads(path.read_bytes()[:MOST_BYTES])
        fingerprint = data.pop("fingerprint", None)
        manifest = SampleManifest.model_validate(data)
    except (ValueError, AttributeError, TypeError, ValidationError) as error:
        raise NotASample(
            folder,
            f"{MANIFEST} 无法使用：它已损坏、被改动过，或不是这一版产品写的；请重新抽样。",
            f"{MANIFEST} cannot be used: it is damaged, was changed, or another version wrote it; draw again.",
        ) from error
    if manifest.fingerprint != fingerprint:
        raise NotASample(
            folder,
            f"{MANIFEST} 的指纹不符，文件被改动过；请用其中的种子重新抽样。",
            f"the fingerprint of {MANIFEST} does not fit: it was changed; draw again with its seed.",
        )
    return manifest


def open_sample(folder: Path, engine: Engine) -> SampleManifest:
    """Name the drawn tables in the engine. Raises ``NotASample`` for a folder that is not as it was drawn."""
    manifest = read_sample(folder)
    for name in DRAWN_TABLES:
        engine.read_parquet(name, [folder / f"{name}.parquet"])
    return manifest


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes; empty for a file that is not there."""
    if not path.is_file():
        return ""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
