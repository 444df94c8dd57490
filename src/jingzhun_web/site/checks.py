"""What must hold before anything is served; run by ``check``, by ``serve`` and by the tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags
from django.core.checks import register as add


def register() -> None:
    add(every_endpoint_is_classified, Tags.urls)
    add(a_demonstration_is_no_production, Tags.security, deploy=True)


def every_endpoint_is_classified(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    from jingzhun_web.site.endpoints import endpoints

    return [
        Error(
            f"/{one.route} is not classified: nobody said who may call it.",
            hint="Put @guarded, @personal or @public of accounts.access on its view.",
            id="jingzhun.E001",
        )
        for one in endpoints()
        if one.guard is None
    ]


def a_demonstration_is_no_production(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    if settings.JINGZHUN.production:
        return []
    return [Error("JINGZHUN_MODE is demo.", hint="Set JINGZHUN_MODE=production.", id="jingzhun.E002")]
