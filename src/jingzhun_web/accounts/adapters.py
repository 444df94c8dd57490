"""How django-allauth is held to our rules: no sign-up, and passwords are changed through our service."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from jingzhun_web.accounts import services
from jingzhun_web.accounts.access import needs_second_factor
from jingzhun_web.accounts.models import User
from jingzhun_web.audit.services import Actor


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the system administrator only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: User, password: str) -> None:
        by = Actor(user.username, user.pk, request_id=getattr(self.request, "request_id", ""))
        services.change_password(by, user, password)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Whoever needs a second factor for a post cannot give the last one up."""

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        person = authenticator.user
        if authenticator.type == authenticator.Type.RECOVERY_CODES or not needs_second_factor(person):
            return True
        kinds = (authenticator.Type.TOTP, authenticator.Type.WEBAUTHN)
        return bool(person.authenticator_set.filter(type__in=kinds).count() > 1)
