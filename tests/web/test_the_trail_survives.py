"""SIGKILL at any moment, and several writers at once: the chain is whole, and no change is without its entry."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).parents[2]
SEED = 7
VERDICT = """
import json
from pathlib import Path
from django.conf import settings
from jingzhun_web.audit.models import Entry, EntryRow
from jingzhun_web.audit.verifying import verify_database
from jingzhun_web.regions.models import Region
verdict = verify_database(settings.JINGZHUN.anchors)
print(json.dumps({
    "fault": verdict.fault and str(verdict.fault), "entries": verdict.entries, "rows": verdict.rows,
    "anchors": verdict.anchors,
    "regions": Region.objects.count(), "writers": list(Entry.objects.values_list("person", flat=True)),
}))
"""


class Scene:
    """A database of its own, outside the test's transaction, with the processes that use it."""

    def __init__(self, folder: Path, url: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("JINGZHUN_", "DATABASE_URL"))}
        self.environment = kept | {"JINGZHUN_DATA": str(folder), "DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
        self.environment["DJANGO_SETTINGS_MODULE"] = "jingzhun_web.site.settings"
        self._django("migrate", "-v0")

    def _django(self, *words: str) -> str:
        command = [sys.executable, "-m", "django", *words]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout

    def writer(self, first: int, count: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.web.writers", str(first), str(count)]
        return subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def verdict(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self._django("shell", "--no-imports", "-c", VERDICT))
        return found


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """On the database that the tests run on."""
    if connection.vendor == "sqlite":
        yield Scene(tmp_path, "")
        return
    there = settings.DATABASES["default"]
    name = f"jingzhun_{uuid4().hex[:12]}"
    server = f"postgresql://{there['USER']}:{there['PASSWORD']}@{there['HOST']}:{there['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield Scene(tmp_path, f"{server}/{name}")
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def kills(scene: Scene, times: int) -> None:
    luck, acknowledged, first = random.Random(SEED), set[str](), 0
    for _ in range(times):
        writer = scene.writer(first, 10_000)
        assert writer.stdout is not None
        acknowledged.add(writer.stdout.readline().strip())  # it has begun
        time.sleep(luck.uniform(0, 0.3))
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged |= set(writer.stdout.read().split())
        writer.wait()
        first += 10_000
    found = scene.verdict()
    writers = found["writers"]
    assert found["fault"] is None
    assert isinstance(writers, list) and len(writers) == len(set(writers))
    assert {f"writer-{number}" for number in acknowledged} <= set(writers)
    assert found["regions"] == found["rows"] == 3 * len(writers)
    assert len(acknowledged) > times


def test_a_few_kills_leave_the_chain_whole_and_nothing_lost(scene: Scene) -> None:
    kills(scene, 4)


@pytest.mark.slow
def test_two_hundred_kills_leave_the_chain_whole_and_nothing_lost(scene: Scene) -> None:
    kills(scene, 200)


def test_several_writers_at_once_make_one_chain_without_a_gap(scene: Scene) -> None:
    writers = [scene.writer(1000 * number, 15) for number in range(4)]
    for writer in writers:
        assert writer.wait(timeout=120) == 0
    found = scene.verdict()
    assert (found["fault"], found["entries"], found["rows"], found["anchors"]) == (None, 60, 180, 60)
