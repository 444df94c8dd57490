"""The register held against every other department's data, and against itself: leads with evidence, never verdicts."""

from jingzhun.comparison.compare import Compared, compare
from jingzhun.comparison.leads import failing
from jingzhun.comparison.link import link, link_within
from jingzhun.comparison.outcome import OutcomeTally, outcomes, tallies, told
from jingzhun.comparison.plan import Plan
from jingzhun.comparison.sources import ABSENT, REFUSED, USED, Standing, beyond, refusals

__all__ = [
    "ABSENT",
    "REFUSED",
    "USED",
    "Compared",
    "OutcomeTally",
    "Plan",
    "Standing",
    "beyond",
    "compare",
    "failing",
    "link",
    "link_within",
    "outcomes",
    "refusals",
    "tallies",
    "told",
]
