"""The order of the work, once: deliveries → snapshot → facts, flows and figures → answer sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jingzhun.adjustment import flow_steps
from jingzhun.comparison import compare, outcomes
from jingzhun.engine import DUCKDB, Engine, Step, open_engine
from jingzhun.exits import exit_steps, fact_steps
from jingzhun.indicators import answer_sheet, figure_steps
from jingzhun.model import TABLES
from jingzhun.model.answers import AnswerSheet
from jingzhun.policy import Pack
from jingzhun.quality import BEFORE, screen_steps
from jingzhun.snapshot import Manifest, open_snapshot

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Situation:
    """What every step is given: the pack, the day and the division. Tables are shared by their contracts."""

    pack: Pack
    as_of: date
    region: str


STEPS: tuple[Callable[[Situation], list[Step]], ...] = (
    lambda situation: fact_steps(situation.as_of, situation.region),
    lambda situation: exit_steps(situation.pack, situation.as_of),
    lambda situation: flow_steps(situation.as_of),
    lambda situation: figure_steps(situation.pack, situation.as_of),
)
"""Facts, exit tests, flows, figures: in this order, because each may read what those before it wrote."""


@contextmanager
def computed(
    snapshot: Path,
    pack: Pack,
    *,
    region: str = "",
    engine_name: str = DUCKDB,
    memory_limit: str = "1500MB",
    progress: Progress | None = None,
) -> Iterator[tuple[Engine, Manifest, Situation]]:
    """Open a snapshot and run every step on it. Nothing is written to the snapshot."""
    with open_engine(engine_name, memory_limit=memory_limit) as engine:
        manifest = open_snapshot(snapshot, engine)
        situation = Situation(pack, manifest.as_of, region or manifest.region)
        steps = [step for build in STEPS for step in build(situation)]
        for done, step in enumerate(steps, start=1):
            if progress:
                progress(step.about or step.name, done, len(steps))
            engine.run(step)
        yield engine, manifest, situation


def answer(
    snapshot: Path, pack: Pack, *, region: str = "", engine_name: str = DUCKDB, progress: Progress | None = None
) -> AnswerSheet:
    """The answer sheet of a snapshot for its own division or one below it."""
    running = computed(snapshot, pack, region=region, engine_name=engine_name, progress=progress)
    with running as (engine, manifest, situation):
        return answer_sheet(
            engine,
            pack,
            situation.as_of,
            situation.region,
            snapshot=manifest.fingerprint,
            synthetic=manifest.synthetic,
            printed=pack.printed_on(situation.as_of),
        )


@contextmanager
def screened(
    snapshot: Path,
    pack: Pack,
    *,
    since: Path | None = None,
    engine_name: str = DUCKDB,
    progress: Progress | None = None,
) -> Iterator[tuple[Engine, Manifest]]:
    """Open a snapshot with its findings in ``finding``, and those of an earlier one in ``finding_before``."""
    with open_engine(engine_name) as engine:
        if since is None:
            engine.load(BEFORE, TABLES["finding"].arrow_schema().empty_table())
        else:
            _screen(engine, since, pack, progress)
            engine.run(Step(BEFORE, "SELECT * FROM finding"))
        yield engine, _screen(engine, snapshot, pack, progress)


@contextmanager
def compared(
    snapshot: Path,
    pack: Pack,
    *,
    engine_name: str = DUCKDB,
    memory_limit: str = "1500MB",
    progress: Progress | None = None,
) -> Iterator[tuple[Engine, Manifest]]:
    """Open a snapshot with ``comparison_source``, ``lead`` and what became of each lead in ``lead_outcome``."""
    with open_engine(engine_name, memory_limit=memory_limit) as engine:
        manifest = open_snapshot(snapshot, engine)
        compare(engine, pack, manifest.as_of, manifest.region, progress)
        engine.run(outcomes(manifest.as_of))
        yield engine, manifest


def _screen(engine: Engine, snapshot: Path, pack: Pack, progress: Progress | None) -> Manifest:
    manifest = open_snapshot(snapshot, engine)
    steps = screen_steps(pack, manifest.as_of)
    for done, step in enumerate(steps, start=1):
        if progress:
            progress(step.about or step.name, done, len(steps))
        engine.run(step)
    return manifest
