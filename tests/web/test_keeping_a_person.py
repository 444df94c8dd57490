"""Changing, suspending, resuming, a new password, ending sessions: who may, and what the trail says."""

from __future__ import annotations

import pytest
from django.urls import reverse

from jingzhun_web.accounts import services
from jingzhun_web.accounts.roles import Role
from jingzhun_web.audit.models import Entry, EntryRow
from jingzhun_web.audit.services import Actor
from tests.people import UPPER, Cast, signed_in

SENT = {
    "change_person": {"name": "改名", "phone": "", "region_code": UPPER},
    "suspend_person": {"reason": "离岗"},
    "reset_password": {},
    "end_sessions": {},
}
MAY = dict.fromkeys(SENT, Role.SYSTEM_ADMINISTRATOR) | {"end_sessions": Role.SECURITY_ADMINISTRATOR}


@pytest.mark.parametrize("name", SENT)
@pytest.mark.parametrize("role", Role)
def test_it_is_refused_to_all_but_one_post(role: Role, name: str, cast: Cast) -> None:
    someone, before = cast.residents[UPPER], Entry.objects.filter(action__startswith="person.").count()
    answer = signed_in(cast[role]).post(reverse(name, args=[someone.pk]), SENT[name])
    assert (answer.status_code in {200, 302}) == (role is MAY[name])
    if role is not MAY[name]:
        assert Entry.objects.filter(action__startswith="person.").count() == before


def test_a_change_is_in_the_trail_with_what_it_was_before(cast: Cast) -> None:
    someone = cast.residents[UPPER]
    signed_in(cast[Role.SYSTEM_ADMINISTRATOR]).post(reverse("change_person", args=[someone.pk]), SENT["change_person"])
    entry = Entry.objects.filter(action="person.change").order_by("-sequence")[0]
    row = EntryRow.objects.get(change_id=entry.change_id)
    assert "上官宁" in row.before and "改名" in row.after


def test_suspending_asks_why_and_resuming_undoes_it(cast: Cast) -> None:
    client, someone = signed_in(cast[Role.SYSTEM_ADMINISTRATOR]), cast.residents[UPPER]
    path = reverse("suspend_person", args=[someone.pk])
    assert client.post(path, {"reason": ""}).status_code == 422
    someone.refresh_from_db()
    assert someone.is_active
    client.post(path, {"reason": "离岗"})
    someone.refresh_from_db()
    assert not someone.is_active
    assert Entry.objects.filter(action="person.suspend", purpose="离岗").exists()
    client.post(path, {"reason": "回岗"})
    someone.refresh_from_db()
    assert someone.is_active


def test_nobody_suspends_themselves(cast: Cast) -> None:
    administrator = cast[Role.SYSTEM_ADMINISTRATOR]
    with pytest.raises(services.Refused):
        services.suspend(Actor(administrator.username, administrator.pk), administrator, "试试")
    signed_in(administrator).post(reverse("suspend_person", args=[administrator.pk]), {"reason": "试试"})
    administrator.refresh_from_db()
    assert administrator.is_active
