"""The application as Django knows it: one app for all rooms."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class JingzhunConfig(AppConfig):
    name = "jingzhun_web"
    label = "jingzhun"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from jingzhun_web.accounts import signing
        from jingzhun_web.audit.guards import on_connection_created
        from jingzhun_web.site import checks

        connection_created.connect(on_connection_created)
        post_migrate.connect(_install_guards, sender=self)
        signing.connect()
        checks.register()


def _install_guards(using: str, **_: Any) -> None:
    from django.db import connections

    from jingzhun_web.audit.guards import install

    install(connections[using])
