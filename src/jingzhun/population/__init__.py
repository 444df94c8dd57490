"""A synthetic prefecture with known truth, in the departments' own file formats."""

from jingzhun.population.calibration import NoCalibration
from jingzhun.population.generate import GenerationReport, generate, population_faults
from jingzhun.population.identity import NumbersUsedUp
from jingzhun.population.plan import UnknownPlace, WrongSize
from jingzhun.population.survey_files import soil, write_cases, write_export, write_table, written
from jingzhun.population.survey_plan import read_survey_plan
from jingzhun.population.survey_rows import Survey, Truth, fill_in, home_of, settle_truth

__all__ = [
    "GenerationReport",
    "NoCalibration",
    "NumbersUsedUp",
    "Survey",
    "Truth",
    "UnknownPlace",
    "WrongSize",
    "fill_in",
    "generate",
    "home_of",
    "population_faults",
    "read_survey_plan",
    "settle_truth",
    "soil",
    "write_cases",
    "write_export",
    "write_table",
    "written",
]
