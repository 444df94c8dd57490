"""Sampling designs and forms: parameters that exist, expressions that can be used, questions about real columns."""

from __future__ import annotations

from jingzhun.model import TABLES
from jingzhun.model.contract import Kind
from jingzhun.policy.binding import Binding
from jingzhun.policy.check.case import Case, nearest
from jingzhun.policy.check.expressions import check_expression
from jingzhun.policy.check.references import check_period
from jingzhun.policy.evaluation import SampleDesign, SurveyForm, household_names, member_names, village_names
from jingzhun.policy.source import Place
from jingzhun.policy.subjects import names_of

SUBJECTS, SOURCES, VISIT = "evaluation_subject", "comparison_source", "survey_visit"


def check_evaluation(case: Case) -> None:
    parameters = Binding(case.pack, case.pack.meta.valid_from, case.pack.meta.valid_from).parameter_names
    for design in case.pack.designs.values():
        part = f"design:{design.id}"
        check_period(case, part, design.valid_from, design.valid_to)
        _check_parameters(case, part, design)
        _check_labels(case, part, design)
        _check_village_expressions(case, part, design, parameters)
        _check_household_expressions(case, part, design, parameters)
    for form in case.pack.forms.values():
        _check_form(case, form)


def _check_parameters(case: Case, part: str, design: SampleDesign) -> None:
    for name in dict.fromkeys(design.parameters):
        if name not in case.pack.parameters:
            zh, en = nearest(name, case.pack.parameters)
            case.fault(part, _place_of(design, name), f"没有参数“{name}”{zh}", f"there is no parameter {name!r}{en}")


def _place_of(design: SampleDesign, parameter: str) -> Place:
    """Where a design names a parameter."""
    for at, axis in enumerate(design.axes):
        for number, one in enumerate(axis.classes):
            if one.villages == parameter:
                return "axes", at, "classes", number, "villages"
    for at, asked in enumerate(design.asked):
        if asked.households == parameter:
            return "asked", at, "households"
    return (next(name for name in type(design).model_fields if getattr(design, name) == parameter),)


def _check_labels(case: Case, part: str, design: SampleDesign) -> None:
    for at, asked in enumerate(design.asked):
        _check_label(case, part, ("asked", at, "subject"), SUBJECTS, asked.subject)
    for at, one in enumerate(design.lists):
        for number, source in enumerate(one.sources):
            _check_label(case, part, ("lists", at, "sources", number), SOURCES, source)


def _check_label(case: Case, part: str, place: Place, codes: str, label: str) -> None:
    known = {item.label for item in case.pack.codes[codes].items} if codes in case.pack.codes else {label}
    if label not in known:
        zh, en = nearest(label, known)
        case.fault(
            part,
            place,
            f"“{label}”不是代码表“{codes}”的标签{zh}",
            f"{label!r} is not a label of code list {codes!r}{en}",
        )


def _check_village_expressions(case: Case, part: str, design: SampleDesign, parameters: dict[str, str]) -> None:
    names = village_names(parameters)
    check_expression(case, part, ("where",), design.where, names, "boolean")
    check_expression(case, part, ("size",), design.size, names, "number")
    for at, axis in enumerate(design.axes):
        for number, one in enumerate(axis.classes):
            place = ("axes", at, "classes", number, "when")
            if one.when:
                check_expression(case, part, place, one.when, names, "boolean", "village")
            elif number < len(axis.classes) - 1:
                case.fault(
                    part,
                    place,
                    f"“{one.zh}”没有写 when；只有最后一类可以不写（取其余的村）。",
                    f"{one.en!r} has no 'when'; only the last class may leave it out and take the remaining villages.",
                )


def _check_household_expressions(case: Case, part: str, design: SampleDesign, parameters: dict[str, str]) -> None:
    for at, one in enumerate(design.lists):
        if one.table not in TABLES or one.by not in TABLES[one.table].column_names:
            zh, en = nearest(one.table, TABLES)
            case.fault(
                part,
                ("lists", at, "table"),
                f"没有带 {one.by} 的数据表“{one.table}”{zh}",
                f"there is no table {one.table!r} with {one.by}{en}",
            )
            continue
        table = TABLES[one.table]
        check_expression(
            case, part, ("lists", at, "where"), one.where, names_of(table, parameters), "boolean", table.name
        )
    members = member_names(design, parameters)
    before = len(case.reader.faults)
    for at, trait in enumerate(design.traits):
        check_expression(case, part, ("traits", at, "when"), trait.when, members, "boolean")
    if len(case.reader.faults) > before:
        return
    names = household_names(design, parameters)
    for at, group in enumerate(design.groups):
        check_expression(case, part, ("groups", at, "when"), group.when, names, "boolean")


def _check_form(case: Case, form: SurveyForm) -> None:
    part, table, seen = f"form:{form.id}", TABLES[VISIT], set()
    for at, question in enumerate(form.questions):
        place = ("questions", at, "field")
        if question.field in seen:
            case.fault(
                part,
                place,
                f"“{question.field}”问了两次；请删去一个。",
                f"{question.field!r} is asked twice; remove one.",
            )
        seen.add(question.field)
        if question.kind == "select_one" and not _has_choices(question.field):
            zh, en = nearest(question.field, table.column_names)
            case.fault(
                part,
                place,
                f"{VISIT} 没有带代码表的字段“{question.field}”，没有选项可选{zh}",
                f"{VISIT} has no column {question.field!r} with a code list, so there is nothing to choose{en}",
            )
        if question.kind == "calculate" and not question.calculation:
            case.fault(part, place, "计算项没有写 calculation。", "a calculate question has no calculation.")
    for column in table.columns:
        if column.required and column.name not in seen:
            case.fault(
                part,
                ("questions",),
                f"表单没有问必填的 {column.name}（{column.zh}），交回的行都会被退回；请补上。",
                f"the form does not ask {column.name} ({column.en}), which is required: every row would be sent back.",
            )


def _has_choices(field: str) -> bool:
    table = TABLES[VISIT]
    return field in table.column_names and table.column(field).kind in (Kind.CODE, Kind.FLAG)
