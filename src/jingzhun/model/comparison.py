"""Comparison with other departments: their records, by what right they are used, and what became of each lead."""

from __future__ import annotations

from jingzhun.model.contract import (
    Column,
    Kind,
    Need,
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
from jingzhun.model.labels import EXEMPT_UNTIL

CHAPTER = "comparison"

DEPARTMENT_RECORD = Table(
    "department_record",
    CHAPTER,
    "部门比对数据",
    "Record of another department",
    "One row per thing that a department has on record about a person: a vehicle, a flat, a post, a benefit.",
    ("source", "record_no"),
    (
        code("source", "数据来源", "Source", "comparison_source", required=True),
        text("record_no", "记录编号", "Number of the record within its source", required=True),
        text("name", "姓名", "Name", required=True),
        identity("id_number", "证件号码", "Identity number"),
        code("sex", "性别", "Sex", "sex"),
        date("birth_date", "出生日期", "Date of birth"),
        Column("region_code", Kind.REGION, "行政区划代码", "Division code, where the department knows it"),
        text("address", "地址", "Address"),
        text("category", "类别", "Kind: of vehicle, property, post, benefit"),
        text("object", "标的", "What it is: plate, property, company, school, unit"),
        date("starts_on", "取得或生效日期", "Acquired, appointed or in force since"),
        date("ends_on", "终止日期", "Ended on"),
        cents("amount", "金额（元）", "Amount"),
        quantity("quantity", "数量", "Quantity", "units"),
        flag("active", "是否有效", "In force"),
        date("roster_on", "数据截止日期", "Date of the department's file"),
    ),
    place="county",
)

SOURCE_AUTHORITY = Table(
    "source_authority",
    CHAPTER,
    "比对授权",
    "Authority to use a source",
    "One row per document that allows a department's data to be used for comparison, for a division and a time.",
    ("region_code", "source", "document"),
    (
        code("source", "数据来源", "Source", "comparison_source", required=True),
        text("document", "依据文件", "Document: law, agreement or approval", required=True),
        code("basis", "依据类别", "Kind of authority", "authority_basis", required=True),
        text("granted_by", "批准单位", "Granted by"),
        region(),
        date("starts_on", "起始日期", "In force from", required=True),
        date("ends_on", "终止日期", "In force until", required=True),
    ),
    place="county",
)

HOUSEHOLD_CONSENT = Table(
    "household_consent",
    CHAPTER,
    "农户授权书",
    "Consent of a household",
    "One row per consent that a household signed for its property to be looked up.",
    ("household_code", "signed_on"),
    (
        number_text("household_code", "户编号", "Household number", required=True),
        region(),
        text("signer", "签署人", "Signed by"),
        date("signed_on", "签署日期", "Signed on", required=True),
        date("ends_on", "终止日期", "In force until"),
        text("evidence", "佐证", "Evidence: number of the scan"),
    ),
    place="village",
)

FAMILY_TIE = Table(
    "family_tie",
    CHAPTER,
    "非共同生活家庭成员",
    "Family member who lives elsewhere",
    "One row per child, spouse of a child or parent of a household who lives elsewhere and is compared with it.",
    ("household_code", "name", "relation"),
    (
        number_text("household_code", "户编号", "Household number", required=True),
        region(),
        text("name", "姓名", "Name", required=True),
        code("relation", "与户主关系", "Relation to the head", "relation", required=True),
        identity("id_number", "证件号码", "Identity number"),
        code("sex", "性别", "Sex", "sex"),
        date("birth_date", "出生日期", "Date of birth"),
    ),
    place="village",
)

LEAD_VERDICT = Table(
    "lead_verdict",
    CHAPTER,
    "线索核查结论",
    "Verdict on a lead",
    "One row per verdict: what a check on the spot found, with evidence and the person who answers for it.",
    ("lead_no", "decided_on"),
    (
        text("lead_no", "线索编号", "Number of the lead", required=True),
        code("verdict", "核查结论", "Verdict", "lead_verdict", required=True),
        text("note", "核查说明", "What was found"),
        text("evidence", "佐证", "Evidence"),
        text("decided_by", "核查人", "Checked by", required=True),
        date("decided_on", "核查日期", "Checked on", required=True),
        date("ends_on", "豁免到期日", "Holds until; after that the lead is open again"),
        text("rule", "比对规则", "Check that made the lead, as its worklist shows it"),
        number_text("household_code", "户编号", "Household number"),
        number_text("person_code", "人编号", "Person number"),
        region(),
    ),
    place="village",
    needs=(Need("verdict", EXEMPT_UNTIL, ("ends_on",)),),
)

COMPARISON_SOURCE = Table(
    "comparison_source",
    CHAPTER,
    "比对来源情况",
    "Source as it was used",
    "One row per source of the pack: whether there was authority to use it, how many records, how old.",
    ("source",),
    (
        text("source", "数据来源", "Source", required=True),
        text("state", "状态", "used, refused (no authority) or absent (nothing delivered)", required=True),
        text("document", "依据文件", "Document it was used by"),
        date("until", "依据有效期至", "In force until"),
        integer("records", "记录数", "Records delivered", "rows"),
        date("roster_on", "数据截止日期", "Latest date of the department's file"),
    ),
    delivered=False,
)

LEAD = Table(
    "lead",
    CHAPTER,
    "比对线索",
    "Lead",
    "One row per check and pair, person or record that it speaks of. No verdict: it is looked into on the spot.",
    ("lead_no",),
    (
        text("lead_no", "线索编号", "Number, the same in every run for the same person and record", required=True),
        text("check_id", "比对规则", "Check of the pack", required=True),
        text("check_version", "规则版本", "Version of the check", required=True),
        text("severity", "严重程度", "E error, S suspicion, T hint", required=True),
        text("source", "数据来源", "Source", required=True),
        region(),
        number_text("household_code", "户编号", "Household number"),
        number_text("person_code", "人编号", "Person number"),
        text("name", "姓名", "Name in the register"),
        text("record_key", "部门记录", "Key of the department's record"),
        text("found_by", "匹配轮次", "Pass that found the pair"),
        Column(
            "probability",
            Kind.QUANTITY,
            "同一人的可能性",
            "Probability that both are one person; of somebody missing, that they are on the other side after all",
            "share",
        ),
        integer(
            "candidates", "候选人数", "People the record might be, or records that might be the person's", "persons"
        ),
        text("agreement", "各项相符", "Degree of agreement, item by item, as JSON"),
        text("seen", "所见值", "The values that were seen, as JSON"),
        text("suggested", "建议结论", "Verdict that the dates suggest; a person decides"),
        integer("origin_file", "来源文件序号", "Number of the delivered file the record came from"),
        text("origin_sheet", "来源工作表", "Sheet of origin"),
        integer("origin_row", "来源行号", "Row of origin"),
    ),
    delivered=False,
)

TABLES = (
    DEPARTMENT_RECORD,
    SOURCE_AUTHORITY,
    HOUSEHOLD_CONSENT,
    FAMILY_TIE,
    LEAD_VERDICT,
    COMPARISON_SOURCE,
    LEAD,
)
