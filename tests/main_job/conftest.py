"""One county generated as its departments would send it, and the main job run on it, once for all tests here."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

JIAOKOU = "141130000000"


@dataclass(frozen=True)
class Done:
    """What a run left behind."""

    folder: Path
    files: Path
    out: Path
    said: dict[str, Any]

    @property
    def snapshot(self) -> Path:
        return self.out / "snapshot"


def jingzhun(*arguments: str, expect: int = 0) -> str:
    """Run the command as a user would; standard output comes back."""
    done = subprocess.run([sys.executable, "-m", "jingzhun_cli.main", *arguments], capture_output=True, text=True)
    assert done.returncode == expect, f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("county")
    jingzhun("synth", "--region", JIAOKOU, "--out", str(folder / "synthetic"), "--json")
    files = folder / "synthetic" / "files"
    said = json.loads(jingzhun("run", str(files), "--out", str(folder / "out"), "--json"))
    return Done(folder, files, folder / "out", said)
