"""The programmes: ecology, industry, relocation, training, photovoltaic, credit, health, education."""

from jingzhun.model.contract import (
    Table,
    cents,
    code,
    date,
    flag,
    identity,
    integer,
    number_text,
    quantity,
    region,
    text,
)

CHAPTER = "programmes"

AFFORESTATION = Table(
    "afforestation",
    CHAPTER,
    "造林地块",
    "Afforestation plot",
    "One row per plot and year.",
    ("plot_no",),
    (
        number_text("plot_no", "小班编号", "Plot number", required=True),
        code("kind", "造林类别", "Kind of afforestation", "afforestation_kind", required=True),
        integer("year", "年度", "Year", required=True),
        quantity("area_mu", "面积（亩）", "Area", "mu", required=True),
        number_text("cooperative_code", "合作社编号", "Co-operative that planted it"),
        date("accepted_on", "验收日期", "Accepted on"),
        region(),
    ),
    place="township",
)

COOPERATIVE = Table(
    "cooperative",
    CHAPTER,
    "合作社",
    "Co-operative",
    "One row per co-operative.",
    ("cooperative_code",),
    (
        number_text("cooperative_code", "合作社编号", "Co-operative number", required=True),
        text("name", "合作社名称", "Name", required=True),
        code("kind", "合作社类别", "Kind of co-operative", "cooperative_kind", required=True),
        date("founded_on", "成立日期", "Founded on"),
        region(),
    ),
    place="township",
)

COOPERATIVE_MEMBER = Table(
    "cooperative_member",
    CHAPTER,
    "合作社社员",
    "Member of a co-operative",
    "One row per member, co-operative and year, with what the member earned there.",
    ("membership_no",),
    (
        number_text("membership_no", "社员编号", "Membership number", required=True),
        number_text("cooperative_code", "合作社编号", "Co-operative number", required=True),
        code("cooperative_kind", "合作社类别", "Kind of co-operative", "cooperative_kind"),
        integer("year", "年度", "Year", required=True),
        text("name", "姓名", "Name"),
        number_text("household_code", "户编号", "Household number"),
        flag("poor", "是否贫困社员", "Member of a registered household"),
        cents("wage", "劳务收入（元）", "Wages"),
        cents("dividend", "分红收入（元）", "Dividends"),
        region(),
    ),
    place="village",
)

COUNTY_INDUSTRY = Table(
    "county_industry",
    CHAPTER,
    "一县一业",
    "County industry",
    "One row per county and leading industry it is named for.",
    ("region_code", "industry"),
    (
        region(),
        text("industry", "主导产业", "Industry", required=True),
        date("named_on", "确定日期", "Named on"),
    ),
    place="county",
)

FAIR = Table(
    "fair",
    CHAPTER,
    "展销会",
    "Fair",
    "One row per fair held.",
    ("fair_no",),
    (
        number_text("fair_no", "展会编号", "Fair number", required=True),
        text("name", "展会名称", "Name", required=True),
        date("held_on", "举办日期", "First day", required=True),
        region(),
    ),
    place="prefecture",
)

AGREEMENT = Table(
    "agreement",
    CHAPTER,
    "签约协议",
    "Agreement",
    "One row per investment or trade agreement signed.",
    ("agreement_no",),
    (
        number_text("agreement_no", "协议编号", "Agreement number", required=True),
        code("kind", "协议类别", "Kind of agreement", "agreement_kind", required=True),
        number_text("fair_no", "展会编号", "Fair where it was signed"),
        text("partner", "签约方", "Partner"),
        cents("amount", "协议金额（元）", "Amount", required=True),
        date("signed_on", "签约日期", "Signed on", required=True),
        date("landed_on", "落地日期", "Landed on"),
        date("started_on", "开工日期", "Started on"),
        date("producing_on", "投产日期", "Producing since"),
        region(),
    ),
    place="county",
)

RELOCATION_SITE = Table(
    "relocation_site",
    CHAPTER,
    "搬迁安置点",
    "Resettlement site",
    "One row per planned site.",
    ("site_no",),
    (
        number_text("site_no", "安置点编号", "Site number", required=True),
        text("name", "安置点名称", "Name", required=True),
        date("started_on", "开工日期", "Started on"),
        date("completed_on", "竣工日期", "Completed on"),
        date("services_on", "公共服务配套完成日期", "Public services complete on"),
        date("industry_on", "产业配套完成日期", "Industry complete on"),
        region(),
    ),
    place="township",
)

RELOCATION_HOUSEHOLD = Table(
    "relocation_household",
    CHAPTER,
    "搬迁户",
    "Relocated household",
    "One row per household in the relocation plan.",
    ("household_code",),
    (
        number_text("household_code", "户编号", "Household number", required=True),
        number_text("site_no", "安置点编号", "Site number"),
        code("mode", "安置方式", "Mode", "relocation_mode"),
        integer("persons", "搬迁人数", "Persons planned", "persons", required=True),
        integer("planned_year", "计划年度", "Year planned"),
        date("moved_on", "入住日期", "Moved in on"),
        region(),
    ),
    place="village",
)

LAND_RECLAMATION = Table(
    "land_reclamation",
    CHAPTER,
    "复垦地块",
    "Parcel to reclaim",
    "One row per parcel of old homesteads filed for reclamation.",
    ("parcel_no",),
    (
        number_text("parcel_no", "地块编号", "Parcel number", required=True),
        quantity("filed_mu", "报批面积（亩）", "Area filed", "mu", required=True),
        quantity("reclaimed_mu", "已复垦面积（亩）", "Area reclaimed", "mu"),
        date("filed_on", "报批日期", "Filed on"),
        date("reclaimed_on", "复垦验收日期", "Reclaimed on"),
        region(),
    ),
    place="village",
)

TRAINING_BASE = Table(
    "training_base",
    CHAPTER,
    "培训基地",
    "Training base",
    "One row per base.",
    ("base_no",),
    (
        number_text("base_no", "基地编号", "Base number", required=True),
        text("name", "基地名称", "Name", required=True),
        date("opened_on", "设立日期", "Opened on"),
        region(),
    ),
    place="county",
)

LIAISON_OFFICE = Table(
    "liaison_office",
    CHAPTER,
    "就业联络部",
    "Job liaison office",
    "One row per office in a city that employs trainees.",
    ("office_no",),
    (
        number_text("office_no", "联络部编号", "Office number", required=True),
        text("city", "所在城市", "City", required=True),
        date("opened_on", "设立日期", "Opened on"),
        region(),
    ),
    place="prefecture",
)

TRAINING_ROUND = Table(
    "training_round",
    CHAPTER,
    "培训期",
    "Training round",
    "One row per round.",
    ("round_no",),
    (
        number_text("round_no", "期次", "Round number", required=True),
        integer("year", "年度", "Year", required=True),
        text("trade", "工种", "Trade"),
        date("starts_on", "开班日期", "First day"),
        date("ends_on", "结业日期", "Last day"),
        region(),
    ),
    place="prefecture",
)

TRAINEE = Table(
    "trainee",
    CHAPTER,
    "培训学员",
    "Trainee",
    "One row per person and round; employment counts to the round (the cohort) it followed.",
    ("trainee_no",),
    (
        number_text("trainee_no", "学员编号", "Trainee number", required=True),
        number_text("round_no", "期次", "Round number", required=True),
        integer("year", "年度", "Year of the round", required=True),
        text("name", "姓名", "Name", required=True),
        identity("id_number", "身份证号", "Identity number"),
        flag("employed", "是否就业", "Employed after the round"),
        date("employed_on", "就业日期", "Employed on"),
        text("work_city", "就业城市", "City of work"),
        cents("monthly_income", "月收入（元）", "Monthly income"),
        region(),
    ),
    place="county",
)

PV_STATION = Table(
    "pv_station",
    CHAPTER,
    "光伏电站",
    "Photovoltaic station",
    "One row per station.",
    ("station_no",),
    (
        number_text("station_no", "电站编号", "Station number", required=True),
        code("kind", "电站类型", "Kind of station", "pv_kind", required=True),
        quantity("capacity_kw", "装机容量（千瓦）", "Capacity", "kW", required=True),
        date("grid_on", "并网日期", "On the grid since"),
        region(),
    ),
    place="township",
)

PV_VILLAGE = Table(
    "pv_village",
    CHAPTER,
    "光伏受益村",
    "Village benefiting from a station",
    "One row per station and village.",
    ("station_no", "region_code"),
    (
        number_text("station_no", "电站编号", "Station number", required=True),
        flag("poor_village", "是否贫困村", "Poor village"),
        region(),
    ),
    place="village",
)

PV_HOUSEHOLD = Table(
    "pv_household",
    CHAPTER,
    "光伏受益户",
    "Household benefiting from a station",
    "One row per station, household and year.",
    ("station_no", "household_code", "year"),
    (
        number_text("station_no", "电站编号", "Station number", required=True),
        number_text("household_code", "户编号", "Household number", required=True),
        integer("year", "年度", "Year", required=True),
        cents("amount", "收益金额（元）", "Income paid"),
        region(),
    ),
    place="village",
)

LOAN = Table(
    "loan",
    CHAPTER,
    "扶贫贷款",
    "Poverty-alleviation loan",
    "One row per loan.",
    ("loan_no",),
    (
        number_text("loan_no", "贷款编号", "Loan number", required=True),
        code("kind", "贷款类别", "Kind of loan", "loan_kind", required=True),
        number_text("household_code", "户编号", "Household number"),
        number_text("enterprise_code", "企业编号", "Enterprise number"),
        flag("used_by_enterprise", "是否户贷企用", "Borrowed by the household, used by a firm"),
        cents("amount", "贷款金额（元）", "Amount", required=True),
        date("issued_on", "发放日期", "Issued on", required=True),
        date("due_on", "到期日期", "Due on"),
        text("bank", "承贷银行", "Bank"),
        region(),
    ),
    place="village",
)

TREATMENT = Table(
    "treatment",
    CHAPTER,
    "分类救治",
    "Classified treatment",
    "One row per registered sick person and year.",
    ("treatment_no",),
    (
        number_text("treatment_no", "救治编号", "Treatment number", required=True),
        integer("year", "年度", "Year", required=True),
        identity("id_number", "证件号码", "Identity number"),
        number_text("household_code", "户编号", "Household number"),
        code("illness", "病种类别", "Class of illness", "illness_class", required=True),
        flag("treated", "是否已救治", "Treated"),
        date("treated_on", "救治日期", "Treated on"),
        text("hospital", "救治医院", "Hospital"),
        region(),
    ),
    place="village",
)

SETTLEMENT = Table(
    "settlement",
    CHAPTER,
    "一站式结算",
    "One-stop settlement",
    "One row per hospital visit settled.",
    ("settlement_no",),
    (
        number_text("settlement_no", "结算编号", "Settlement number", required=True),
        identity("id_number", "证件号码", "Identity number"),
        text("hospital", "医院", "Hospital"),
        flag("pay_after", "是否先诊疗后付费", "Treated before paying"),
        flag("one_stop", "是否一站式结算", "Settled at one desk"),
        cents("total", "医疗总费用（元）", "Total cost"),
        cents("reimbursed", "报销金额（元）", "Reimbursed"),
        cents("self_paid", "个人自付（元）", "Self-paid"),
        date("settled_on", "结算日期", "Settled on", required=True),
        region(),
    ),
    place="county",
)

EDUCATION_AID = Table(
    "education_aid",
    CHAPTER,
    "教育资助",
    "Education aid",
    "One row per grant to a pupil or student.",
    ("aid_no",),
    (
        number_text("aid_no", "资助编号", "Grant number", required=True),
        text("student", "学生姓名", "Student"),
        code("stage", "学段", "Stage", "school_stage", required=True),
        text("term", "学期", "Term"),
        cents("amount", "资助金额（元）", "Amount", required=True),
        date("paid_on", "发放日期", "Paid on", required=True),
        region(),
    ),
    place="county",
)

FACILITY = Table(
    "facility",
    CHAPTER,
    "基础设施",
    "Facility",
    "One row per facility works in a village.",
    ("facility_no",),
    (
        number_text("facility_no", "设施编号", "Facility number", required=True),
        code("kind", "设施类别", "Kind of facility", "facility_kind", required=True),
        text("name", "设施名称", "Name"),
        date("started_on", "开工日期", "Started on"),
        date("completed_on", "完工日期", "Completed on"),
        region(),
    ),
    place="village",
)

TABLES = (
    AFFORESTATION,
    COOPERATIVE,
    COOPERATIVE_MEMBER,
    COUNTY_INDUSTRY,
    FAIR,
    AGREEMENT,
    RELOCATION_SITE,
    RELOCATION_HOUSEHOLD,
    LAND_RECLAMATION,
    TRAINING_BASE,
    LIAISON_OFFICE,
    TRAINING_ROUND,
    TRAINEE,
    PV_STATION,
    PV_VILLAGE,
    PV_HOUSEHOLD,
    LOAN,
    TREATMENT,
    SETTLEMENT,
    EDUCATION_AID,
    FACILITY,
)
