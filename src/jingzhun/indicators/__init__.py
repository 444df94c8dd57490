"""Every figure: numerator, denominator and the rows behind both, for every division at once."""

from jingzhun.indicators.answers import answer_sheet
from jingzhun.indicators.figures import failing, figure_steps
from jingzhun.indicators.rows import MeasureRows, rows_behind

__all__ = ["MeasureRows", "answer_sheet", "failing", "figure_steps", "rows_behind"]
