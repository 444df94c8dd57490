"""The third-party evaluation (第三方评估): who was drawn, what the visits found, and how doubtful cases ended.

The first two tables are what a draw leaves and are written by the product; the other three are sent by the evaluators.
A chance of being drawn is kept as two whole numbers, ``chance_part`` of ``chance_whole``, so that it is exact.
"""

from __future__ import annotations

from jingzhun.model.contract import Column, Kind, Table, cents, code, date, flag, integer, number_text, region, text

CHAPTER = "evaluation"
SUBJECTS = "evaluation_subject"
"""Code list of who is asked: exited, still in the register, or outside it."""

SAMPLED_VILLAGE = Table(
    "sampled_village",
    CHAPTER,
    "抽中的村",
    "Sampled village",
    "One row per village drawn, and per village in reserve.",
    ("region_code",),
    (
        region(),
        Column("county_code", Kind.REGION, "所在县", "Its county"),
        text("stratum", "村层", "Stratum of villages", required=True),
        code("role", "样本类别", "Drawn or in reserve", "sample_role", required=True),
        integer("place", "抽样或替换顺序", "Order of the draw, or of replacement"),
        integer("size", "规模度量（农户数）", "Measure of size", "households"),
        integer("chance_part", "入样概率分子", "Chance of being drawn: numerator"),
        integer("chance_whole", "入样概率分母", "Chance of being drawn: denominator"),
        flag("certain", "是否必查", "Drawn with certainty"),
        integer("stratum_villages", "本层村数", "Villages of the stratum", "villages"),
        integer("stratum_drawn", "本层抽中村数", "Villages drawn in the stratum", "villages"),
        integer("exited_persons", "脱贫人口", "Persons who have left the register's poor", "persons"),
        integer("registered_persons", "未脱贫人口", "Persons still poor in the register", "persons"),
        integer("outside_persons", "未建档立卡农村人口", "Rural persons outside the register", "persons"),
        integer("outside_households", "未建档立卡农户", "Rural households outside the register", "households"),
    ),
    delivered=False,
)

SAMPLED_HOUSEHOLD = Table(
    "sampled_household",
    CHAPTER,
    "抽中的户",
    "Sampled household",
    "One row per household drawn, and per household in reserve.",
    ("household_key",),
    (
        text("household_key", "样本户编号", "Number of the household in the sample", required=True),
        region(),
        code("subject", "调查对象", "Who is asked", SUBJECTS, required=True),
        text("stratum", "户层", "Stratum of households within the village", required=True),
        code("role", "样本类别", "Drawn or in reserve", "sample_role", required=True),
        integer("place", "抽样或替换顺序", "Order of the draw, or of replacement"),
        number_text("household_code", "户编号", "Household number, of the registered"),
        number_text("hukou_book", "户口簿号", "Household booklet, of those outside"),
        text("head_name", "户主姓名", "Name of the head"),
        integer("members", "家庭人口数", "Members by the frame", "persons"),
        integer("exit_year", "脱贫年度", "Year of exit"),
        text("groups", "必查群体", "Mandatory groups it belongs to"),
        integer("chance_part", "村内入样概率分子", "Chance of being drawn once the village is: numerator"),
        integer("chance_whole", "村内入样概率分母", "Chance of being drawn once the village is: denominator"),
        flag("certain", "是否必查", "Taken with certainty once the village is"),
    ),
    delivered=False,
)

SURVEY_VISIT = Table(
    "survey_visit",
    CHAPTER,
    "入户调查",
    "Survey visit",
    "One row per household visited, or not found at home.",
    ("visit_no",),
    (
        text("visit_no", "问卷编号", "Number of the questionnaire", required=True),
        text("household_key", "样本户编号", "Number of the household in the sample", required=True),
        region(),
        code("subject", "调查对象", "Who is asked", SUBJECTS, required=True),
        code("outcome", "访问结果", "What became of the visit", "visit_outcome", required=True),
        text("replaces", "替换的样本户", "Household of the sample that it stands in for"),
        code("replace_reason", "替换原因", "Why it was replaced", "replace_reason"),
        date("visited_on", "调查日期", "Visited on"),
        text("visited_by", "调查员", "Visited by"),
        text("respondent", "受访人", "Who answered"),
        integer("members", "共同生活人口数", "Members living together", "persons"),
        cents("net_income_per_head", "人均纯收入（元）", "Net income per head"),
        flag("income_stable", "收入是否稳定", "Income is stable"),
        flag("food", "吃是否不愁", "Food is secure"),
        flag("clothing", "穿是否不愁", "Clothing is secure"),
        flag("education", "义务教育是否有保障", "Compulsory education is secured"),
        flag("medical", "基本医疗是否有保障", "Basic medical care is secured"),
        flag("housing", "住房安全是否有保障", "Safe housing is secured"),
        flag("water", "饮水安全是否有保障", "Safe drinking water is secured"),
        flag("acknowledged", "是否认可", "Approves of the work and its result"),
        flag("satisfied", "对帮扶是否满意", "Satisfied with the help"),
        code("doubt", "疑似问题", "Doubt raised on the spot", "evaluation_doubt"),
        text("note", "情况说明", "What was seen"),
        text("longitude", "经度", "Longitude"),
        text("latitude", "纬度", "Latitude"),
    ),
    place="village",
)

DOUBTFUL_CASE = Table(
    "doubtful_case",
    CHAPTER,
    "疑似问题",
    "Doubtful case",
    "One row per household that may have left wrongly or been left out, with its appeal and the final verdict.",
    ("case_no",),
    (
        text("case_no", "疑点编号", "Number of the case", required=True),
        text("visit_no", "问卷编号", "Number of the questionnaire"),
        text("household_key", "样本户编号", "Number of the household in the sample", required=True),
        region(),
        code("doubt", "疑似问题", "Kind of doubt", "evaluation_doubt", required=True),
        integer("persons", "涉及人口", "Persons concerned", "persons"),
        date("raised_on", "提出日期", "Raised on"),
        text("grounds", "疑点依据", "Grounds"),
        date("sent_on", "反馈地方日期", "Sent to the locality on"),
        date("appealed_on", "申诉日期", "Appealed on"),
        text("appealed_by", "申诉单位", "Appealed by"),
        text("evidence", "举证材料", "Evidence of the appeal"),
        code("verdict", "最终认定", "Final verdict", "evaluation_verdict"),
        date("decided_on", "认定日期", "Decided on"),
        text("decided_by", "认定人", "Decided by"),
        text("reason", "认定理由", "Reasons"),
    ),
    place="village",
)

TABLES = (SAMPLED_VILLAGE, SAMPLED_HOUSEHOLD, SURVEY_VISIT, DOUBTFUL_CASE)
