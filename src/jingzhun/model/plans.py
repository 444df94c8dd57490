"""Targets, action plans, milestones, village plans and household measures (一村一计划, 一户一措施)."""

from jingzhun.model.contract import Table, cents, code, date, integer, number_text, quantity, region, text

CHAPTER = "plans"

TARGET = Table(
    "target",
    CHAPTER,
    "目标任务",
    "Target",
    "One row per target and place. A target is a promise, never a result.",
    ("target_no",),
    (
        number_text("target_no", "目标编号", "Target number", required=True),
        code("kind", "目标类别", "Kind of target", "target_kind", required=True),
        integer("year", "目标年度", "Year the target is for", required=True),
        quantity("value", "目标值", "Target value", ""),
        text("unit", "单位", "Unit of the value"),
        text("document", "文件依据", "Document"),
        region(),
    ),
    place="county",
)

ACTION_PLAN = Table(
    "action_plan",
    CHAPTER,
    "行动计划",
    "Action plan or campaign",
    "One row per plan or campaign.",
    ("plan_no",),
    (
        number_text("plan_no", "计划编号", "Plan number", required=True),
        text("name", "计划名称", "Name", required=True),
        code("kind", "计划类别", "Plan or campaign", "plan_kind", required=True),
        integer("year", "年度", "Year", required=True),
        date("starts_on", "开始日期", "First day"),
        date("ends_on", "结束日期", "Last day"),
        region(),
    ),
    place="county",
)

PLAN_ITEM = Table(
    "plan_item",
    CHAPTER,
    "行动计划任务",
    "Item of an action plan",
    "One row per task of a plan.",
    ("item_no",),
    (
        number_text("item_no", "任务编号", "Item number", required=True),
        number_text("plan_no", "计划编号", "Plan number", required=True),
        text("name", "任务名称", "Name", required=True),
        text("owner", "牵头单位", "Owner"),
        date("due_on", "完成时限", "Due"),
        date("done_on", "完成日期", "Done"),
        region(),
    ),
    place="county",
)

MILESTONE = Table(
    "milestone",
    CHAPTER,
    "重要节点",
    "Milestone",
    "One row per dated event of the programme: meetings, arrivals, states reached.",
    ("milestone_no",),
    (
        number_text("milestone_no", "节点编号", "Milestone number", required=True),
        code("kind", "节点类别", "Kind of milestone", "milestone_kind", required=True),
        text("name", "节点名称", "Name", required=True),
        date("planned_on", "计划日期", "Planned"),
        date("occurred_on", "发生日期", "Occurred on"),
        region(),
    ),
    place="county",
)

VILLAGE_PLAN = Table(
    "village_plan",
    CHAPTER,
    "村脱贫计划",
    "Village plan",
    "One row per village plan and year.",
    ("plan_no",),
    (
        number_text("plan_no", "计划编号", "Plan number", required=True),
        integer("year", "年度", "Year", required=True),
        text("title", "计划名称", "Title"),
        date("approved_on", "批准日期", "Approved on"),
        region(),
    ),
    place="village",
)

ASSISTANCE_MEASURE = Table(
    "assistance_measure",
    CHAPTER,
    "帮扶措施",
    "Assistance measure",
    "One row per measure; the measures of a household and year form one set (一户一措施).",
    ("measure_no",),
    (
        number_text("measure_no", "措施编号", "Measure number", required=True),
        number_text("set_no", "措施套编号", "Set the measure belongs to", required=True),
        integer("year", "年度", "Year", required=True),
        number_text("household_code", "户编号", "Household number", required=True),
        code("class", "措施类别", "Class of measure", "measure_type"),
        text("content", "措施内容", "What is done"),
        code("cause", "对应致贫原因", "Cause it answers", "poverty_cause"),
        cents("planned", "计划金额（元）", "Planned amount"),
        date("approved_on", "批准日期", "Approved on"),
        region(),
    ),
    place="village",
)

MEASURE_DELIVERY = Table(
    "measure_delivery",
    CHAPTER,
    "措施落实",
    "Delivery of a measure",
    "One row per delivery.",
    ("delivery_no",),
    (
        number_text("delivery_no", "落实编号", "Delivery number", required=True),
        number_text("measure_no", "措施编号", "Measure number", required=True),
        number_text("household_code", "户编号", "Household number", required=True),
        date("delivered_on", "落实日期", "Delivered on", required=True),
        cents("amount", "落实金额（元）", "Amount"),
        text("confirmed_by", "确认单位", "Confirmed by"),
        region(),
    ),
    place="village",
)

TABLES = (TARGET, ACTION_PLAN, PLAN_ITEM, MILESTONE, VILLAGE_PLAN, ASSISTANCE_MEASURE, MEASURE_DELIVERY)
