"""Peers run in environments of their own, made from ``benchmarks/peers/<name>.txt`` when it is new or has changed."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

PEERS = Path(__file__).with_name("peers")


def environment(name: str) -> str:
    """The Python of the environment of ``name``, with exactly what its list of requirements says."""
    wanted = PEERS / f"{name}.txt"
    folder = Path(sys.prefix) / "peers" / name
    python, made_from = folder / "bin" / "python", folder / wanted.name
    if not made_from.exists() or made_from.read_text("utf-8") != wanted.read_text("utf-8"):
        venv.create(folder, with_pip=True, clear=True)
        install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(wanted))
        subprocess.run([str(python), *install], check=True)
        made_from.write_text(wanted.read_text("utf-8"), "utf-8")
    return str(python)
