"""The cast: who is who in every test of the web application, and where they sit.

    province ─ prefecture ┬ Pine County ┬ Upper Township ┬ East Village
                          │             │                └ West Village
                          │             └ Lower Township ─ South Village
                          └ Birch County ─ Hill Township ─ North Village

Every post is held in Upper Township, so that own, below, above and elsewhere are all there. All people are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.test import Client

from jingzhun_web.accounts.models import Post, User
from jingzhun_web.accounts.roles import NEEDS_SECOND_FACTOR, Role
from jingzhun_web.accounts.services import hold_at_once
from jingzhun_web.audit.services import Actor, recorded
from jingzhun_web.regions.services import Division, take_in

PROVINCE, PREFECTURE = "910000000000", "911100000000"
PINE, BIRCH = "911121000000", "911122000000"
UPPER, LOWER, HILL = "911121100000", "911121101000", "911122100000"
EAST, WEST, SOUTH, NORTH = "911121100201", "911121100202", "911121101201", "911122100201"
BEGINNING = date(2001, 1, 1)
PASSWORD = "a long word that nobody guesses 7"
DIVISIONS = (
    (PROVINCE, "示例省", 1, ""), (PREFECTURE, "示例市", 2, PROVINCE), (PINE, "松县", 3, PREFECTURE),
    (BIRCH, "桦县", 3, PREFECTURE), (UPPER, "上镇", 4, PINE), (LOWER, "下镇", 4, PINE), (HILL, "山镇", 4, BIRCH),
    (EAST, "东村", 5, UPPER), (WEST, "西村", 5, UPPER), (SOUTH, "南村", 5, LOWER), (NORTH, "北村", 5, HILL),
)  # fmt: skip
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
"""One for each role, in the order of the roles."""
RESIDENTS = {UPPER: "上官宁", EAST: "东方平", PINE: "松本和", LOWER: "夏侯安", NORTH: "北宫远"}
"""Somebody who belongs to each place and holds no post: the object of what others do."""
CANARY = {UPPER: "13911110001", EAST: "13911110002", PINE: "13911110003", LOWER: "13911110004", NORTH: "13911110005"}
"""Their telephone numbers, looked for in every answer."""
STAGE = Actor("(cast)")


@dataclass(frozen=True, slots=True)
class Cast:
    """People by the name of their post, residents by their place, and a post that waits in each place."""

    by_role: dict[Role, User]
    nobody: User
    residents: dict[str, User]
    waiting: dict[str, Post]

    def __getitem__(self, role: Role) -> User:
        return self.by_role[role]


def assemble() -> Cast:
    """Write the cast into an empty database."""
    take_in(STAGE, [Division(code, name, level, above, BEGINNING) for code, name, level, above in DIVISIONS], "cast")
    with recorded(STAGE, "person.add"):
        by_role = {
            role: _someone(role.value.replace("_", "-"), f"{surname}在岗", UPPER)
            for role, surname in zip(Role, SURNAMES, strict=True)
        }
        for role, person in by_role.items():
            hold_at_once(person, role, UPPER, BEGINNING)
        nobody = _someone("nobody", "无岗", UPPER)
        residents = {code: _someone(f"r{code}", name, code, CANARY[code]) for code, name in RESIDENTS.items()}
        waiting = {code: _waiting(person, nobody, code) for code, person in residents.items()}
    for role in NEEDS_SECOND_FACTOR:
        give_second_factor(by_role[role])
    return Cast(by_role, nobody, residents, waiting)


def give_second_factor(person: User) -> None:
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _someone(username: str, name: str, region_code: str, phone: str = "") -> User:
    person = User(username=username, name=name, region_code=region_code, phone=phone)
    person.set_password(PASSWORD)
    person.save()
    return person


def _waiting(person: User, proposer: User, region_code: str) -> Post:
    return Post.objects.create(
        person=person, role=Role.HELPER, region_code=region_code, valid_from=BEGINNING, proposed_by=proposer
    )
