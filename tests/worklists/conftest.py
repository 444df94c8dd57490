"""A small delivery with problems."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake.making import person, workbook
from tests.worklists.returning import frozen


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    """Two people whose sex contradicts their number, and one who is right."""
    rows = [person(1, 性别="女"), person(2, 性别="女"), person(3)]
    return frozen(tmp_path, [workbook(tmp_path / "人员.xlsx", rows)])
