"""The snapshot of an output folder: the new one takes the old one's place, and the old one is kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from jingzhun.policy import Pack
from jingzhun.snapshot import Manifest, NotASnapshot, freeze, read_manifest, verify
from jingzhun_cli import console


def frozen(
    out: Path,
    pack: Pack,
    day: date,
    *,
    region: str,
    synthetic: bool,
    progress: Callable[[str, int, int], None] | None,
) -> tuple[Path, Manifest]:
    """The snapshot of what is in the store now. ``out`` must be held.

    An older, different one is kept under its fingerprint; one that was damaged is set aside and said to be.
    """
    target, fresh = out / "snapshot", out / "snapshot.new"
    shutil.rmtree(fresh, ignore_errors=True)
    manifest = freeze(out / "store", fresh, pack, day, region=region, synthetic=synthetic, progress=progress)
    if target.exists():
        _keep(target, manifest)
    fresh.rename(target)
    return target, manifest


def _keep(target: Path, newer: Manifest) -> None:
    fingerprint = _fingerprint(target)
    if fingerprint is None:
        aside = target.with_name(f"snapshot-damaged-{datetime.now():%Y%m%d-%H%M%S-%f}")
        target.rename(aside)
        console.aside(
            f"原有快照已损坏或被改动过，不再使用，移到 {aside}；已用接收库重新生成。",
            f"the snapshot that was there is damaged or was changed; it was moved to {aside} and frozen again.",
        )
        return
    if fingerprint == newer.fingerprint:
        shutil.rmtree(target)
        return
    kept = target.with_name(f"snapshot-{fingerprint[:12]}")
    shutil.rmtree(kept, ignore_errors=True)
    target.rename(kept)


def _fingerprint(target: Path) -> str | None:
    """None for a snapshot that is not, to the byte, as it was frozen."""
    try:
        return None if verify(target) else read_manifest(target).fingerprint
    except NotASnapshot:
        return None
