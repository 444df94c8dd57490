"""The system administrator makes accounts in their area; nobody else does."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jingzhun_web.accounts.models import User
from jingzhun_web.accounts.roles import Role
from jingzhun_web.audit.models import Entry
from tests.people import EAST, LOWER, UPPER, Cast, signed_in

NEW = {"username": "newcomer", "name": "新人", "phone": "13911119999", "region_code": EAST}


def test_it_is_made_with_a_password_that_is_shown_once_and_must_be_changed(cast: Cast) -> None:
    client = signed_in(cast[Role.SYSTEM_ADMINISTRATOR])
    answer = client.post(reverse("add_person", args=[UPPER]), NEW)
    person = User.objects.get(username="newcomer")
    assert person.check_password(answer.context["password"])
    assert person.password_is_temporary and not person.posts.exists()
    entry = Entry.objects.order_by("-sequence")[0]
    assert (entry.action, entry.person, entry.object_id) == ("person.add", "system-administrator", str(person.pk))
    assert entry.post == f"system_administrator@{UPPER}"
    assert entry.request_id == answer["X-Request-ID"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM_ADMINISTRATOR])
def test_it_is_refused_to_everybody_else(role: Role, cast: Cast) -> None:
    answer = signed_in(cast[role]).post(reverse("add_person", args=[UPPER]), NEW)
    assert answer.status_code in {403, 404}
    assert not User.objects.filter(username="newcomer").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "nobody"),
        ("username", "Big Letters"),
        ("username", ""),
        ("name", ""),
        ("phone", "call me"),
        ("region_code", "x"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(field: str, value: str, cast: Cast) -> None:
    answer = signed_in(cast[Role.SYSTEM_ADMINISTRATOR]).post(reverse("add_person", args=[UPPER]), {**NEW, field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.filter(name="新人").exists()


def test_it_is_not_made_in_a_region_of_others(cast: Cast) -> None:
    client = signed_in(cast[Role.SYSTEM_ADMINISTRATOR])
    assert client.post(reverse("add_person", args=[UPPER]), {**NEW, "region_code": LOWER}).status_code == 404
    assert not User.objects.filter(username="newcomer").exists()
