"""Subjects and rules: names known, conditions that are conditions, messages with values, cases both ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jingzhun.engine import ExpressionError, Names, parse_expression, used_columns, used_names
from jingzhun.model import TABLES
from jingzhun.policy.binding import Binding
from jingzhun.policy.check.case import Case, nearest
from jingzhun.policy.check.expressions import check_expression
from jingzhun.policy.check.references import check_period
from jingzhun.policy.pack import NoValue
from jingzhun.policy.rules import ROW_KEY, Gathered, Rule, Subject
from jingzhun.policy.subjects import COUNTY, IDENTITY, Vocabulary, names_of, vocabulary
from jingzhun.policy.wording import has_odd_braces, named_values


def check_quality(case: Case) -> None:
    parameters = Binding(case.pack, case.pack.meta.valid_from, case.pack.meta.valid_from).parameter_names
    known: dict[str, Vocabulary] = {}
    for subject in case.pack.subjects.values():
        if _check_tables(case, subject) and _check_gathered(case, subject, parameters):
            try:
                known[subject.id] = vocabulary(subject, parameters)
            except ExpressionError as error:
                place = next(at for at, fact in enumerate(subject.facts) if fact.expression == error.text)
                case.fault(
                    f"subject:{subject.id}", ("facts", place, "expression"), error.zh, f"{error.en} [{error.text}]"
                )
        _check_listed(case, subject)
    for rule in case.pack.rules.values():
        _check_rule(case, rule, known)
    _check_not_expressed(case)


def _check_tables(case: Case, subject: Subject) -> bool:
    """Tables and the columns that rows are gathered by."""
    sound = True
    for place, name in [(("table",), subject.table)] + [
        (("gathered", at, "table"), one.table) for at, one in enumerate(subject.gathered)
    ]:
        if name not in TABLES:
            zh, en = nearest(name, TABLES)
            case.fault(f"subject:{subject.id}", place, f"没有数据表“{name}”{zh}", f"there is no table {name!r}{en}")
            sound = False
    return sound


def _check_gathered(case: Case, subject: Subject, parameters: dict[str, str]) -> bool:
    before = len(case.reader.faults)
    part = f"subject:{subject.id}"
    for at, one in enumerate(subject.gathered):
        names = names_of(TABLES[one.table], parameters)
        _check_key(case, subject, at, one)
        if one.where:
            check_expression(case, part, ("gathered", at, "where"), one.where, names, "boolean", one.table)
        if one.pick != "count" and not one.value:
            case.fault(
                part, ("gathered", at), "缺少 value：写明取哪个值。", "'value' is missing: say which value is taken."
            )
        if (one.pick == "previous") != bool(one.order) or (one.order and one.table != subject.table):
            case.fault(
                part,
                ("gathered", at, "order"),
                "只有 pick: previous 写 order，它取本表的前一行；请改正其一。",
                "only pick 'previous' has an order, and it speaks of the subject's own table; correct one of them.",
            )
        if one.order:
            check_expression(case, part, ("gathered", at, "order"), one.order, names, table=one.table)
        if one.value:
            check_expression(case, part, ("gathered", at, "value"), one.value, names, table=one.table)
    return len(case.reader.faults) == before


def _check_key(case: Case, subject: Subject, at: int, one: Gathered) -> None:
    """Rows find each other by a column of both tables, or by one of each."""
    part = f"subject:{subject.id}"
    if one.below and (one.by != ("region_code",) or one.theirs):
        case.fault(
            part,
            ("gathered", at, "below"),
            "below 汇总下级区划的行，by 只能写 region_code，不写 theirs。",
            "'below' gathers rows of lower divisions: 'by' must be region_code, and 'theirs' is not given.",
        )
    above = {other.name for other in subject.gathered[:at]}
    own = {*_key_names(subject.table), *above, ROW_KEY, COUNTY}
    if len(one.by) != len(one.keys) or not set(one.by) <= own or not set(one.keys) <= _key_names(one.table):
        names = ", ".join(one.by)
        case.fault(
            part,
            ("gathered", at, "by"),
            f"“{names}”不是两个表共有的字段；请写成两个表都有的编号，名称不同时用 theirs 写明对方的字段。",
            f"{names!r} is not a column of both tables; name one that both have, or the other table's with 'theirs'.",
        )


def _key_names(table: str) -> set[str]:
    """What rows of a table may be found by: its columns, and the person behind a number."""
    columns = set(TABLES[table].column_names)
    return columns | {"id_18"} if IDENTITY in columns else columns


def _check_listed(case: Case, subject: Subject) -> None:
    for at, fact in enumerate(subject.facts):
        if fact.listed_in and fact.listed_in not in case.pack.codes:
            zh, en = nearest(fact.listed_in, case.pack.codes)
            case.fault(
                f"subject:{subject.id}",
                ("facts", at, "listed_in"),
                f"没有代码表“{fact.listed_in}”{zh}",
                f"there is no code list {fact.listed_in!r}{en}",
            )


def _check_not_expressed(case: Case) -> None:
    """A rule is expressed, a comparison, or listed with its reason: one of the three."""
    file, before = "quality/not_expressed.csv", ""
    for index, one in enumerate(case.pack.not_expressed):
        if one.id in case.pack.rules or one.id in case.pack.comparison_checks:
            case.row_fault(
                file,
                index,
                f"规则 {one.id} 已经写成规则，不应再列为无法表达；请删除这一行。",
                f"{one.id} is a rule of the pack, so it is expressed; remove this line.",
            )
        if one.id <= before:
            case.row_fault(
                file,
                index,
                f"编号 {one.id} 不在 {before} 之后；请按编号排序，每个编号一行。",
                f"{one.id} does not come after {before}; sort the lines by id, one for each.",
            )
        before = one.id


def _check_rule(case: Case, rule: Rule, known: dict[str, Vocabulary]) -> None:
    part = f"rule:{rule.id}"
    check_period(case, part, rule.valid_from, rule.valid_to)
    if rule.subject not in case.pack.subjects:
        zh, en = nearest(rule.subject, case.pack.subjects)
        case.fault(part, ("subject",), f"没有对象“{rule.subject}”{zh}", f"there is no subject {rule.subject!r}{en}")
        return
    if rule.subject in known:
        _check_words(case, rule, known[rule.subject].names)
        _check_values(case, rule, known[rule.subject])
    _check_cases(case, rule)


def _check_words(case: Case, rule: Rule, names: Names) -> None:
    part, table = f"rule:{rule.id}", case.pack.subjects[rule.subject].table
    check_expression(case, part, ("broken",), rule.broken, names, "boolean", table)
    for at, name in enumerate(rule.shows):
        if name not in names.columns:
            zh, en = nearest(name, names.columns)
            case.fault(part, ("shows", at), f"没有“{name}”这个名称{zh}", f"there is no {name!r} here{en}")
    for field in ("message_zh", "message_en"):
        if has_odd_braces(getattr(rule, field)):
            case.fault(
                part,
                (field,),
                "花括号不成对，或里面不是 {名称} 或 {名称:yuan}；请改正。",
                "braces do not match, or hold something else than {name} or {name:yuan}; correct them.",
            )
        for name in sorted(named_values(getattr(rule, field)) - set(rule.shows)):
            case.fault(
                part,
                (field,),
                f"句子里的 {{{name}}} 不在 shows 中，请加入或删除。",
                f"{{{name}}} in the sentence is not among 'shows'; add or remove it.",
            )


def _check_values(case: Case, rule: Rule, words: Vocabulary) -> None:
    """A rule in force needs a value of each of its parameters: one that is missing would stop the whole screening."""
    day = rule.valid_from or case.pack.meta.valid_from
    for parameter in sorted(_parameters(case, rule, words)):
        try:
            case.pack.parameter_value(parameter, day)
        except NoValue:
            case.fault(
                f"rule:{rule.id}",
                ("broken",),
                f"规则自 {day} 起适用，参数 {parameter} 这一天没有取值；请补上，或用 valid_from 写明规则何时起适用。",
                f"the rule is in force from {day}, but parameter {parameter} has no value on that day; "
                "add one, or say with 'valid_from' when the rule begins.",
            )


def _parameters(case: Case, rule: Rule, words: Vocabulary) -> set[str]:
    """The known parameters that a rule rests on. A condition that cannot be read is reported already."""
    try:
        columns = used_columns(parse_expression(rule.broken, words.names))
    except ExpressionError:
        return set()
    texts = [(rule.broken, words.names), *_behind(case.pack.subjects[rule.subject], words, columns)]
    used = {name for text, names in texts for name in used_names(parse_expression(text, names), "p")}
    return used & set(case.pack.parameters)


def _behind(subject: Subject, words: Vocabulary, columns: Iterable[str]) -> Iterator[tuple[str, Names]]:
    """The facts and gathered values behind some names, each with the names that it may use."""
    needed, waiting = set[str](), list(columns)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += words.made_from.get(name, ())
    for fact in subject.facts:
        if fact.name in needed:
            yield fact.expression, words.names
    for one in subject.gathered:
        if one.name in needed:
            names = Names(names_of(TABLES[one.table], {}).columns, words.names.spaces)
            yield from ((text, names) for text in (one.where, one.value) if text)


def _check_cases(case: Case, rule: Rule) -> None:
    part = f"rule:{rule.id}"
    if {one.broken for one in rule.cases} != {True, False}:
        case.fault(
            part,
            ("cases",),
            "至少要有一个违反的例子和一个不违反的例子。",
            "there must be a case that breaks the rule and one that does not.",
        )
    for at, one in enumerate(rule.cases):
        day = one.as_of or case.pack.example_day
        if one.broken and not rule.in_force(day):
            case.fault(
                part,
                ("cases", at),
                f"规则在 {day} 不适用，例子不可能违反它；请用 as_of 写明适用期内的一天。",
                f"the rule is not in force on {day}, so nothing breaks it; give a day in force with 'as_of'.",
            )
        rows = {case.pack.subjects[rule.subject].table: (one.row,)} | one.rows
        for table, listed in rows.items():
            for name in sorted({name for row in listed for name in row}):
                if table not in TABLES or name not in TABLES[table].column_names:
                    case.fault(
                        part,
                        ("cases", at),
                        f"没有字段 {table}.{name}；请检查拼写。",
                        f"there is no column {table}.{name}; check its spelling.",
                    )
