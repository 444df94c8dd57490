"""Who answers for whom: letters, leading groups, ties, teams, helpers and pairings (五位一体)."""

from jingzhun.model.contract import Table, code, date, flag, integer, number_text, region, text

CHAPTER = "responsibility"

RESPONSIBILITY_LETTER = Table(
    "responsibility_letter",
    CHAPTER,
    "责任书",
    "Letter of responsibility",
    "One row per signed letter.",
    ("letter_no",),
    (
        number_text("letter_no", "责任书编号", "Letter number", required=True),
        integer("year", "年度", "Year", required=True),
        text("issuer", "签发单位", "Issued by"),
        text("holder", "责任人", "Signed by"),
        code("holder_level", "责任人层级", "Level of the signer", "level"),
        flag("party_secretary", "是否书记", "The signer is a party secretary"),
        region(),
        date("signed_on", "签订日期", "Signed on"),
    ),
    place="village",
)

LEADING_GROUP = Table(
    "leading_group",
    CHAPTER,
    "领导小组和工作组",
    "Leading or working group",
    "One row per group: leading groups, special working groups, inspection groups.",
    ("group_no",),
    (
        number_text("group_no", "小组编号", "Group number", required=True),
        text("name", "小组名称", "Name", required=True),
        code("kind", "小组类别", "Kind of group", "group_kind", required=True),
        code("level", "层级", "Level", "level"),
        text("head_one", "组长一", "First head"),
        text("head_two", "组长二", "Second head"),
        region(),
        date("formed_on", "成立日期", "Formed on"),
        date("dissolved_on", "撤销日期", "Dissolved on"),
    ),
    place="village",
)

LEADER_TIE = Table(
    "leader_tie",
    CHAPTER,
    "领导包联",
    "Leader tied to a township or village",
    "One row per leader and place tied.",
    ("tie_no",),
    (
        number_text("tie_no", "包联编号", "Tie number", required=True),
        text("leader", "包联领导", "Leader", required=True),
        text("post", "职务", "Post"),
        code("level", "领导层级", "Level of the leader", "level"),
        region(),
        date("starts_on", "开始日期", "From"),
        date("ends_on", "结束日期", "To"),
    ),
    place="village",
)

WORK_TEAM = Table(
    "work_team",
    CHAPTER,
    "驻村工作队",
    "Stationed work team",
    "One row per team and village.",
    ("team_no",),
    (
        number_text("team_no", "工作队编号", "Team number", required=True),
        text("sent_by", "派出单位", "Sent by"),
        code("sent_by_level", "派出单位层级", "Level of the sender", "level"),
        flag("poor_village", "所驻村是否贫困村", "Stationed in a poor village"),
        region(),
        date("starts_on", "进驻日期", "Stationed from"),
        date("ends_on", "撤出日期", "Stationed to"),
    ),
    place="village",
)

TEAM_MEMBER = Table(
    "team_member",
    CHAPTER,
    "驻村工作队员",
    "Member of a work team",
    "One row per member and team.",
    ("member_no",),
    (
        number_text("member_no", "队员编号", "Member number", required=True),
        number_text("team_no", "工作队编号", "Team number", required=True),
        text("name", "姓名", "Name", required=True),
        code("role", "队内职务", "Role in the team", "team_role", required=True),
        text("unit", "工作单位", "Home unit"),
        region(),
        date("starts_on", "进驻日期", "From"),
        date("ends_on", "撤出日期", "To"),
    ),
    place="village",
)

HELPER_PAIRING = Table(
    "helper_pairing",
    CHAPTER,
    "结对帮扶",
    "Household helper",
    "One row per household and helper (帮扶责任人).",
    ("pairing_no",),
    (
        number_text("pairing_no", "结对编号", "Pairing number", required=True),
        number_text("household_code", "户编号", "Household number", required=True),
        text("helper", "帮扶责任人", "Helper", required=True),
        text("unit", "单位名称", "Unit of the helper"),
        region(),
        date("starts_on", "帮扶开始时间", "From"),
        date("ends_on", "帮扶结束时间", "To"),
    ),
    place="village",
)

ENTERPRISE = Table(
    "enterprise",
    CHAPTER,
    "企业",
    "Enterprise",
    "One row per enterprise that helps, employs or borrows.",
    ("enterprise_code",),
    (
        number_text("enterprise_code", "企业编号", "Enterprise number", required=True),
        text("name", "企业名称", "Name", required=True),
        code("kind", "企业类别", "Kind of enterprise", "enterprise_kind"),
        region(),
    ),
    place="county",
)

ENTERPRISE_PAIRING = Table(
    "enterprise_pairing",
    CHAPTER,
    "企业帮村",
    "Enterprise helping a village",
    "One row per enterprise and village helped; the row lies in the village.",
    ("pairing_no",),
    (
        number_text("pairing_no", "结对编号", "Pairing number", required=True),
        number_text("enterprise_code", "企业编号", "Enterprise number", required=True),
        text("enterprise_county", "企业所在县", "County the enterprise comes from"),
        region(),
        date("starts_on", "开始日期", "From"),
        date("ends_on", "结束日期", "To"),
    ),
    place="village",
)

COUNTY_PAIRING = Table(
    "county_pairing",
    CHAPTER,
    "县际帮扶",
    "County helping a county",
    "One row per helping and helped county.",
    ("pairing_no",),
    (
        number_text("pairing_no", "结对编号", "Pairing number", required=True),
        text("helper_county", "帮扶县", "Helping county", required=True),
        region(),
        date("starts_on", "开始日期", "From"),
        date("ends_on", "结束日期", "To"),
    ),
    place="county",
)

TABLES = (
    RESPONSIBILITY_LETTER,
    LEADING_GROUP,
    LEADER_TIE,
    WORK_TEAM,
    TEAM_MEMBER,
    HELPER_PAIRING,
    ENTERPRISE,
    ENTERPRISE_PAIRING,
    COUNTY_PAIRING,
)
