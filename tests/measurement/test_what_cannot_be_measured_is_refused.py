"""Bad input ends in one sentence in both languages that names the argument, the rows and what to do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from jingzhun.measurement.fault import NotMeasurable
from jingzhun.measurement.inequality import gini, mean_log_deviation, quintile_share_ratio
from jingzhun.measurement.poverty import (
    at_risk_rate,
    fgt,
    given_line,
    mean_line,
    median_line,
    median_of_poor,
    poverty_gap,
    relative_median_gap,
    watts,
)
from jingzhun.measurement.quantiles import quantile

Y, W = [100.0, 200.0, 300.0], [1.0, 1.0, 1.0]
NOBODY = np.zeros(3, np.bool_)

REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "negative weights": (lambda: gini(Y, [1, -1, -2]), "weights：2 行", "weights: 2 rows"),
    "missing weights": (lambda: gini(Y, [1, None, 1]), "行 1，", "rows 1,"),
    "no weights": (lambda: gini([], []), "weights：", "at least one row"),
    "all weights zero": (lambda: gini(Y, [0, 0, 0]), "y：没有可用的行", "y: no row can be used"),
    "weights that are words": (
        lambda: gini(Y, ["a", "b", "c"]),
        "weights：3 行不是数",
        "weights: 3 rows are no numbers",
    ),
    "incomes that are words": (lambda: gini(["a", 2, "c"], W), "行 0、2，", "y: 2 rows are no numbers (rows 0, 2,"),
    "fewer incomes": (lambda: gini(Y[:2], W), "y：有 2 个值，权重有 3 个", "y: 2 values for 3 weights"),
    "a table of incomes": (lambda: gini([Y, Y, Y], W), "y：有 9 个值", "y: 9 values"),
    "a shorter domain": (lambda: gini(Y, W, NOBODY[:2]), "domain：有 2", "domain: 2 values"),
    "a domain of row numbers": (lambda: gini(Y, W, np.array([0, 1, 2])), "domain：", "domain: give true or false"),
    "an empty domain": (lambda: fgt(Y, W, given_line(1, 3), domain=NOBODY), "0 行在范围内", "0 rows are in the domain"),
    "no income known": (lambda: fgt([np.nan] * 3, W, given_line(1, 3)), "未用 3 行", "3 of them"),
    "lines of other rows": (lambda: fgt(Y, W, given_line(150, 4)), "line：有 4 个值", "line: 4 values"),
    "a line for some": (lambda: given_line([150, 150], 3), "line：有 2 个值", "line: 2 values"),
    "a missing line": (lambda: given_line([150, np.nan, 150], 3), "line：1 行", "line: 1 rows"),
    "a line of zero": (lambda: given_line(0, 3), "line：3 行", "line: 3 rows"),
    "a line that is a word": (lambda: given_line("poor", 3), "line：", "line: there are values"),
    "a share below zero": (lambda: median_line(Y, W, -0.6), "line：-0.6", "line: -0.6"),
    "a median of zero": (lambda: median_line([0, 0, 5], W, 0.6), "收入是否全为 0", "are all incomes 0"),
    "a mean of zero": (lambda: mean_line([0, 0, 0], W, 0.6), "收入是否全为 0", "are all incomes 0"),
    "a rate without income": (lambda: at_risk_rate([0, 0, 0], W), "收入是否全为 0", "are all incomes 0"),
    "a power below zero": (lambda: fgt(Y, W, given_line(150, 3), -1), "alpha：-1", "alpha: -1"),
    "a power that is none": (lambda: fgt(Y, W, given_line(150, 3), float("nan")), "alpha：nan", "alpha: nan"),
    "gini of nothing": (lambda: gini([0, 0, 0], W), "没有基尼系数", "no Gini"),
    "an unknown form": (lambda: gini(Y, W, form="other"), "form：", "use standard or convey"),  # type: ignore[arg-type]
    "fifths of nothing": (lambda: quintile_share_ratio([0, 0, 0], W), "最低五分之一", "the lowest fifth"),
    "logarithms of nothing": (lambda: mean_log_deviation([0, 0, 0], W), "未用 3 行", "3 of them"),
    "watts of nothing": (lambda: watts([0, -1, 0], W, given_line(1, 3)), "未用 3 行", "3 of them"),
    "nobody poor": (lambda: median_of_poor(Y, W, given_line(50, 3)), "线下没有人", "nobody is below"),
    "several lines": (
        lambda: relative_median_gap(Y, W, given_line([1, 2, 3], 3)),
        "同一条线",
        "one line for everybody",
    ),
    "a quantile above one": (lambda: quantile(Y, W, 1.5), "p：1.5", "p: 1.5"),
    "gaps of words": (lambda: poverty_gap(["x", "y", "z"], W, given_line(1, 3)), "y：3 行不是数", "y: 3 rows are no"),
}


@pytest.mark.parametrize(("ask", "zh", "en"), [pytest.param(*case, id=name) for name, case in REFUSED.items()])
def test_it_is_refused_in_a_sentence(ask: Callable[[], object], zh: str, en: str) -> None:
    with pytest.raises(NotMeasurable) as refusal:
        ask()
    assert zh in refusal.value.zh
    assert en in refusal.value.en
    assert "\n" not in str(refusal.value)


def test_a_message_names_the_first_rows_and_counts_all() -> None:
    with pytest.raises(NotMeasurable) as refusal:
        gini(np.ones(5000), -np.ones(5000))
    assert "5,000 行" in refusal.value.zh
    assert "rows 0, 1, 2, 3, 4 …" in refusal.value.en
