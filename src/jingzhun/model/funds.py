"""Money: new fiscal capacity, allotments, projects, payments and donations. Amounts are stored in fen."""

from jingzhun.model.contract import Table, cents, code, date, integer, number_text, region, text

CHAPTER = "funds"

FISCAL_CAPACITY = Table(
    "fiscal_capacity",
    CHAPTER,
    "新增财力",
    "New fiscal capacity",
    "One row per place and year.",
    ("capacity_no",),
    (
        number_text("capacity_no", "编号", "Number", required=True),
        integer("year", "年度", "Year", required=True),
        cents("new_capacity", "新增财力（元）", "New fiscal capacity", required=True),
        cents("deep_poverty", "用于深度贫困（元）", "Part used against deep poverty"),
        region(),
    ),
    place="prefecture",
)

FUND_ALLOTMENT = Table(
    "fund_allotment",
    CHAPTER,
    "财政扶贫资金",
    "Fiscal poverty-alleviation fund",
    "One row per allotment document and receiving place.",
    ("allotment_no",),
    (
        number_text("allotment_no", "指标文号", "Allotment number", required=True),
        integer("year", "年度", "Year", required=True),
        code("level", "资金级次", "Level that gives the money", "level", required=True),
        code("kind", "资金类别", "Kind of fund", "fund_kind", required=True),
        cents("amount", "金额（元）", "Amount", required=True),
        date("allotted_on", "下达日期", "Allotted on"),
        region(),
    ),
    place="county",
)

PROJECT = Table(
    "project",
    CHAPTER,
    "项目",
    "Project",
    "One row per project, with the dates it moved from signed to producing.",
    ("project_no",),
    (
        number_text("project_no", "项目编号", "Project number", required=True),
        text("name", "项目名称", "Name", required=True),
        code("kind", "项目类别", "Kind of project", "project_kind"),
        integer("year", "年度", "Year", required=True),
        cents("budget", "预算（元）", "Budget"),
        date("signed_on", "签约日期", "Signed"),
        date("landed_on", "落地日期", "Landed"),
        date("started_on", "开工日期", "Started"),
        date("producing_on", "投产日期", "Producing"),
        region(),
    ),
    place="village",
)

FUND_PAYMENT = Table(
    "fund_payment",
    CHAPTER,
    "资金拨付",
    "Payment",
    "One row per payment from an allotment to a project, village or household.",
    ("payment_no",),
    (
        number_text("payment_no", "拨付编号", "Payment number", required=True),
        number_text("allotment_no", "指标文号", "Allotment number", required=True),
        number_text("project_no", "项目编号", "Project number"),
        number_text("household_code", "户编号", "Household number"),
        cents("amount", "金额（元）", "Amount", required=True),
        date("paid_on", "拨付日期", "Paid on"),
        region(),
    ),
    place="village",
)

DONATION = Table(
    "donation",
    CHAPTER,
    "捐赠",
    "Donation",
    "One row per donation.",
    ("donation_no",),
    (
        number_text("donation_no", "捐赠编号", "Donation number", required=True),
        text("donor", "捐赠方", "Donor", required=True),
        text("recipient", "受赠方", "Recipient"),
        text("purpose", "用途", "Purpose"),
        cents("amount", "金额（元）", "Amount", required=True),
        date("donated_on", "捐赠日期", "Donated on"),
        region(),
    ),
    place="county",
)

TABLES = (FISCAL_CAPACITY, FUND_ALLOTMENT, PROJECT, FUND_PAYMENT, DONATION)
