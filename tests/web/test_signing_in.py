"""Signing in: lockout, second factor, one-time passwords, one session at a time; and the trail knows."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import reverse

from jingzhun_web.accounts import services
from jingzhun_web.accounts.models import User
from jingzhun_web.accounts.roles import Role
from jingzhun_web.audit.models import Entry
from tests.people import PASSWORD, STAGE, Cast, signed_in

LOGIN = "/account/login/"


def sign_in(client: Client, username: str, password: str = PASSWORD) -> Any:
    return client.post(LOGIN, {"login": username, "password": password}, follow=True)


def told() -> list[str]:
    return list(Entry.objects.order_by("-sequence").values_list("action", flat=True)[:3])


def name_of(answer: Any) -> str:
    return str(answer.resolver_match.url_name)


def test_with_a_password_where_the_post_needs_no_more(cast: Cast) -> None:
    answer = sign_in(Client(), "helper")
    assert (name_of(answer), answer.wsgi_request.user) == ("home", cast[Role.HELPER])
    assert told()[0] == "sign_in"


def test_a_password_alone_is_not_enough_for_a_post_that_sees_numbers(cast: Cast) -> None:
    client = Client()
    assert name_of(sign_in(client, "county-clerk")) == "mfa_authenticate"
    assert client.get("/").status_code == 302
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", int(time.time()) // 30))
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200 and not wrong.wsgi_request.user.is_authenticated
    answer = client.post(reverse("mfa_authenticate"), {"code": code}, follow=True)
    assert answer.wsgi_request.user == cast[Role.COUNTY_CLERK]


@pytest.mark.parametrize("role", [Role.COUNTY_APPROVER, Role.SYSTEM_ADMINISTRATOR])
def test_who_has_no_second_factor_yet_sees_nothing_before_setting_one_up(role: Role, cast: Cast) -> None:
    cast[role].authenticator_set.all().delete()
    client = signed_in(cast[role])
    for path in ("/", "/me/", f"/people/{cast.nobody.pk}/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, reverse("second_factor_needed")), path
    assert client.get(reverse("second_factor_needed")).status_code == 200


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(cast: Cast) -> None:
    wrong, unknown = sign_in(Client(), "helper", "wrong"), sign_in(Client(), "no-such-name", "wrong")
    texts = [list(answer.context["form"].non_field_errors()) for answer in (wrong, unknown)]
    assert texts[0] == texts[1] != []
    assert told()[:2] == ["sign_in.failed", "sign_in.failed"]


def test_what_was_typed_as_a_name_is_kept_only_if_there_is_such_an_account(cast: Cast) -> None:
    sign_in(Client(), "my secret password", "x")
    entry = Entry.objects.order_by("-sequence")[0]
    assert "secret" not in "".join(map(str, vars(entry).values()))


def test_too_many_failures_lock_the_account_from_every_address(cast: Cast) -> None:
    for number in range(settings.JINGZHUN.failures_before_lock):
        answer = Client(REMOTE_ADDR=f"10.0.0.{number}").post(LOGIN, {"login": "helper", "password": "wrong"})
    assert answer.status_code == 429
    assert "sign_in.locked" in told()
    right = Client(REMOTE_ADDR="10.0.1.1").post(LOGIN, {"login": "helper", "password": PASSWORD})
    assert right.status_code == 429
    assert name_of(sign_in(Client(), "leader")) == "home"


def test_a_suspended_account_cannot_sign_in_and_loses_its_sessions_at_once(cast: Cast) -> None:
    client = Client()
    sign_in(client, "helper")
    assert client.get("/").status_code == 200
    services.suspend(STAGE, cast[Role.HELPER], "离岗")
    assert client.get("/").status_code == 302
    assert not UserSession.objects.filter(user=cast[Role.HELPER]).exists()
    assert not sign_in(Client(), "helper").wsgi_request.user.is_authenticated


def test_a_one_time_password_lets_nobody_do_anything_but_change_it(cast: Cast) -> None:
    password = services.reset_password(STAGE, cast[Role.HELPER])
    client = Client()
    assert name_of(sign_in(client, "helper", password)) == "account_change_password"
    assert client.get("/me/").status_code == 302
    chosen = {"oldpassword": password, "password1": "eine lange Losung 8", "password2": "eine lange Losung 8"}
    client.post(reverse("account_change_password"), chosen)
    assert "person.change_password" in told()
    person = User.objects.get(pk=cast[Role.HELPER].pk)
    assert not person.password_is_temporary and person.check_password("eine lange Losung 8")
    assert client.get("/").status_code == 200


def test_a_second_sign_in_ends_the_first(cast: Cast) -> None:
    first, second = Client(), Client()
    sign_in(first, "helper")
    sign_in(second, "helper")
    assert second.get("/").status_code == 200
    assert first.get("/").status_code == 302
    assert UserSession.objects.filter(user=cast[Role.HELPER]).count() == 1
    assert "sessions.end" in told()


def test_signing_out_is_in_the_trail(cast: Cast) -> None:
    client = Client()
    sign_in(client, "helper")
    client.post("/account/logout/")
    assert told()[0] == "sign_out"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "path", ["/account/signup/", "/account/email/", "/account/password/reset/", "/accounts/signup/", "/admin/"]
)
def test_there_is_no_way_to_make_an_account_oneself(path: str, db: None) -> None:
    assert Client().get(path).status_code == 404


def test_the_last_second_factor_of_such_a_post_cannot_be_removed(cast: Cast) -> None:
    client = Client()
    sign_in(client, "county-clerk")
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", int(time.time()) // 30))
    client.post(reverse("mfa_authenticate"), {"code": code})
    client.post(reverse("mfa_deactivate_totp"))
    assert cast[Role.COUNTY_CLERK].authenticator_set.filter(type="totp").exists()


def test_somebody_elses_session_cannot_be_ended(cast: Cast) -> None:
    mine, theirs = Client(), Client()
    sign_in(mine, "helper")
    sign_in(theirs, "leader")
    session = UserSession.objects.get(user=cast[Role.LEADER])
    assert mine.post(reverse("end_my_session", args=[session.pk])).status_code == 404
    assert theirs.get("/").status_code == 200
