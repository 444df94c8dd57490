"""Standards of multidimensional poverty as pack data: what counts as lacking, how much it weighs, who is poor."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field

from jingzhun.engine.expression import Names
from jingzhun.model import TABLES
from jingzhun.policy.schema import Identifier, Labelled, Mark, Part

Share = Annotated[str, Field(pattern=r"^[0-9]{1,6}(/[1-9][0-9]{0,5}|\.[0-9]{1,6})?$")]
"""A weight or cut-off as an exact number: ``1/6``, ``0.25`` or ``2``."""


class Deprivation(Part):
    """One indicator of a standard. ``deprived`` is true where the row lacks it, unknown where that is not known."""

    id: Identifier
    zh: str
    en: str
    weight: Share
    deprived: str


class DeprivationStandard(Labelled):
    """``deprivation/*.yaml``: the indicators, weights and cut-offs of a measure of multidimensional poverty.

    Expressions read the columns of ``table``, a contract, or the yes-or-no ``columns`` that are named here for data
    from elsewhere. Cut-offs are in the unit of the weights; the first is the one that is meant where one is wanted.
    """

    source: str
    mark: Mark = "unverified"
    table: str = ""
    columns: tuple[Identifier, ...] = ()
    cut_offs: tuple[Share, ...]
    missing: Literal["drop", "reweight"] = "drop"
    """What becomes of a row of which an indicator is not known: left out, or judged by the others."""
    indicators: tuple[Deprivation, ...]

    @property
    def names(self) -> Names:
        """What the expressions may read."""
        own = {column.name: column.sql_type for column in TABLES[self.table].all_columns} if self.table else {}
        return Names(own | dict.fromkeys(self.columns, "BOOLEAN"))

    @property
    def total(self) -> Fraction:
        return sum((Fraction(one.weight) for one in self.indicators), Fraction(0))

    def arguments(self) -> dict[str, Any]:
        """The standard as a request for estimates writes it out."""
        return {
            "indicators": {one.id: one.deprived for one in self.indicators},
            "weights": {one.id: one.weight for one in self.indicators},
            "k": list(self.cut_offs),
            "missing": self.missing,
        }
