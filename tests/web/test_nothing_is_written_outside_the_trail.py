"""No model of the product can be written but inside a recorded change, whatever way is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import Error, connection, models, transaction

from jingzhun_web.accounts.models import Post, User
from jingzhun_web.audit import guards
from jingzhun_web.audit.kept import Kept, OutsideTrail
from jingzhun_web.audit.models import Entry, EntryRow
from jingzhun_web.audit.services import recorded
from jingzhun_web.regions.models import Region
from tests.people import BEGINNING, STAGE, UPPER, Cast

MODELS = list(apps.get_app_config("jingzhun").get_models())
KEPT = [model for model in MODELS if issubclass(model, Kept)]
CHAINED = [Entry, EntryRow]


def row_of(model: type[models.Model], cast: Cast) -> Kept:
    rows: dict[type[models.Model], Callable[[], Kept]] = {
        User: lambda: cast.nobody,
        Post: lambda: cast.waiting[UPPER],
        Region: lambda: Region.objects.get(code=UPPER),
    }
    return rows[model]()


def test_every_model_is_kept_or_is_the_trail_itself() -> None:
    assert set(MODELS) - set(CHAINED) == set(KEPT)
    assert len(KEPT) >= 3


@pytest.mark.parametrize("model", KEPT)
def test_every_reference_between_kept_rows_protects_the_row_it_points_to(model: type[Kept]) -> None:
    """A cascade would delete rows that no change gathered."""
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey):
            assert field.remote_field.on_delete is models.PROTECT, field


WAYS: dict[str, Callable[[Kept], Any]] = {
    "save": lambda row: row.save(),
    "delete": lambda row: row.delete(),
    "create": lambda row: type(row).objects.create(**row.row()),
    "bulk_create": lambda row: type(row).objects.bulk_create([type(row)(**row.row())]),
    "bulk_update": lambda row: type(row).objects.bulk_update(
        [row], ["region_code" if hasattr(row, "region_code") else "name"]
    ),
    "update": lambda row: type(row).objects.filter(pk=row.pk).update(pk=row.pk),
    "delete many": lambda row: type(row).objects.filter(pk=row.pk).delete(),
    "get_or_create": lambda row: type(row).objects.get_or_create(pk=987654, defaults=row.row()),
    "update_or_create": lambda row: type(row).objects.update_or_create(pk=row.pk, defaults=row.row()),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", KEPT)
def test_the_orm_refuses(model: type[Kept], way: str, cast: Cast) -> None:
    row = row_of(model, cast)
    with pytest.raises(OutsideTrail, match=model.__name__):
        WAYS[way](row)


STATEMENTS = {
    "insert": "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = {key}",
    "update": "UPDATE {table} SET id = id WHERE id = {key}",
    "delete": "DELETE FROM {table} WHERE id = {key}",
}


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("model", KEPT)
def test_the_database_refuses(model: type[Kept], statement: str, cast: Cast) -> None:
    row = row_of(model, cast)
    columns = ", ".join(column.column for column in model.columns())
    sql = STATEMENTS[statement].format(table=model._meta.db_table, columns=columns, key=row.pk)
    with pytest.raises(Error, match="outside a recorded change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("model", KEPT)
def test_inside_a_recorded_change_the_same_statement_passes(model: type[Kept], cast: Cast) -> None:
    """Or the refusals above would prove nothing."""
    row = row_of(model, cast)
    with recorded(STAGE, "person.change"), connection.cursor() as cursor:
        cursor.execute(STATEMENTS["update"].format(table=model._meta.db_table, key=row.pk))
        assert cursor.rowcount == 1


def test_without_its_triggers_the_database_would_not_refuse(cast: Cast) -> None:
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(STATEMENTS["update"].format(table=User._meta.db_table, key=cast.nobody.pk))
        assert cursor.rowcount == 1


@pytest.mark.parametrize("statement", ["UPDATE {table} SET change_id = change_id", "DELETE FROM {table}"])
@pytest.mark.parametrize("model", CHAINED)
def test_entries_are_never_changed_even_inside_a_change(model: type[models.Model], statement: str, cast: Cast) -> None:
    with pytest.raises(Error, match="never changed"), recorded(STAGE, "person.change"), connection.cursor() as cursor:
        cursor.execute(statement.format(table=model._meta.db_table))


@pytest.mark.parametrize("model", CHAINED)
def test_nobody_puts_an_entry_in_by_hand(model: type[models.Model], cast: Cast) -> None:
    first = model._default_manager.order_by("pk").first()
    assert first is not None
    first.pk = None if model is EntryRow else 10**9
    with pytest.raises(Error, match="outside a recorded change"), transaction.atomic():
        model._default_manager.bulk_create([first])


@pytest.mark.parametrize("model", [*KEPT, Entry, EntryRow])
def test_postgresql_refuses_to_empty_a_table(model: type[models.Model], cast: Cast) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(Error, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")


def test_after_a_change_the_door_is_shut_again(cast: Cast) -> None:
    with recorded(STAGE, "person.change"):
        cast.nobody.save()
    with pytest.raises(OutsideTrail):
        cast.nobody.save()
    with pytest.raises(Error, match="outside a recorded change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STATEMENTS["update"].format(table=User._meta.db_table, key=cast.nobody.pk))


def test_after_a_change_that_failed_the_door_is_shut_too(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), recorded(STAGE, "person.change"):
        raise ZeroDivisionError
    with pytest.raises(Error, match="outside a recorded change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STATEMENTS["update"].format(table=User._meta.db_table, key=cast.nobody.pk))


def test_a_row_that_may_clash_is_not_taken(cast: Cast) -> None:
    with pytest.raises(ValueError, match="never whichever"), recorded(STAGE, "regions.take_in"):
        Region.objects.bulk_create(
            [Region(code=UPPER, name="x", level=4, path="x/", valid_from=BEGINNING)], ignore_conflicts=True
        )
