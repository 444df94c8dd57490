"""The second net, in the database itself: entries cannot be changed, kept tables only be written inside a change.

A statement that goes round the ORM meets a trigger. On SQLite the trigger asks a function that only this application
defines, so another program cannot write the tables at all; on PostgreSQL it asks a setting of the transaction. Who owns
the database can drop triggers; that is what the chain and the anchors outside the database are for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from jingzhun_web.audit.kept import Kept, is_open
from jingzhun_web.audit.models import Entry, EntryRow

FUNCTION = "jingzhun_change_is_open"
SETTING = "jingzhun.change_is_open"
FOREVER: tuple[type[models.Model], ...] = (Entry, EntryRow)
"""Tables whose rows are never changed or deleted, whoever asks."""


def kept_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if issubclass(model, Kept)]


def on_connection_created(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Give SQLite the function that its triggers ask; connected in ``apps``."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(FUNCTION, 0, lambda: int(is_open()))


@contextmanager
def opened(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Tell PostgreSQL that writes of this transaction are being recorded, until the block ends."""
    if connection.vendor != "postgresql":
        yield
        return
    _set(connection, "1")
    yield
    _set(connection, "")  # after an error the roll-back takes it back


def _set(connection: BaseDatabaseWrapper, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, value])


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place, anew after every migration, because SQLite makes changed tables afresh."""
    statements = _for_sqlite() if connection.vendor == "sqlite" else _for_postgresql()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away. Only those who play the attacker in tests need this."""
    with connection.cursor() as cursor:
        for name, table, _, _ in _wanted():
            on = "" if connection.vendor == "sqlite" else f' ON "{table}"'
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def _wanted() -> Iterator[tuple[str, str, str, bool]]:
    """(trigger, table, event, whether it is refused even inside a change)."""
    for model in (*kept_models(), *FOREVER):
        table = model._meta.db_table
        for event in ("INSERT", "UPDATE", "DELETE"):
            yield f"{table}_{event.lower()}_kept", table, event, model in FOREVER and event != "INSERT"


def _for_sqlite() -> Iterable[str]:
    for name, table, event, always in _wanted():
        when = "" if always else f" WHEN NOT {FUNCTION}()"
        yield f'DROP TRIGGER IF EXISTS "{name}"'
        yield (
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}"{when} '
            f"BEGIN SELECT RAISE(ABORT, '{_refusal(table, always)}'); END"
        )


def _for_postgresql() -> Iterable[str]:
    yield f"""
        CREATE OR REPLACE FUNCTION jingzhun_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_ARGV[0] = 'always' OR coalesce(current_setting('{SETTING}', true), '') <> '1' THEN
                RAISE EXCEPTION '%', TG_ARGV[1];
            END IF;
            RETURN NULL;
        END $$"""
    for name, table, event, always in (*_wanted(), *_truncations()):
        how = "always" if always else "outside"
        yield f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
        yield (
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH STATEMENT '
            f"EXECUTE FUNCTION jingzhun_refuse('{how}', '{_refusal(table, always)}')"
        )


def _truncations() -> Iterator[tuple[str, str, str, bool]]:
    for model in (*kept_models(), *FOREVER):
        yield f"{model._meta.db_table}_truncate_kept", model._meta.db_table, "TRUNCATE", True


def _refusal(table: str, always: bool) -> str:
    if always:
        return f"{table}: entries of the trail are never changed or deleted / 痕迹记录不得修改或删除"
    return f"{table}: written outside a recorded change / 未经痕迹记录的写入"
