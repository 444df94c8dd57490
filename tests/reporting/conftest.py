"""The sheets are written once for all tests of this room."""

from __future__ import annotations

from pathlib import Path

import pytest

from jingzhun.reporting import write_answer_sheet
from tests.reporting import sheets


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The prefecture's sheet in every language and format."""
    return write_answer_sheet(sheets.prefecture(), tmp_path_factory.mktemp("sheet"))


@pytest.fixture(scope="session")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A sheet full of markup, formulas and gaps."""
    return write_answer_sheet(sheets.awkward(), tmp_path_factory.mktemp("awkward"))
