"""How the figures were worked out, in sentences for the page of methods."""

from __future__ import annotations

from collections.abc import Iterator

from jingzhun.evaluation.rates import Survey
from jingzhun.evaluation.weights import Rules
from jingzhun.model.message import Message


def methods(survey: Survey, rules: Rules, seed: str) -> tuple[Message, ...]:
    """Draw, weights, calibration, variance, intervals and bounds, with the numbers that were used."""
    return tuple(Message(f"method_{at}", *said) for at, said in enumerate(_said(survey, rules, seed), start=1))


def _said(survey: Survey, rules: Rules, seed: str) -> Iterator[tuple[str, str]]:
    yield (
        f"抽样：种子 {seed}；同一快照、同一种子得到同一样本。先按层、按规模抽村，再在村内按调查对象分层抽户。",
        f"Draw: seed {seed}; the same snapshot and seed give the same sample. Villages by stratum and size, then "
        "households by subject within each.",
    )
    yield (
        "设计权重 d = 1 ÷（村入样概率 × 村内入样概率）。替换户占被替换户的位置，用其权重。",
        "Design weight d = 1 / (chance of the village × chance within it). A replacement takes the place, and the "
        "weight, of the household it stands in for.",
    )
    yield (
        f"无应答调整：村层 × 调查对象为一格，w = d × 应访户权重 ÷ 完成户权重；一格完成不足 {rules.answers_min} 户时"
        "与同县下一层合并，再不足与下一县合并。查无此户、销户的不算无应答，也不代表别人。",
        "Non-response: within a stratum of villages and subject, w = d × weight of those to be asked / weight of those "
        f"who answered; a cell with fewer than {rules.answers_min} answers is joined with the next stratum of its "
        "county, then with the next county. Households that do not exist are neither refusals nor anybody's.",
    )
    yield (
        f"校准：按县使脱贫人口分年度、各类人口分贫困村与非贫困村等于登记册和全员人口的合计（有界线性法，Deville & "
        f"Särndal 1992，倍数 {rules.ratio_min:g} 至 {rules.ratio_max:g}）；一项完成不足 {rules.margin_answers_min} 户时"
        "与下一项合并；达不到合计时不出结果。",
        "Calibration: by county, to the exited persons by year and to all persons by subject and kind of village, as "
        "the register and the roster count them (bounded linear, Deville & Särndal 1992, ratios "
        f"{rules.ratio_min:g} to {rules.ratio_max:g}); a total with fewer than {rules.margin_answers_min} answers is "
        "joined with the next; "
        "where the totals cannot be met there is no result.",
    )
    yield (
        "方差：两阶段分层，村为不等概不放回（Brewer 2002），户为村内简单随机，均有有限总体校正；用校准残差（GREG "
        "线性化）。必查村不带来抽样误差，其户为第一阶段。",
        "Variance: two stages, stratified; villages with unequal chances without replacement (Brewer 2002), households "
        "singly within them, both with finite population corrections; of the residuals of calibration (GREG, "
        "linearised). Villages taken with certainty add none, their households are then the first stage.",
    )
    yield (
        f"区间：{survey.level:.0%} Korn–Graubard（1998）：以有效样本量做 Clopper–Pearson；有效样本量不超过户数 ÷ Kish "
        f"权重系数，一例也没有发现时再除以假定的设计效应 {survey.design_effect:g}。综合贫困发生率由两率的区间合成"
        "（MOVER，Zou & Donner 2008）。",
        f"Intervals: {survey.level:.0%} Korn and Graubard (1998), Clopper and Pearson's at the effective size, which "
        "is at most the households over Kish's factor of their weights and, where nothing was found, that over an "
        f"assumed design effect of {survey.design_effect:g}. That of the composite rate is put together from both "
        "rates' (MOVER, Zou and Donner 2008).",
    )
    yield (
        "判定：官方规则只比较点估计；单侧上界（认可度为下界）说明样本是否足以支持。没有最终认定的疑点不计入，另列若全部"
        "属实的结果。",
        "Verdict: the official rule compares the point estimate; the one-sided upper bound (lower for approval) says "
        "whether the sample bears it out. Cases without a final verdict do not count; what they could change is shown "
        "apart.",
    )
