"""The cast is written once; every test gets it back as it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.people import Cast, assemble


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    global _cast
    with django_db_blocker.unblock():
        _cast = assemble()
    yield


_cast: Cast | None = None


@pytest.fixture
def cast(db: None) -> Cast:
    assert _cast is not None
    for person in [*_cast.by_role.values(), _cast.nobody, *_cast.residents.values()]:
        person.refresh_from_db()
    for post in _cast.waiting.values():
        post.refresh_from_db()
    return _cast


@pytest.fixture
def sqlite_only() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
