"""All endpoints there are, from the URL resolver: for the check, the reference and the test of every cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from jingzhun_web.accounts.access import Guard, guard_of
from jingzhun_web.accounts.rights import Answer, Relation, answer
from jingzhun_web.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Endpoint:
    route: str
    name: str
    view: Callable[..., Any]
    guard: Guard | None


def endpoints() -> list[Endpoint]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Endpoint]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield Endpoint(route, pattern.name or "", pattern.callback, guard_of(pattern.callback))


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
STATUS = {Answer.ALLOWED: "200", Answer.READ_ONLY: "403", Answer.HIDDEN: "404"}
"""What a page answers with; an allowed POST may also redirect (302)."""
NOT_ALLOWED = "405"
REGIONAL = (Relation.OWN, Relation.BELOW, Relation.ABOVE, Relation.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Cell:
    """One role, one relation, one endpoint, one method, and the status that is due."""

    name: str
    method: str
    role: Role
    relation: Relation
    due: str


def cells() -> Iterator[Cell]:
    """Every cell of the table of access, of the endpoints that the table decides on."""
    for one in endpoints():
        guard = one.guard
        if guard is None or guard.audience != "posts":
            continue
        for relation in (Relation.PLATFORM,) if guard.about_platform else REGIONAL:
            for method in METHODS:
                for role in Role:
                    yield Cell(one.name, method, role, relation, _due(guard, method, role, relation))


def _due(guard: Guard, method: str, role: Role, relation: Relation) -> str:
    action = guard.actions.get(method)
    return NOT_ALLOWED if action is None else STATUS[answer(action, [(role, relation)])]
