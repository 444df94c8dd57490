"""Accounts of a demonstration: one for each post, with passwords that are printed. For invented data only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from jingzhun_web.accounts.models import User
from jingzhun_web.accounts.roles import Role
from jingzhun_web.accounts.services import Refused, hold_at_once, one_time_password
from jingzhun_web.audit.services import SERVER, Actor, recorded
from jingzhun_web.regions.models import Region

LEVELS: dict[Role, int] = {
    Role.DATA_CLERK: 3, Role.VILLAGE_SECRETARY: 5, Role.FIRST_SECRETARY: 5, Role.TEAM_MEMBER: 5, Role.HELPER: 5,
    Role.TOWNSHIP_REVIEWER: 4, Role.TOWNSHIP_APPROVER: 4,
}  # fmt: skip
"""At which level a post is held; all others at the county's."""
COUNTY = 3


@dataclass(frozen=True, slots=True)
class Invented:
    """An account of the demonstration."""

    role: Role
    username: str
    password: str
    region_code: str


def make_accounts(county_code: str, day: date) -> list[Invented]:
    """One account per post in a county, with a password of its own; those that are there already are left alone."""
    if settings.JINGZHUN.production:
        raise Refused(_("Accounts of a demonstration are not made in production."))
    county = Region.objects.on(day).filter(code=county_code, level=COUNTY).first()
    if county is None:
        raise Refused(_("%(code)s is no county. Give the code of a county.") % {"code": county_code})
    made = []
    with recorded(Actor(SERVER), "demonstration.people", about=None):
        for role in Role:
            username = role.value.replace("_", "-")
            if not User.objects.filter(username=username).exists():
                made.append(_make(role, username, _place(county, LEVELS.get(role, COUNTY), day), day))
    return made


def _make(role: Role, username: str, region_code: str, day: date) -> Invented:
    password = one_time_password()
    person = User(username=username, name=_("Demo: %(role)s") % {"role": role.label}, region_code=region_code)
    person.set_password(password)
    person.save()
    hold_at_once(person, role, region_code, day)
    return Invented(role, username, password, region_code)


def _place(county: Region, level: int, day: date) -> str:
    below: QuerySet[Region] = Region.objects.on(day).within(county.path).filter(level=level).order_by("code")
    found = below.values_list("code", flat=True).first()
    return found or county.code
