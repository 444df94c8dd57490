"""Load a policy pack, look a value up on a day, report every fault of a pack at once."""

from jingzhun.policy.divisions import Divisions, DivisionTree, Found
from jingzhun.policy.load import PackFaults, find_pack, load_pack, read_pack
from jingzhun.policy.pack import NoDesign, NoValue, Pack
from jingzhun.policy.reader import Fault

__all__ = [
    "DivisionTree",
    "Divisions",
    "Fault",
    "Found",
    "NoDesign",
    "NoValue",
    "Pack",
    "PackFaults",
    "find_pack",
    "load_pack",
    "read_pack",
]
