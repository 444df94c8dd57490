"""What the product itself writes down: policy laid out as rows, deliveries, exit tests, flows and figures."""

from jingzhun.model.contract import Column, Kind, Table, cents, date, flag, integer, region, text

CHAPTER = "results"


POLICY_ITEM = Table(
    "policy_item",
    CHAPTER,
    "政策条目",
    "Policy item",
    "One row per item of a scheme of the pack in force on the as-of date: procedure steps, guarantees, components.",
    ("scheme", "item"),
    (
        text("scheme", "方案", "Scheme, such as identification or five_haves", required=True),
        text("item", "条目", "Item", required=True),
        text("kind", "类别", "Kind of item within the scheme"),
        integer("ordinal", "序号", "Order"),
        text("zh", "名称", "Chinese name"),
        text("en", "英文名称", "English name"),
        text("source", "来源", "Source"),
        text("file", "文件", "File of the pack"),
        region(),
    ),
    delivered=False,
    inherited=True,
)

SOURCE_FILE = Table(
    "source_file",
    CHAPTER,
    "来源文件",
    "Delivered file",
    "One row per file taken in; origin_file of every delivered row points here.",
    ("file_no",),
    (
        integer("file_no", "文件序号", "Number of the file in this snapshot", required=True),
        text("file", "文件名", "Name as delivered", required=True),
        text("sha256", "哈希", "SHA-256 of the original bytes", required=True),
        integer("bytes", "字节数", "Size"),
        text("layouts", "版式", "Layouts recognised in it"),
        integer("rows", "数据行数", "Data rows"),
        integer("accepted", "接收", "Accepted"),
        integer("warned", "带提示接收", "Accepted with warning"),
        integer("quarantined", "待核", "Quarantined"),
        integer("rejected", "拒收", "Rejected"),
        integer("ignored", "忽略", "Ignored and listed"),
        text("returned", "退回工作簿", "Workbook of its refused rows, in the folder of the store"),
    ),
    delivered=False,
)

SOURCE_COLUMN = Table(
    "source_column",
    CHAPTER,
    "来源列",
    "Column of a delivered sheet",
    "One row per sheet and field: the column that held it, so that a value can be shown by its cell.",
    ("file_no", "sheet", "field"),
    (
        integer("file_no", "文件序号", "Number of the file in this snapshot", required=True),
        text("sheet", "工作表", "Sheet", required=True),
        text("field", "字段", "table.column", required=True),
        text("letters", "列", "Column as the spreadsheet program shows it", required=True),
    ),
    delivered=False,
)

INTAKE_PROBLEM = Table(
    "intake_problem",
    CHAPTER,
    "接收问题",
    "Problem met while taking a file in",
    "One row per cell or row that was not simply accepted, with what became of it and why.",
    ("file_no", "sheet", "row", "cell", "field"),
    (
        integer("file_no", "文件序号", "Number of the file in this snapshot", required=True),
        text("sheet", "工作表", "Sheet"),
        integer("row", "行号", "Row as the spreadsheet program shows it"),
        text("cell", "单元格", "Cell"),
        text("field", "字段", "Field"),
        text("value", "原值", "Value as delivered"),
        text("outcome", "处理结果", "warned, quarantined, rejected or ignored"),
        text("message", "说明", "Why, in Chinese"),
        text("message_en", "英文说明", "Why, in English"),
    ),
    delivered=False,
)

SUPERSEDED = Table(
    "superseded",
    CHAPTER,
    "被后续报送替代的行",
    "Rows replaced by a later delivery",
    "One row per delivered row that did not become a row of its own, and the row that counts instead.",
    ("table_name", "row_key", "origin_file", "origin_sheet", "origin_row"),
    (
        text("table_name", "表", "Table", required=True),
        text("row_key", "主键", "Key of the row", required=True),
        integer("origin_file", "来源文件", "Source file"),
        text("origin_sheet", "来源工作表", "Source sheet"),
        integer("origin_row", "来源行号", "Source row"),
        integer("by_file", "替代文件", "File of the row that counts"),
        integer("by_row", "替代行号", "Row that counts"),
        flag("identical", "内容相同", "Both rows say the same"),
    ),
    delivered=False,
)

MERGED_ROW = Table(
    "merged_row",
    CHAPTER,
    "合并的来源行",
    "Delivered rows that make up one row together",
    "One row per delivered row that stands for a register row beside others of other layouts, and the columns it gave.",
    ("table_name", "row_key", "origin_file", "origin_sheet", "origin_row"),
    (
        text("table_name", "表", "Table", required=True),
        text("row_key", "主键", "Key of the row", required=True),
        integer("origin_file", "来源文件", "Source file"),
        text("origin_sheet", "来源工作表", "Source sheet"),
        integer("origin_row", "来源行号", "Source row"),
        text("gave", "提供的列", "Columns whose value counts, by name"),
    ),
    delivered=False,
)

HOUSEHOLD_FACTS = Table(
    "household_facts",
    CHAPTER,
    "户退出事实",
    "Facts for a household's exit",
    "One row per registered household of the data year: all that its exit test looks at.",
    ("household_code",),
    (
        text("household_code", "户编号", "Household number", required=True),
        region(),
        text("exit_status", "脱贫属性", "Exit status"),
        integer("members", "在册人数", "Registered members", "persons"),
        cents("net_income_per_head", "人均纯收入", "Net income per head"),
        flag("food", "吃不愁", "Food is secure"),
        flag("clothing", "穿不愁", "Clothing is secure"),
        flag("education", "义务教育", "Compulsory education is secured"),
        flag("medical", "基本医疗", "Basic medical care is secured"),
        flag("housing", "住房安全", "Safe housing"),
        flag("water", "饮水安全", "Safe drinking water"),
        flag("acknowledged", "户主认可", "Acknowledged by the household"),
    ),
    delivered=False,
)

VILLAGE_FACTS = Table(
    "village_facts",
    CHAPTER,
    "村退出事实",
    "Facts for a village's exit",
    "One row per administrative village on the as-of date.",
    ("region_code",),
    (
        region(),
        text("attribute", "村属性", "Poor or not poor village"),
        flag("exited", "是否出列", "Officially exited"),
        integer("poor_persons", "贫困人口", "Poor persons left", "persons"),
        integer("rural_persons", "农业户籍人口", "Persons with agricultural registration", "persons"),
        flag("road_hardened", "硬化路", "Hardened road"),
        flag("bus", "客运班车", "Passenger bus"),
        flag("broadband", "光纤宽带", "Fibre broadband"),
        flag("clinic_qualified", "卫生室达标", "Qualified clinic"),
        flag("power_production", "动力电", "Three-phase power"),
        flag("industry", "主导产业", "Leading industry"),
        integer("unsafe_water_households", "饮水不安全户", "Households without safe water", "households"),
        cents("collective_income", "村集体经济收入", "Collective income"),
    ),
    delivered=False,
)

COUNTY_FACTS = Table(
    "county_facts",
    CHAPTER,
    "县退出事实",
    "Facts for a county's exit",
    "One row per county on the as-of date.",
    ("region_code",),
    (
        region(),
        integer("target_year", "目标年度", "Year in which the county is due to leave"),
        integer("poor_persons", "贫困人口", "Poor persons left", "persons"),
        integer("rural_persons", "农业户籍人口", "Persons with agricultural registration", "persons"),
        integer("villages", "行政村", "Administrative villages", "villages"),
        integer("equipped_villages", "设施达标村", "Villages with road, bus, broadband and clinic", "villages"),
        integer("poor_villages", "贫困村", "Registered poor villages", "villages"),
        integer("exited_villages", "出列贫困村", "Poor villages that have left the list", "villages"),
        integer("wrong_exit_found", "错退人口", "Wrongly exited persons found", "persons"),
        integer("wrong_exit_sample", "抽样脱贫人口", "Exited persons sampled", "persons"),
        integer("omission_found", "漏评人口", "Omitted persons found", "persons"),
        integer("omission_sample", "抽样非建档人口", "Unregistered rural persons sampled", "persons"),
        integer("approval_found", "认可户", "Households that approve", "households"),
        integer("approval_sample", "调查户", "Households asked", "households"),
    ),
    delivered=False,
)

EXIT_TEST = Table(
    "exit_test",
    CHAPTER,
    "退出检验",
    "Exit test",
    "One row per subject and criterion; any criterion not passed is a veto, an unknown one too.",
    ("subject_kind", "subject_code", "criterion"),
    (
        text("subject_kind", "对象类别", "household, village or county", required=True),
        text("subject_code", "对象编号", "Household number or division code", required=True),
        region(),
        text("criterion", "标准", "Criterion of the pack", required=True),
        flag("passed", "是否达标", "Passed; empty where the facts are missing"),
        text("seen", "实际值", "Value or values seen"),
        text("wanted", "要求", "Threshold as text, with its parameter"),
        flag("officially_exited", "是否已退出", "Officially exited, or due this year"),
        integer("target_year", "目标年度", "Year in which the county is due to leave"),
    ),
    delivered=False,
)

FLOW = Table(
    "flow",
    CHAPTER,
    "进出平衡",
    "Flow between two registers",
    "One row per division, stock (register or poor) and unit (households or persons).",
    ("region_code", "stock", "counted"),
    (
        region(),
        text("stock", "存量", "register or poor", required=True),
        text("counted", "计数对象", "households or persons", required=True),
        integer("opening", "期初", "Opening stock"),
        integer("new", "新识别", "Newly identified"),
        integer("fell_back", "返贫", "Fell back"),
        integer("natural_in", "自然增加", "Natural increase"),
        integer("split", "拆户增加", "Gained by splits"),
        integer("natural_out", "自然减少", "Natural decrease"),
        integer("merged", "并户减少", "Lost by mergers"),
        integer("closed", "销户", "Households dissolved"),
        integer("cleared", "清退", "Cleared as wrongly identified"),
        integer("exited", "脱贫", "Exited"),
        integer("closing", "期末", "Closing stock"),
        integer("difference", "差额", "Closing minus (opening plus flows); zero when it reconciles"),
    ),
    delivered=False,
)

FIGURE = Table(
    "figure",
    CHAPTER,
    "指标值",
    "Figure",
    "One row per indicator and division: numerator and denominator are stored, never only their ratio.",
    ("indicator", "region_code"),
    (
        text("indicator", "指标", "Indicator of the pack", required=True),
        region(),
        date("as_of", "时点", "As-of date", required=True),
        Column("numerator", Kind.QUANTITY, "分子", "Numerator, in the indicator's base unit"),
        Column("denominator", Kind.QUANTITY, "分母", "Denominator; empty where there is none"),
        text("label", "文字值", "Value of indicators that are a date or a name"),
        integer("row_count", "行数", "Rows behind the numerator"),
        integer("unknown", "分子缺数据行数", "Rows that lack what decides whether they count in the numerator"),
        integer("denominator_unknown", "分母缺数据行数", "Rows that lack what decides whether they count below"),
    ),
    delivered=False,
)

FINDING = Table(
    "finding",
    CHAPTER,
    "问题数据",
    "Finding",
    "One row per rule and row of the register that breaks it, with the values that were seen. A finding is no verdict.",
    ("finding_no",),
    (
        text("finding_no", "问题编号", "Number, the same in every year and run for the same row", required=True),
        text("rule", "规则", "Rule of the pack", required=True),
        text("rule_version", "规则版本", "Version of the rule", required=True),
        text("severity", "严重程度", "E error, S suspicion, T hint", required=True),
        text("table_name", "数据表", "Table of the row", required=True),
        text("row_key", "行主键", "Key of the row, its parts joined by |", required=True),
        region(),
        text("seen", "所见值", "The values that were seen, as JSON"),
        integer("origin_file", "来源文件序号", "Number of the delivered file the row came from"),
        text("origin_sheet", "来源工作表", "Sheet of origin"),
        integer("origin_row", "来源行号", "Row of origin"),
    ),
    delivered=False,
)

FINDING_LIFE = Table(
    "finding_life",
    CHAPTER,
    "问题数据的来龙去脉",
    "Life of a finding",
    "One row per problem that any of the screened snapshots had, as the last of them that had it saw it.",
    ("finding_no",),
    (
        *FINDING.columns,
        text(
            "state", "情况", "new, persisting, reappeared, corrected; lapsed: its rule no longer holds", required=True
        ),
        date("first_seen", "首次发现", "As-of date of the first snapshot that had it"),
        date("last_seen", "最近发现", "As-of date of the last snapshot that had it"),
        integer("times", "发现次数", "Snapshots that had it", "snapshots"),
        flag("exempt", "豁免中", "Exempt on the day: by a person, with evidence, until a day not yet passed"),
        flag("run_out", "豁免到期", "Its exemption has run out and it is there again"),
        flag("claimed", "报已整改仍在", "Reported as corrected, but the register still breaks the rule"),
        text("note", "整改说明", "What its sender said"),
        text("evidence", "佐证", "Evidence"),
        text("answered_by", "填报人", "Answered by"),
        date("exempt_until", "豁免到期日", "Exempt until"),
    ),
    delivered=False,
)

TABLES = (
    POLICY_ITEM,
    SOURCE_FILE,
    SOURCE_COLUMN,
    INTAKE_PROBLEM,
    SUPERSEDED,
    MERGED_ROW,
    HOUSEHOLD_FACTS,
    VILLAGE_FACTS,
    COUNTY_FACTS,
    EXIT_TEST,
    FLOW,
    FIGURE,
    FINDING,
    FINDING_LIFE,
)
