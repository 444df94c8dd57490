"""The order of the work, once: deliveries → snapshot → facts, flows and figures → answer sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jingzhun.adjustment import flow_steps
from jingzhun.comparison import compare, outcomes
from jingzhun.comparison import failing as failing_checks
from jingzhun.engine import DUCKDB, Engine, Step, StepFailed, open_engine
from jingzhun.exits import exit_steps, fact_steps
from jingzhun.indicators import answer_sheet, figure_steps
from jingzhun.indicators import failing as failing_indicators
from jingzhun.model.answers import AnswerSheet
from jingzhun.policy import Pack
from jingzhun.policy.binding import FailsOnData
from jingzhun.quality import failing as failing_rules
from jingzhun.quality import keep_step, life_steps, plan_screening, steps_of
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
    lambda situation: flow_steps(situation.as_of),
    lambda situation: exit_steps(situation.pack, situation.as_of),
    lambda situation: figure_steps(situation.pack, situation.as_of),
)
"""Facts, flows, exit tests, figures: in this order, because each may read what those before it wrote."""


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
            with blaming(lambda _: failing_indicators(engine, pack, manifest.as_of), "指标", "indicator"):
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
    since: Sequence[Path] = (),
    engine_name: str = DUCKDB,
    progress: Progress | None = None,
) -> Iterator[tuple[Engine, Manifest]]:
    """Open a snapshot with its findings in ``finding`` and their life since earlier ones in ``finding_life``.

    ``since`` are earlier snapshots, the oldest first.
    """
    with open_engine(engine_name) as engine:
        for ordinal, earlier in enumerate(since):
            engine.run(keep_step(ordinal, _screen(engine, earlier, pack, progress).as_of))
        manifest = _screen(engine, snapshot, pack, progress)
        for step in life_steps(pack, manifest.as_of, len(since)):
            engine.run(step)
        yield engine, manifest


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
        with blaming(lambda error: failing_checks(pack, error), "比对规则", "check"):
            compare(engine, pack, manifest.as_of, manifest.region, progress)
        for step in outcomes(pack, manifest.as_of):
            engine.run(step)
        yield engine, manifest


@contextmanager
def blaming(look: Callable[[StepFailed], Iterator[tuple[str, str]]], kind_zh: str, kind_en: str) -> Iterator[None]:
    """What fails on data, in a step of hundreds of expressions, is told by the name that it has in the pack."""
    try:
        yield
    except StepFailed as error:
        if failing := list(look(error)):
            raise FailsOnData(kind_zh, kind_en, failing) from error
        raise


def _making(tables: set[str], situation: Situation) -> list[Step]:
    """The steps that must run before rules may ask about ``tables``: none while only the register is asked about."""
    groups = [build(situation) for build in STEPS]
    last = max((place for place, group in enumerate(groups, 1) if tables & {step.name for step in group}), default=0)
    return [step for group in groups[:last] for step in group]


def _screen(engine: Engine, snapshot: Path, pack: Pack, progress: Progress | None) -> Manifest:
    manifest = open_snapshot(snapshot, engine)
    plan = plan_screening(pack, manifest.as_of)
    asked = {table for screening in plan for table in screening.tables}
    steps = [*_making(asked, Situation(pack, manifest.as_of, manifest.region)), *steps_of(pack, plan)]
    for done, step in enumerate(steps, start=1):
        if progress:
            progress(step.about or step.name, done, len(steps))
        with blaming(lambda _: failing_rules(engine, plan), "规则", "rule"):
            engine.run(step)
    return manifest
