"""What every measure gives: its value, and by how much each row of the sample moves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""An array of numbers, one for each row of the data unless it is said otherwise."""
Flags = NDArray[np.bool_]
"""An array that says of each row whether something holds."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure of a sample.

    ``value`` is in the measure's own unit (a share is between 0 and 1). ``influence`` has the shape (rows of the whole
    sample,): the linearised measure (Deville 1999), such that the sampling variance of ``value`` is, to first order,
    that of the weighted total of ``influence``. It is zero for rows outside the domain, which stay in the variance;
    ``None`` where no linearisation exists and a bootstrap is needed.
    ``left_out`` counts the rows of the domain that could not be used, by reason.
    """

    value: float
    influence: Floats | None
    left_out: dict[str, int]
