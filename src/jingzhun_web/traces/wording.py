"""What the trail holds as keys, in words: actions, fields, posts, values. A template library."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jingzhun_web.accounts.roles import Role
from jingzhun_web.audit.services import SERVER

register = template.Library()

ACTIONS: Mapping[str, Promise] = {
    "person.add": gettext_lazy("Account made"),
    "person.change": gettext_lazy("Account changed"),
    "person.suspend": gettext_lazy("Account suspended"),
    "person.resume": gettext_lazy("Account resumed"),
    "person.reset_password": gettext_lazy("New one-time password"),
    "person.change_password": gettext_lazy("Password changed"),
    "post.propose": gettext_lazy("Post proposed"),
    "post.confirm": gettext_lazy("Post confirmed"),
    "post.refuse": gettext_lazy("Post refused"),
    "post.end": gettext_lazy("Post ended"),
    "post.appoint_first": gettext_lazy("Administrator appointed on the server"),
    "demonstration.people": gettext_lazy("Accounts of the demonstration made"),
    "sessions.end": gettext_lazy("Sessions ended"),
    "sign_in": gettext_lazy("Signed in"),
    "sign_in.failed": gettext_lazy("Sign-in failed"),
    "sign_in.locked": gettext_lazy("Sign-in locked"),
    "sign_out": gettext_lazy("Signed out"),
    "second_factor.add": gettext_lazy("Second factor added"),
    "second_factor.remove": gettext_lazy("Second factor removed"),
    "second_factor.reset": gettext_lazy("Recovery codes made anew"),
    "second_factor.failed": gettext_lazy("Second factor failed"),
    "read": gettext_lazy("Looked at"),
    "regions.take_in": gettext_lazy("Divisions taken in"),
    "trail.anchor": gettext_lazy("Head anchored"),
}
"""Every action that a service records; a test holds this against the services."""

FIELDS: Mapping[str, Promise] = {
    "username": gettext_lazy("User name"),
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Telephone"),
    "region_code": gettext_lazy("Region"),
    "is_active": gettext_lazy("Active"),
    "password": gettext_lazy("Password"),
    "password_is_temporary": gettext_lazy("One-time password"),
    "created_at": gettext_lazy("Made at"),
    "person_id": gettext_lazy("Number of the account"),
    "role": gettext_lazy("Post"),
    "valid_from": gettext_lazy("From"),
    "valid_to": gettext_lazy("Last day"),
    "proposed_by_id": gettext_lazy("Proposed by"),
    "decided_by_id": gettext_lazy("Decided by"),
    "decided_at": gettext_lazy("Decided at"),
    "confirmed": gettext_lazy("Confirmed"),
    "code": gettext_lazy("Code"),
    "level": gettext_lazy("Level"),
    "path": gettext_lazy("Place in the tree"),
}
"""Every column of every kept model; a test holds this against the models."""

OBJECTS: Mapping[str, Promise] = {
    "user": gettext_lazy("Account"),
    "post": gettext_lazy("Post"),
    "region": gettext_lazy("Region"),
}


@register.filter
def action(key: str) -> str:
    return str(ACTIONS.get(key, key))


@register.filter
def who(person: str) -> str:
    """Who acted: a user name, the server's own command line, or nobody that is known."""
    return {SERVER: _("the server itself"), "": "—"}.get(person, person)


@register.filter
def field(key: str) -> str:
    return str(FIELDS.get(key, key))


@register.filter
def posts(text: str) -> str:
    """``data_clerk@141130000000; …`` in words."""
    return "、".join(_post(one) for one in text.split("; ") if one)


@register.filter
def told(value: object) -> str:
    """A value of a row in words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return ""
    return _role(value) if isinstance(value, str) else str(value)


def _post(text: str) -> str:
    role, _at, code = text.partition("@")
    return f"{_role(role)} {code}".strip()


def _role(value: str) -> str:
    return str(Role(value).label) if value in Role.values else value
