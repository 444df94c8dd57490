"""Who may do what where: the whole of it, in this one table.

An action is granted to a role for the relation between the region of the post and the region of the object. What is not
written here is refused. A refused write is told as such (403) to those who may read the same thing, and hidden (404)
from all others, for whom the object does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from jingzhun_web.accounts.roles import Role


class Relation(StrEnum):
    """Where the object lies, seen from the post."""

    OWN = "own"
    BELOW = "below"
    ABOVE = "above"
    ELSEWHERE = "elsewhere"
    PLATFORM = "platform"
    """The object belongs to no region, like the head of the trail."""


class Action(StrEnum):
    """What can be done. Each names a thing and what is done to it."""

    SEE_REGION = "region.see"
    SEE_PEOPLE = "people.see"
    SEE_PHONE = "people.see_phone"
    KEEP_PEOPLE = "people.keep"
    PROPOSE_POST = "post.propose"
    DECIDE_POST = "post.decide"
    END_POST = "post.end"
    END_SESSIONS = "sessions.end"
    SEE_TRAIL = "trail.see"
    SEE_HEAD = "trail.see_head"
    ANCHOR_HEAD = "trail.anchor_head"


READ_BEFORE: Mapping[Action, Action] = {
    Action.SEE_PHONE: Action.SEE_PEOPLE,
    Action.KEEP_PEOPLE: Action.SEE_PEOPLE,
    Action.PROPOSE_POST: Action.SEE_PEOPLE,
    Action.DECIDE_POST: Action.SEE_PEOPLE,
    Action.END_POST: Action.SEE_PEOPLE,
    Action.END_SESSIONS: Action.SEE_PEOPLE,
    Action.ANCHOR_HEAD: Action.SEE_HEAD,
}
"""For every action that changes or uncovers something, the reading that makes its refusal a 403 and not a 404."""

AREA = frozenset({Relation.OWN, Relation.BELOW})
IN_LINE = AREA | {Relation.ABOVE}
PLATFORM = frozenset({Relation.PLATFORM})

_EVERYBODY = dict.fromkeys(Role, IN_LINE)
_TOWNSHIP_AND_COUNTY = (
    Role.TOWNSHIP_REVIEWER, Role.TOWNSHIP_APPROVER, Role.COUNTY_CLERK, Role.COUNTY_APPROVER, Role.LEADER,
)  # fmt: skip

RIGHTS: Mapping[Action, Mapping[Role, frozenset[Relation]]] = {
    # The tree of regions is no secret to those who work in it, but stays within the line of one's own.
    Action.SEE_REGION: _EVERYBODY,
    # Who holds which post: those who work with them, and those who administer or inspect.
    Action.SEE_PEOPLE: {
        **dict.fromkeys(_TOWNSHIP_AND_COUNTY, AREA),
        Role.SUPERVISION: AREA,
        Role.SYSTEM_ADMINISTRATOR: AREA,
        Role.SECURITY_ADMINISTRATOR: AREA,
        Role.AUDIT_ADMINISTRATOR: AREA,
    },
    # A telephone number is masked until somebody says what for; the look is in the trail.
    Action.SEE_PHONE: {
        Role.TOWNSHIP_APPROVER: AREA,
        Role.COUNTY_CLERK: AREA,
        Role.COUNTY_APPROVER: AREA,
        Role.SUPERVISION: AREA,
    },
    # 三员分立: the system administrator keeps people and proposes posts, the security administrator decides on them and
    # ends sessions, the audit administrator reads the trail and changes nothing.
    Action.KEEP_PEOPLE: {Role.SYSTEM_ADMINISTRATOR: AREA},
    Action.PROPOSE_POST: {Role.SYSTEM_ADMINISTRATOR: AREA},
    Action.DECIDE_POST: {Role.SECURITY_ADMINISTRATOR: AREA},
    Action.END_POST: {Role.SYSTEM_ADMINISTRATOR: AREA, Role.SECURITY_ADMINISTRATOR: AREA},
    Action.END_SESSIONS: {Role.SECURITY_ADMINISTRATOR: AREA},
    Action.SEE_TRAIL: {Role.AUDIT_ADMINISTRATOR: AREA, Role.SUPERVISION: AREA},
    Action.SEE_HEAD: {Role.AUDIT_ADMINISTRATOR: PLATFORM, Role.SUPERVISION: PLATFORM},
    Action.ANCHOR_HEAD: {Role.AUDIT_ADMINISTRATOR: PLATFORM},
}


class Answer(StrEnum):
    """What the access function says, and the status that a page answers with."""

    ALLOWED = "allowed"
    READ_ONLY = "read_only"
    HIDDEN = "hidden"


def answer(action: Action, held: Mapping[Role, Relation] | list[tuple[Role, Relation]]) -> Answer:
    """The table looked up: for the posts somebody holds, each with its relation to the object."""
    pairs = list(held.items()) if isinstance(held, Mapping) else held
    if _granted(action, pairs):
        return Answer.ALLOWED
    before = READ_BEFORE.get(action)
    return Answer.READ_ONLY if before is not None and _granted(before, pairs) else Answer.HIDDEN


def _granted(action: Action, held: list[tuple[Role, Relation]]) -> bool:
    granted = RIGHTS[action]
    return any(relation in granted.get(role, ()) for role, relation in held)
