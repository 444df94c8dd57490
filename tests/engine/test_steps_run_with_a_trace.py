"""A step is named SQL: run in order, traced, and told in full when it fails."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from jingzhun.engine import DuckDBEngine, Step, StepFailed, quoted


def test_a_later_step_reads_what_an_earlier_one_wrote() -> None:
    with DuckDBEngine(threads=1) as engine:
        engine.run(Step("ones", "SELECT 1 AS x UNION ALL SELECT 1"))
        engine.run(Step("total", "SELECT sum(x) AS x FROM ones"))
        assert engine.value("SELECT x FROM total") == 2
        assert [(traced.step.name, traced.rows) for traced in engine.trace] == [("ones", 2), ("total", 1)]


def test_a_failing_step_names_itself_and_shows_its_sql() -> None:
    with DuckDBEngine(threads=1) as engine, pytest.raises(StepFailed) as failed:
        engine.run(Step("village_facts", "SELECT nothing FROM nowhere"))
    assert failed.value.step.name == "village_facts"
    assert "SELECT nothing FROM nowhere" in str(failed.value)


def test_a_failing_query_shows_its_sql_too() -> None:
    with DuckDBEngine(threads=1) as engine, pytest.raises(StepFailed, match="SELECT broken"):
        engine.rows("SELECT broken")


def test_a_name_may_turn_from_table_to_view_and_back() -> None:
    with DuckDBEngine(threads=1) as engine:
        for view in (False, True, False):
            engine.run(Step("thing", "SELECT 7 AS x", view=view))
            assert engine.rows("SELECT * FROM thing") == [{"x": 7}]


def test_a_table_written_to_parquet_reads_back_in_order(tmp_path: Path) -> None:
    path = tmp_path / "it's a file.parquet"
    with DuckDBEngine(threads=1) as engine:
        engine.load("given", pa.table({"x": [3, 1, 2]}))
        engine.copy_to_parquet("SELECT * FROM given ORDER BY x", path)
        engine.read_parquet("read_back", [path])
        assert [row["x"] for row in engine.rows("SELECT * FROM read_back")] == [1, 2, 3]


def test_the_spill_folder_goes_with_the_engine() -> None:
    engine = DuckDBEngine(threads=1)
    folder = Path(engine.value("SELECT current_setting('temp_directory')"))
    assert folder.is_dir()
    engine.close()
    assert not folder.exists()


def test_a_quote_in_a_literal_is_doubled() -> None:
    with DuckDBEngine(threads=1) as engine:
        assert engine.value(f"SELECT {quoted(chr(39) + '; DROP TABLE x; --')}") == "'; DROP TABLE x; --"
