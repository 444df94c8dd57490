"""三员分立: no sequence of steps lets one person hold two of the three, or one of them beside another post."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import combinations

import pytest
from django.utils import timezone

from jingzhun_web.accounts import services
from jingzhun_web.accounts.access import posts_in_force
from jingzhun_web.accounts.models import Post, User
from jingzhun_web.accounts.rights import RIGHTS, Action
from jingzhun_web.accounts.roles import ADMINISTRATORS, Role, may_stand_beside
from jingzhun_web.audit.services import Actor
from tests.people import BEGINNING, UPPER, Cast

WRITES = {Action.KEEP_PEOPLE, Action.PROPOSE_POST, Action.DECIDE_POST, Action.END_POST, Action.END_SESSIONS}


def apart(roles: set[str]) -> bool:
    """Written anew here, not asked of the code under test."""
    three = {"system_administrator", "security_administrator", "audit_administrator"}
    return len(roles & three) <= 1 and not (roles & three and roles - three)


@pytest.mark.parametrize("seed", range(8))
def test_random_steps_never_bring_two_together(seed: int, cast: Cast) -> None:
    assert steps(seed, cast) > 0
    assert all(apart({post.role for post in posts_in_force(person)}) for person in User.objects.all())


def test_without_the_rule_the_same_steps_would(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "may_stand_beside", lambda *_: True)
    for seed in range(8):
        steps(seed, cast)
    assert not all(apart({post.role for post in posts_in_force(person)}) for person in User.objects.all())


def steps(seed: int, cast: Cast) -> int:
    luck, refused = random.Random(seed), 0
    people = [cast.nobody, *cast.residents.values()]
    system, security = (
        Actor(cast[role].username, cast[role].pk) for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)
    )
    today = timezone.localdate()
    for _ in range(60):
        try:
            match luck.choice(["propose", "propose", "confirm", "confirm", "end"]):
                case "propose":
                    role = luck.choice([*ADMINISTRATORS, Role.HELPER])
                    services.propose_post(
                        system, luck.choice(people), role=role, region_code=UPPER, valid_from=BEGINNING
                    )
                case "confirm":
                    waiting = list(Post.objects.waiting().order_by("pk"))  # type: ignore[attr-defined]
                    if waiting:
                        services.decide_post(security, luck.choice(waiting), confirm=luck.random() < 0.8)
                case _:
                    held = list(Post.objects.filter(person__in=people, confirmed=True, valid_to=None).order_by("pk"))
                    if held:
                        services.end_post(system, luck.choice(held), today - timedelta(days=1), "调离")
        except services.Refused:
            refused += 1
    return refused


@pytest.mark.parametrize("pair", combinations(Role, 2))
def test_every_pair_of_posts_is_allowed_or_not(pair: tuple[Role, Role]) -> None:
    first, second = pair
    assert (
        may_stand_beside(first, {str(second)})
        == apart({str(first), str(second)})
        == may_stand_beside(second, {str(first)})
    )


def test_what_one_of_the_three_may_write_no_other_may_but_for_ending() -> None:
    for action in WRITES - {Action.END_POST}:
        assert len(ADMINISTRATORS & set(RIGHTS[action])) == 1, action
    assert not [action for action in WRITES if Role.AUDIT_ADMINISTRATOR in RIGHTS[action]]
    assert not {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR} & set(RIGHTS[Action.SEE_TRAIL])
