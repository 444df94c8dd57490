"""Signing in and out, failures and second factors, told to the trail.

These are hooks that django-allauth, django-axes and Django offer for exactly this; no rule of the register lives here.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from jingzhun_web.accounts import services
from jingzhun_web.accounts.access import SignedIn, actor_of
from jingzhun_web.accounts.models import User
from jingzhun_web.audit.services import Actor, record


def connect() -> None:
    """Called once, when the application is ready."""
    from allauth.account.signals import user_logged_in
    from allauth.mfa import signals as second_factor
    from axes.signals import user_locked_out
    from django.contrib.auth.signals import user_logged_out, user_login_failed

    user_logged_in.connect(_signed_in)
    user_logged_out.connect(_signed_out)
    user_login_failed.connect(_failed)
    user_locked_out.connect(_locked_out)
    second_factor.authenticator_added.connect(_factor_added)
    second_factor.authenticator_removed.connect(_factor_removed)
    second_factor.authenticator_reset.connect(_factor_reset)
    second_factor.authentication_failed.connect(_factor_failed)


def name_typed(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The user name that somebody tries; django-axes counts failures by it."""
    return str((credentials or {}).get("username") or request.POST.get("login", ""))


def _signed_in(request: SignedIn, user: User, **_: Any) -> None:
    by = actor_of(request)
    record(by, "sign_in", about=user, detail={"address": _address(request)})
    services.keep_to_the_limit_of_sessions(by, user, request.session.session_key or "")


def _signed_out(request: SignedIn, user: User | None, **_: Any) -> None:
    if user is not None:
        record(_by(request, user), "sign_out", about=user)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """The name typed is kept only where there is such an account: people type passwords into the wrong field."""
    about = services.about_unknown(str(credentials.get("username", "")))
    by = Actor("", request_id=getattr(request, "request_id", ""))
    record(by, "sign_in.failed", about=about, detail={"address": _address(request)})


def _locked_out(request: HttpRequest, username: str, **_: Any) -> None:
    by = Actor("", request_id=getattr(request, "request_id", ""))
    record(by, "sign_in.locked", about=services.about_unknown(username), detail={"address": _address(request)})


def _factor_added(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    _tell_factor(request, user, "second_factor.add", authenticator)


def _factor_removed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    _tell_factor(request, user, "second_factor.remove", authenticator)


def _factor_reset(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    _tell_factor(request, user, "second_factor.reset", authenticator)


def _factor_failed(request: HttpRequest, user: User, authenticator: Any, **_: Any) -> None:
    _tell_factor(request, user, "second_factor.failed", authenticator)


def _tell_factor(request: HttpRequest, user: User, action: str, authenticator: Any) -> None:
    record(_by(request, user), action, about=user, detail={"type": str(getattr(authenticator, "type", ""))})


def _by(request: HttpRequest | None, user: User) -> Actor:
    return Actor(user.username, user.pk, request_id=getattr(request, "request_id", ""))


def _address(request: HttpRequest | None) -> str:
    return str(request.META.get("REMOTE_ADDR", "")) if request else ""
