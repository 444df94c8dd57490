"""A thousand evaluations of an invented prefecture with known truth: is what they say right, and as sure as they say?

For each rate: the true one, the mean of the estimates, their bias in standard errors of that mean, and how often the
interval of 95% holds the truth. The official rates have no interval of their own; Wilson's, as if every person had been
drawn singly, is what they are mostly given. One county is drawn at a time, each in its turn, and the whole prefecture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from benchmarks.evaluation_frame import COUNTIES, Frame, evaluation, frame, in_county, truth
from benchmarks.measure import arguments, report
from jingzhun.evaluation.rates import estimates, official, survey_of
from jingzhun.evaluation.weights import Rules, weigh
from jingzhun.measurement.intervals import wilson
from jingzhun.policy import load_pack

NAMES = {
    "wrong_exit": "wrong-exit rate",
    "omission": "omission rate",
    "omission_surveyed": "omission rate over those asked",
    "approval": "approval",
    "composite": "composite headcount rate",
    "inclusion_error": "inclusion error",
    "exclusion_error": "exclusion error",
}
LEVEL = 0.95


@dataclass
class Track:
    """What was said of one rate: truth, estimates, interval ends."""

    true: list[float] = field(default_factory=list)
    said: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)

    def add(self, true: float, said: float, low: float, high: float, most: float) -> None:
        self.true.append(true)
        self.said.append(said)
        self.low.append(low)
        self.high.append(high)
        self.most.append(most)

    @property
    def off(self) -> npt.NDArray[np.float64]:
        return np.asarray(self.said) - np.asarray(self.true)

    @property
    def bias(self) -> float:
        """The mean error, in standard errors of that mean."""
        return float(self.off.mean() / (self.off.std(ddof=1) / np.sqrt(len(self.off))))

    @property
    def covered(self) -> float:
        """How often the interval holds the truth; NaN where there is none."""
        true, low, high = map(np.asarray, (self.true, self.low, self.high))
        return float("nan") if np.isnan(low).all() else float(np.mean((low <= true) & (true <= high)))

    def told(self) -> str:
        true, said, low, high, most = map(np.asarray, (self.true, self.said, self.low, self.high, self.most))
        told = f"true {true.mean():.3%}, mean {said.mean():.3%}, bias {self.bias:+.1f} SE"
        if np.isnan(low).all():
            return told
        bounded = "" if np.isnan(most).all() else f"; upper bound holds {np.mean(true <= most):.1%}"
        return f"{told}; 95% covers {self.covered:.1%}, width {np.mean(high - low):.2%}{bounded}"


def main() -> None:
    parser = arguments(__doc__ or "")
    parser.add_argument("--evaluations", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2018)
    chosen = parser.parse_args()
    whole = frame(chosen.seed)
    counties = [in_county(whole, number) for number in range(COUNTIES)]
    figures: list[dict[str, object]] = []
    for name, choose in (
        ("a county", lambda turn: counties[turn % COUNTIES]),
        ("the prefecture", lambda turn: whole),
    ):
        figures += _figures(name, tracked(choose, chosen.evaluations, chosen.seed))
    report("python -m benchmarks.evaluation_coverage", figures, chosen.record)


def tracked(choose: Callable[[int], Frame], times: int, seed: int) -> dict[tuple[str, str], Track]:
    """What ``times`` evaluations say, by rate and by whose rule."""
    pack = load_pack("luliang_2018")
    day = pack.example_day

    def number(name: str) -> float:
        return float(pack.number(name, day))

    rules = Rules(
        int(number("evaluation_response_answers_min")),
        int(number("evaluation_margin_answers_min")),
        number("evaluation_weight_ratio_min"),
        number("evaluation_weight_ratio_max"),
    )
    effect = number("evaluation_design_effect")
    tracks: dict[tuple[str, str], Track] = {}
    for turn in range(times):
        of = choose(turn)
        for rate, rule, *numbers in _said(of, np.random.default_rng([seed, turn]), rules, effect):
            tracks.setdefault((rate, rule), Track()).add(*numbers)
    return tracks


def _said(
    of: Frame, draw: np.random.Generator, rules: Rules, effect: float
) -> Iterator[tuple[str, str, float, float, float, float, float]]:
    places, answers, margins, known = evaluation(of, draw)
    survey = survey_of(places, answers, weigh(places, rules, margins), LEVEL, effect)
    everywhere = np.ones(places.count, np.bool_)
    true = truth(of)
    true["omission_surveyed"] = true["omission"]
    for name, count in official(survey, known, everywhere).items():
        if count.rate is None:
            continue
        low, high = wilson(count.rate, count.below) if name != "composite" else (np.nan, np.nan)
        yield name, "official", true[name], count.rate, low, high, np.nan
    for name, found in estimates(survey, known, everywhere).items():
        ends = (np.nan if end is None else end for end in (found.low, found.high, found.most))
        yield name, "from the design", true[name], found.rate, *ends


def _figures(where: str, tracks: dict[tuple[str, str], Track]) -> Iterator[dict[str, object]]:
    for (rate, rule), track in tracks.items():
        target = "95% covers 93% – 97%" if rule == "from the design" else "as it is"
        yield {"name": f"{where}: {NAMES[rate]}, {rule}", "measured": track.told(), "target": target}


if __name__ == "__main__":
    main()
