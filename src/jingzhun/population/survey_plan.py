"""What a pack says of the survey to invent: how many left wrongly, were left out, approve, were not met."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from jingzhun.policy import Pack, PackFaults
from jingzhun.policy.reader import Reader
from jingzhun.population.calibration import NoCalibration, Part

FILE = "population/survey.yaml"
Percent = Annotated[float, Field(ge=0, le=100)]


class Outcomes(Part):
    """Labels of the code list ``visit_outcome`` for visits that were not completed."""

    refused: str
    away: str
    moved: str
    gone: str


class SurveyPlan(Part):
    """``population/survey.yaml``: percent of households, incomes in fen."""

    wrong_exit: Percent
    omitted: Percent
    omitted_in_groups: Percent
    """Of households in a mandatory group: who is old, ill or alone is left out more often."""
    village_spread: float = Field(gt=0)
    """Shape of the gamma distribution by which villages differ; the smaller, the more is wrong in few of them."""
    approves: Percent
    approves_when_wrong: Percent
    noticed: Percent
    """Of those wrongly exited or left out, how many the evaluators notice."""
    false_alarm: Percent
    income_from: int
    income_to: int
    income_wrong_from: int
    income_wrong_to: int
    refused: Percent
    away: Percent
    moved: Percent
    gone: Percent
    days_after_draw: int = Field(ge=1)
    labels: Outcomes


def read_survey_plan(pack: Pack) -> SurveyPlan:
    """Raises ``NoCalibration`` for a pack that says nothing of a survey to invent, ``PackFaults`` for a wrong one."""
    reader = Reader(pack.root)
    if not (pack.root / FILE).is_file():
        raise NoCalibration(pack.root / FILE)
    plan = reader.one(FILE, SurveyPlan)
    if plan is None:
        raise PackFaults(pack.root, reader.faults)
    return plan
