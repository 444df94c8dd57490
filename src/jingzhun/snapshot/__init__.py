"""The frozen register: delivered rows assembled into the contract tables, immutable, with a manifest."""

from jingzhun.snapshot.building import InUse, building, held
from jingzhun.snapshot.freeze import freeze, seal
from jingzhun.snapshot.manifest import Manifest, NotASnapshot, TableCount, open_snapshot, read_manifest, verify

__all__ = [
    "InUse",
    "Manifest",
    "NotASnapshot",
    "TableCount",
    "building",
    "freeze",
    "held",
    "open_snapshot",
    "read_manifest",
    "seal",
    "verify",
]
