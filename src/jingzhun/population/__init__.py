"""A synthetic prefecture with known truth, in the departments' own file formats."""

from jingzhun.population.calibration import NoCalibration
from jingzhun.population.generate import GenerationReport, generate, population_faults
from jingzhun.population.identity import NumbersUsedUp
from jingzhun.population.plan import UnknownPlace, WrongSize

__all__ = [
    "GenerationReport",
    "NoCalibration",
    "NumbersUsedUp",
    "UnknownPlace",
    "WrongSize",
    "generate",
    "population_faults",
]
