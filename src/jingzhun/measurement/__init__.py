"""Poverty, multidimensional and survey statistics: estimates from a sample or a register, with honest intervals.

A measure is worked out in two halves. What it says of the rows, and by how much each row moves it (``Measured``), is
the measure's own business; how far the sample may have been off is the design's (strata, clusters, weights), which
needs nothing of a measure but that influence.
"""

from jingzhun.measurement.fault import NotMeasurable

__all__ = ["NotMeasurable"]
