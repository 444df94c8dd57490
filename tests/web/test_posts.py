"""A post is proposed by one and confirmed by another; it counts from a day to a day, in its region; then it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from jingzhun_web.accounts import access, services
from jingzhun_web.accounts.access import Place, decide
from jingzhun_web.accounts.models import Post, User
from jingzhun_web.accounts.rights import Action, Answer
from jingzhun_web.accounts.roles import Role
from jingzhun_web.audit.models import Entry
from jingzhun_web.audit.services import Actor, recorded
from jingzhun_web.regions.models import Region
from tests.people import BEGINNING, EAST, LOWER, PINE, STAGE, UPPER, Cast, signed_in

TODAY = date(2026, 6, 1)


def by(person: User) -> Actor:
    return Actor(person.username, person.pk)


def proposed(cast: Cast, role: Role = Role.LEADER, person: User | None = None) -> Post:
    proposer = by(cast[Role.SYSTEM_ADMINISTRATOR])
    return services.propose_post(proposer, person or cast.nobody, role=role, region_code=UPPER, valid_from=BEGINNING)


def test_it_counts_only_once_the_security_administrator_has_confirmed_it(cast: Cast) -> None:
    client = signed_in(cast[Role.SYSTEM_ADMINISTRATOR])
    client.post(
        reverse("propose_post", args=[cast.nobody.pk]),
        {"role": "leader", "region_code": UPPER, "valid_from": "2020-01-01"},
    )
    post = cast.nobody.posts.get()
    assert decide(cast.nobody, Action.SEE_PEOPLE, Place(UPPER)) is Answer.HIDDEN
    second = signed_in(cast[Role.SECURITY_ADMINISTRATOR])
    assert cast.nobody.name in second.get("/").content.decode()
    second.post(reverse("confirm_post", args=[post.pk]))
    assert decide(cast.nobody, Action.SEE_PEOPLE, Place(UPPER)) is Answer.ALLOWED
    assert [entry.action for entry in Entry.objects.order_by("-sequence")[:1]] == ["post.confirm"]


def test_a_refused_post_never_counts(cast: Cast) -> None:
    post = proposed(cast)
    signed_in(cast[Role.SECURITY_ADMINISTRATOR]).post(reverse("refuse_post", args=[post.pk]))
    post.refresh_from_db()
    assert (post.state, access.posts_in_force(cast.nobody)) == ("refused", [])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMINISTRATOR])
@pytest.mark.parametrize("name", ["confirm_post", "refuse_post"])
def test_deciding_is_refused_to_everybody_else(name: str, role: Role, cast: Cast) -> None:
    post = proposed(cast)
    assert signed_in(cast[role]).post(reverse(name, args=[post.pk])).status_code in {403, 404}
    post.refresh_from_db()
    assert post.decided_at is None


def test_neither_the_proposer_nor_the_holder_decides(cast: Cast) -> None:
    post = proposed(cast)
    for person in (cast[Role.SYSTEM_ADMINISTRATOR], cast.nobody):
        with pytest.raises(services.Refused):
            services.decide_post(by(person), post, confirm=True)


@pytest.mark.parametrize("holder", ["proposed_by_id", "person_id"])
def test_the_database_refuses_it_too(holder: str, cast: Cast) -> None:
    post = proposed(cast)
    with pytest.raises(Error, match="post_"), transaction.atomic(), recorded(STAGE, "post.confirm"):
        Post.objects.filter(pk=post.pk).update(decided_by_id=getattr(post, holder))


def test_it_is_decided_once(cast: Cast) -> None:
    post = proposed(cast)
    services.decide_post(by(cast[Role.SECURITY_ADMINISTRATOR]), post, confirm=False)
    with pytest.raises(services.Refused):
        services.decide_post(by(cast[Role.SECURITY_ADMINISTRATOR]), post, confirm=True)


def test_it_counts_from_its_first_day_to_its_last(cast: Cast) -> None:
    with recorded(STAGE, "post.end"):
        post = services.hold_at_once(cast.nobody, Role.LEADER, UPPER, TODAY)
        post.valid_to = TODAY + timedelta(days=10)
        post.save()
    due = {-1: Answer.HIDDEN, 0: Answer.ALLOWED, 10: Answer.ALLOWED, 11: Answer.HIDDEN}
    for days, answer in due.items():
        assert decide(cast.nobody, Action.SEE_PEOPLE, Place(UPPER), TODAY + timedelta(days=days)) is answer


def test_ending_it_takes_the_rights_away_the_day_after(cast: Cast) -> None:
    leader = cast[Role.LEADER]
    post, client = leader.posts.get(), signed_in(cast[Role.SYSTEM_ADMINISTRATOR])
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = client.post(reverse("end_post", args=[post.pk]), {"reason": "调离", "last_day": str(yesterday)})
    assert answer.status_code == 302
    assert signed_in(leader).get(reverse("people", args=[UPPER])).status_code == 404
    wrong = client.post(reverse("end_post", args=[post.pk]), {"reason": "调离", "last_day": "1999-01-01"})
    assert wrong.status_code == 422


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR}]
)
@pytest.mark.parametrize("name", ["propose_post", "end_post"])
def test_proposing_and_ending_are_refused_to_others(name: str, role: Role, cast: Cast) -> None:
    target = cast.nobody.pk if name == "propose_post" else cast[Role.LEADER].posts.get().pk
    sent = {
        "role": "leader",
        "region_code": UPPER,
        "valid_from": "2020-01-01",
        "reason": "调离",
        "last_day": "2020-01-01",
    }
    assert signed_in(cast[role]).post(reverse(name, args=[target]), sent).status_code in {403, 404}


def test_scope_follows_a_township_that_moves_to_another_county(cast: Cast) -> None:
    """Upper Township goes to another county on a day: the county loses it then, and not before."""
    clerk = cast.nobody
    with recorded(STAGE, "regions.take_in"):
        services.hold_at_once(clerk, Role.COUNTY_CLERK, PINE, BEGINNING)
        old = Region.objects.get(code=UPPER)
        Region.objects.filter(code=UPPER).update(valid_to=TODAY)
        moved = old.path.replace(PINE, "911122000000")
        Region.objects.create(code=UPPER, name=old.name, level=4, path=moved, valid_from=TODAY)
    before, after = TODAY - timedelta(days=1), TODAY
    assert decide(clerk, Action.SEE_PEOPLE, Place(UPPER), before) is Answer.ALLOWED
    assert decide(clerk, Action.SEE_PEOPLE, Place(UPPER), after) is Answer.HIDDEN
    assert decide(clerk, Action.SEE_PEOPLE, Place(LOWER), after) is Answer.ALLOWED


def test_an_unknown_region_is_nobodys(cast: Cast) -> None:
    for person in cast.by_role.values():
        for action in Action:
            assert decide(person, action, Place("999999999999")) is Answer.HIDDEN


def test_a_list_shows_only_what_lies_in_ones_area(cast: Cast) -> None:
    page = signed_in(cast[Role.LEADER]).get(reverse("people", args=[UPPER])).content.decode()
    assert "上官宁" in page and "东方平" in page
    assert not [name for name in ("松本和", "夏侯安", "北宫远") if name in page]
    found = User.objects.filter(access.scope(cast[Role.LEADER], Action.SEE_PEOPLE))
    assert {person.region_code for person in found} == {UPPER, EAST}
    assert not User.objects.filter(access.scope(cast.nobody, Action.SEE_PEOPLE)).exists()
