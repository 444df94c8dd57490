"""How the server is prepared and started. The command line calls this; it knows no Django itself."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import django
from django.conf import settings

THREADS = 4
"""Of each worker: pages wait for the database now and then, but hold Python's lock otherwise."""
Say = Callable[[str, str], None]
"""Tells something in Chinese and English while it happens."""


def set_up() -> None:
    """Make Django ready; WrongSettings if the environment is not right."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jingzhun_web.site.settings"  # whatever else is worked on in this shell
    django.setup()


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the first start did."""

    divisions: int
    administrators: int


def prepare(say: Say) -> Prepared:
    """Everything that must be there before the first request: folder, secret, tables, static files, divisions."""
    _keep_secret()
    _make_tables()
    from jingzhun_web.accounts.models import Post
    from jingzhun_web.accounts.roles import ADMINISTRATORS
    from jingzhun_web.regions.queries import is_loaded

    divisions = 0
    if not is_loaded():
        say("正在读入区划……", "taking the divisions in …")
        divisions = _take_divisions_in()
    return Prepared(divisions, Post.objects.filter(role__in=[str(role) for role in ADMINISTRATORS]).count())


def _keep_secret() -> None:
    """A demonstration gets a secret of its own at the first start, in a file that only its owner can read."""
    configuration = settings.JINGZHUN
    configuration.data.mkdir(parents=True, exist_ok=True)
    if configuration.production or configuration.secret_file.exists():
        return
    descriptor = os.open(configuration.secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))


def _make_tables() -> None:
    from django.core.management import call_command

    call_command("check", fail_level="ERROR", stdout=io.StringIO())  # raises if something is wrong
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)  # compressed there, once, for slow lines


def _take_divisions_in() -> int:
    from jingzhun_web.audit.services import SERVER, Actor
    from jingzhun_web.bridge.divisions import take_in_pack

    return take_in_pack(Actor(SERVER), settings.JINGZHUN.pack)


def serve(address: str, port: int, workers: int) -> None:
    """Answer requests until interrupted. Each worker is a process with a handful of threads."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "jingzhun_web.site.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()
