"""The rates of the third-party evaluation as a pack defines them: what is divided by what, and which limit holds."""

from __future__ import annotations

from typing import Literal

from jingzhun.policy.schema import Labelled, Mark, Part


class RateWording(Part):
    """What a rate divides by what, in words, and who says so."""

    above_zh: str
    above_en: str
    below_zh: str
    below_en: str
    source: str
    mark: Mark = "unverified"


class Rate(Labelled):
    """``evaluation/rates.yaml``: one rate, its official readings, the first of which is judged, and ours.

    ``limit`` names the parameter that the rate must stay ``below`` or ``above``; a rate without one is not judged.
    """

    limit: str = ""
    wants: Literal["below", "above"] = "below"
    official: tuple[RateWording, ...] = ()
    design: RateWording
