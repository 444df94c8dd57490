"""A telephone number is masked; who says what for may see it, and the look is in the trail before it is shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jingzhun_web.accounts.roles import Role
from jingzhun_web.audit.models import Entry, Kind
from tests.people import CANARY, UPPER, Cast, signed_in


def reads() -> int:
    return Entry.objects.filter(kind=Kind.READ).count()


def test_it_is_masked_until_a_purpose_is_given(cast: Cast) -> None:
    client, someone = signed_in(cast[Role.COUNTY_CLERK]), cast.residents[UPPER]
    page = client.get(reverse("person", args=[someone.pk])).content.decode()
    assert CANARY[UPPER] not in page and "139****0001" in page
    refused = client.post(reverse("see_phone", args=[someone.pk]), {"purpose": " "})
    assert refused.status_code == 422 and CANARY[UPPER] not in refused.content.decode()
    assert reads() == 0
    shown = client.post(reverse("see_phone", args=[someone.pk]), {"purpose": "通知开会"})
    assert CANARY[UPPER] in shown.content.decode()
    assert Entry.objects.get(kind=Kind.READ).purpose == "通知开会"
    assert shown["Cache-Control"] == "no-store, private"


def test_the_person_sees_who_looked(cast: Cast) -> None:
    someone = cast.residents[UPPER]
    signed_in(cast[Role.COUNTY_CLERK]).post(reverse("see_phone", args=[someone.pk]), {"purpose": "通知开会"})
    page = signed_in(someone).get(reverse("who_looked_at_me")).content.decode()
    assert "county-clerk" in page and "通知开会" in page
    assert "county-clerk" not in signed_in(cast.nobody).get(reverse("who_looked_at_me")).content.decode()


@pytest.mark.parametrize("role", [Role.HELPER, Role.LEADER, Role.SYSTEM_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR])
def test_it_is_refused_to_posts_that_have_no_use_for_it(role: Role, cast: Cast) -> None:
    answer = signed_in(cast[role]).post(reverse("see_phone", args=[cast.residents[UPPER].pk]), {"purpose": "想知道"})
    assert answer.status_code in {403, 404}
    assert CANARY[UPPER] not in answer.content.decode()
    assert reads() == 0
