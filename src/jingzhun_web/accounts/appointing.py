"""What the command line does with people, in plain values: it need not know Django's."""

from __future__ import annotations

import getpass
import os
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from jingzhun_web.accounts.demonstration import make_accounts
from jingzhun_web.accounts.roles import ADMINISTRATORS
from jingzhun_web.accounts.services import Refused, appoint_first
from jingzhun_web.audit.services import SERVER, Actor

DJANGO_LANGUAGES = {"zh": "zh-hans", "en": "en"}


def appoint(username: str, name: str, role: str, region_code: str, language: str) -> tuple[str, str]:
    """An administrator named on the server: user name and one-time password. ValueError says what is wrong."""
    with override(DJANGO_LANGUAGES[language]):
        known = {str(one): one for one in ADMINISTRATORS}
        if role not in known:
            raise Refused(_("%(role)s is not one of %(known)s.") % {"role": role, "known": ", ".join(sorted(known))})
        try:
            person, password = appoint_first(
                _whoever_runs_this(), username=username, name=name, role=known[role], region_code=region_code,
                day=timezone.localdate(),
            )  # fmt: skip
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
    return person.username, password


def invent(county_code: str, day: date, language: str) -> list[dict[str, str]]:
    """Accounts of a demonstration as plain rows; ValueError says what is wrong."""
    with override(DJANGO_LANGUAGES[language]):
        return [
            {"role": str(one.role.label), "username": one.username, "password": one.password, "region": one.region_code}
            for one in make_accounts(county_code, day)
        ]


def _whoever_runs_this() -> Actor:
    try:
        account = getpass.getuser()
    except (OSError, KeyError):  # a container without such a user
        account = f"uid {os.getuid()}"
    return Actor(SERVER, post=account)
