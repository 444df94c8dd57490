"""Where invented villages lie: townships around the county seat, villages around the middle of their township.

No point is that of a real village. Counties whose seat the pack does not place have villages without coordinates.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from jingzhun.population.plan import CountyPlan
from jingzhun.population.shares import Floats

KM_PER_DEGREE = 111.2
TOWNSHIP_KM = (8.0, 34.0)
"""How far the middle of a township lies from the county seat; the township of the seat itself is the first."""
VILLAGE_KM = 7.0
DIGITS = 5


def village_points(county: CountyPlan, township: int, count: int, rng: np.random.Generator) -> dict[str, pa.Array]:
    """Longitude and latitude of ``count`` villages of a township, as text; nothing where the seat is not known."""
    seat = next((seat for seat in county.plan.pack.seats if seat.region_code == county.code), None)
    if seat is None:
        return {}
    away = 0.0 if township == 0 else rng.uniform(*TOWNSHIP_KM)
    turn = rng.uniform(0, 2 * np.pi)
    east = away * np.cos(turn) + rng.uniform(-VILLAGE_KM, VILLAGE_KM, count)
    north = away * np.sin(turn) + rng.uniform(-VILLAGE_KM, VILLAGE_KM, count)
    per_degree = KM_PER_DEGREE * np.cos(np.radians(seat.latitude))
    return {
        "longitude": _degrees(seat.longitude + east / per_degree),
        "latitude": _degrees(seat.latitude + north / KM_PER_DEGREE),
    }


def _degrees(values: Floats) -> pa.Array:
    return pa.array([f"{value:.{DIGITS}f}" for value in values])
