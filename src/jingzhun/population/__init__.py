"""A synthetic prefecture with known truth, in the departments' own file formats."""

from jingzhun.population.calibration import NoCalibration
from jingzhun.population.generate import GenerationReport, generate, population_faults
from jingzhun.population.plan import UnknownPlace

__all__ = ["GenerationReport", "NoCalibration", "UnknownPlace", "generate", "population_faults"]
