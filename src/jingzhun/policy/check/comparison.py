"""Sources, checks and linkages: labels and columns that exist, conditions that are conditions, cases both ways."""

from __future__ import annotations

from collections.abc import Iterable

from jingzhun.engine import ExpressionError
from jingzhun.model import TABLES
from jingzhun.policy.binding import Binding
from jingzhun.policy.check.case import Case, nearest
from jingzhun.policy.check.expressions import check_expression
from jingzhun.policy.check.references import check_period
from jingzhun.policy.comparison import PREFIXES, Check, Source, check_names, shown_as
from jingzhun.policy.linkage import Linkage, side_names
from jingzhun.policy.source import Place
from jingzhun.policy.subjects import names_of
from jingzhun.policy.wording import has_odd_braces, named_values

SOURCES, VERDICTS = "comparison_source", "lead_verdict"
MESSAGES = ("message_zh", "message_en")


def check_comparison(case: Case) -> None:
    parameters = Binding(case.pack, case.pack.meta.valid_from, case.pack.meta.valid_from).parameter_names
    sound = {source.id for source in case.pack.sources_compared.values() if _check_source(case, source)}
    for linkage in case.pack.linkages.values():
        _check_linkage(case, linkage, parameters)
    for check in case.pack.comparison_checks.values():
        _check_check(case, check, sound, parameters)
    _check_look_alikes(case)


def _labels(case: Case, codes: str) -> set[str]:
    return {item.label for item in case.pack.codes[codes].items} if codes in case.pack.codes else set()


def _known(case: Case, part: str, place: Place, name: str, known: Iterable[str], what: tuple[str, str]) -> bool:
    if name in known:
        return True
    zh, en = nearest(name, known)
    case.fault(part, place, f"没有{what[0]}“{name}”{zh}", f"there is no {what[1]} {name!r}{en}")
    return False


def _check_source(case: Case, source: Source) -> bool:
    part = f"source:{source.id}"
    _known(case, part, ("label",), source.label, _labels(case, SOURCES), ("来源标签", "label of a source"))
    if not _known(case, part, ("table",), source.table, TABLES, ("数据表", "table")):
        return False
    columns = TABLES[source.table].column_names
    found = [
        _known(case, part, ("person", name), column, columns, ("字段", "column"))
        for name, column in source.person.items()
    ]
    if source.where:
        check_expression(
            case, part, ("where",), source.where, names_of(TABLES[source.table], {}), "boolean", source.table
        )
    return all(found)


def _check_linkage(case: Case, linkage: Linkage, parameters: dict[str, str]) -> None:
    part = f"linkage:{linkage.id}"
    try:
        names = side_names(linkage, parameters)
    except ExpressionError as error:
        at = next(at for at, one in enumerate(linkage.prepare) if one.expression == error.text)
        case.fault(part, ("prepare", at, "expression"), error.zh, f"{error.en} [{error.text}]")
        return
    settling = [at for at, one in enumerate(linkage.passes) if one.settles]
    for at in settling[1:]:
        case.fault(part, ("passes", at, "settles"), "只能有一轮直接认定。", "only one pass may settle.")
    degrees = {one.id: {degree.id for degree in one.degrees} for one in linkage.compare}
    for at, one in enumerate(linkage.passes):
        for number, text in enumerate(one.same):
            check_expression(case, part, ("passes", at, "same", number), text, names.side)
        for name, degree in one.settles.items():
            known = degrees.get(name, set())
            _known(case, part, ("passes", at, "settles"), degree, known, ("相符程度", "degree of agreement"))
    for name, degree in linkage.claims.items():
        _known(case, part, ("claims",), degree, degrees.get(name, set()), ("相符程度", "degree of agreement"))
    kinds = len(linkage.close) + 2
    for at, compared in enumerate(linkage.compare):
        for typical in compared.typical or ():
            if len(typical) != kinds:
                zh = f"应有{kinds}个数（同一人、close 各类、随便两人），现有{len(typical)}个。"
                en = f"{kinds} shares are wanted (one person, each of close, random), there are {len(typical)}."
                case.fault(part, ("compare", at), f"typical 或 otherwise {zh}", f"typical or otherwise: {en}")
        check_expression(case, part, ("compare", at, "missing"), compared.missing, names.pair, "boolean")
        for number, when in enumerate(degree.when for degree in compared.degrees):
            check_expression(case, part, ("compare", at, "degrees", number, "when"), when, names.pair, "boolean")


def _check_check(case: Case, check: Check, sound: set[str], parameters: dict[str, str]) -> None:
    part = f"comparison:{check.id}"
    check_period(case, part, check.valid_from, check.valid_to)
    if check.finds != "twice":
        if not _known(case, part, ("source",), check.source, case.pack.sources_compared, ("来源", "source")):
            return
        if check.source not in sound:
            return
    names = check_names(check, case.pack.sources_compared, parameters)
    check_expression(case, part, ("lead",), check.lead, names, "boolean")
    for at, one in enumerate(check.suggests):
        check_expression(case, part, ("suggests", at, "when"), one.when, names, "boolean")
        verdicts = _labels(case, VERDICTS)
        _known(case, part, ("suggests", at, "verdict"), one.verdict, verdicts, ("核查结论", "verdict"))
    if check.borrowed:
        known_verdicts, place = _labels(case, VERDICTS), ("borrowed", "verdict")
        _known(case, part, place, check.borrowed.verdict, known_verdicts, ("核查结论", "verdict"))
        _check_borrowed(case, part, check)
    known = {f"{side}.{name}" for side in PREFIXES for name in names.spaces.get(side, {})}
    for at, name in enumerate(check.shows):
        _known(case, part, ("shows", at), name, known, ("名称", "name"))
    _check_words(case, part, check)
    _check_cases(case, part, check)


def _check_borrowed(case: Case, part: str, check: Check) -> None:
    if check.finds != "pair":
        case.fault(
            part,
            ("borrowed",),
            "只有 finds: pair 的规则才有登记在他人名下的记录。",
            "only a check with 'finds: pair' has records that are about somebody else.",
        )


def _check_words(case: Case, part: str, check: Check) -> None:
    shown = {shown_as(name) for name in check.shows}
    sentences: dict[Place, str] = {(field,): getattr(check, field) for field in MESSAGES}
    if check.borrowed:
        sentences |= {("borrowed", field): getattr(check.borrowed, field) for field in MESSAGES}
    for place, sentence in sentences.items():
        if has_odd_braces(sentence):
            case.fault(
                part,
                place,
                "花括号不成对，或里面不是 {名称} 或 {名称:yuan}；请改正。",
                "braces do not match, or hold something else than {name} or {name:yuan}; correct them.",
            )
        for name in sorted(named_values(sentence) - shown):
            case.fault(
                part,
                place,
                f"句子里的 {{{name}}} 不在 shows 中，请加入或删除。",
                f"{{{name}}} in the sentence is not among 'shows'; add or remove it.",
            )


def _check_cases(case: Case, part: str, check: Check) -> None:
    if {one.lead for one in check.cases} != {True, False}:
        case.fault(
            part,
            ("cases",),
            "至少要有一个形成线索的例子和一个不形成的例子。",
            "there must be a case that makes a lead and one that does not.",
        )


def _check_look_alikes(case: Case) -> None:
    seen: set[str] = set()
    for line, row in enumerate(case.pack.look_alikes):
        twice = "".join(letter for letter in row.characters if letter in seen)
        if twice:
            case.row_fault(
                "comparison/look_alikes.csv",
                line,
                f"“{twice}”已在前面的一组里；一个字只能属于一组。",
                f"{twice!r} is in a group above; a character belongs to one group.",
            )
        seen |= set(row.characters)
