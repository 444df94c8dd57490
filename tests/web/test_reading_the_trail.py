"""What happened to this object, what did this person do, what happened here: pages for those who inspect."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.urls import reverse

from jingzhun_web.accounts import services
from jingzhun_web.accounts.roles import Role
from jingzhun_web.audit import anchors, queries
from jingzhun_web.audit.models import Entry
from jingzhun_web.audit.services import Actor, record, recorded
from jingzhun_web.regions.models import Region
from tests.people import BEGINNING, STAGE, UPPER, Cast, signed_in


def page(cast: Cast, name: str, *args: object, role: Role = Role.AUDIT_ADMINISTRATOR) -> str:
    return signed_in(cast[role]).get(reverse(name, args=args)).content.decode()


def test_what_happened_to_an_object_with_each_field_before_and_after(cast: Cast) -> None:
    services.change_person(Actor("some-clerk"), cast.residents[UPPER], name="上官静", region_code=UPPER, phone="")
    told = page(cast, "trail_of_object", "user", cast.residents[UPPER].pk)
    assert "some-clerk" in told and "修改账号" in told
    assert "上官宁 → 上官静" in told


def test_a_row_changed_along_with_others_is_found_too(cast: Cast) -> None:
    with recorded(STAGE, "regions.take_in", purpose="更名"):
        Region.objects.filter(code__startswith=UPPER[:9]).update(name="新名")
    told = page(cast, "trail_of_object", "region", Region.objects.get(code=UPPER).pk)
    assert "更名" in told and "上镇 → 新名" in told and "东村" not in told.split("更名")[1]


def test_an_object_that_is_gone_keeps_its_history_and_its_place(cast: Cast) -> None:
    with recorded(STAGE, "regions.take_in"):
        gone = Region.objects.create(code="911121100209", name="旧村", level=5, path="x/", valid_from=BEGINNING)
    key = gone.pk
    with recorded(STAGE, "regions.take_in"):
        gone.delete()
    assert signed_in(cast.nobody).get(reverse("trail_of_object", args=["region", key])).status_code == 404
    for path in (["region", 10**9], ["region", "x"], ["entry", 1], ["nothing", 1]):
        assert signed_in(cast[Role.AUDIT_ADMINISTRATOR]).get(reverse("trail_of_object", args=path)).status_code == 404
    assert [told.entry.action for told in queries.entries_about("region", str(key))] == ["regions.take_in"] * 2


def test_what_a_person_did(cast: Cast) -> None:
    someone = cast.residents[UPPER]
    record(Actor(someone.username, someone.pk), "sign_out")
    assert "退出" in page(cast, "trail_of_person", someone.pk)
    assert "退出" in signed_in(someone).get(reverse("what_i_did")).content.decode()


def test_what_happened_in_an_area_and_nothing_from_elsewhere(cast: Cast) -> None:
    record(STAGE, "sign_in", about=cast.residents[UPPER])
    told = queries.entries_in([UPPER])
    assert told and {one.entry.region_code for one in told} == {UPPER}
    assert "登录" in page(cast, "trail_of_region", UPPER)


def test_a_long_trail_is_read_page_by_page_without_a_gap(cast: Cast) -> None:
    someone = cast.residents[UPPER]
    for _ in range(queries.PAGE + 5):
        record(Actor(someone.username, someone.pk), "sign_in")
    first = queries.entries_of(someone.pk)
    second = queries.entries_of(someone.pk, before=first[-1].entry.sequence)
    numbers = [one.entry.sequence for one in first + second]
    assert numbers == sorted(set(numbers), reverse=True)
    assert len(numbers) == Entry.objects.filter(person_id=someone.pk).count() == queries.PAGE + 5
    assert f"?before={first[-1].entry.sequence}" in page(cast, "trail_of_person", someone.pk)


def test_the_head_is_anchored_when_asked(cast: Cast) -> None:
    head = queries.head()
    assert head is not None
    client = signed_in(cast[Role.AUDIT_ADMINISTRATOR])
    assert head.hash in client.get(reverse("trail_head")).content.decode()
    client.post(reverse("trail_head"))
    assert head in set(anchors.read(settings.JINGZHUN.anchors))
    assert Entry.objects.order_by("-sequence")[0].action == "trail.anchor"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDIT_ADMINISTRATOR])
def test_anchoring_is_refused_to_everybody_else(role: Role, cast: Cast) -> None:
    assert signed_in(cast[role]).post(reverse("trail_head")).status_code in {403, 404}
