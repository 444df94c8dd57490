"""``jingzhun trail verify`` on a real database: it names the first broken entry, and the exit code tells a script."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "jingzhun_cli.main"]
TAMPERED = 8
COUNTY = "141130000000"


def environment(data: Path) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("JINGZHUN_") and name != "DATABASE_URL"
    }
    return kept | {"JINGZHUN_DATA": str(data), "JINGZHUN_LANG": "en"}


def run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], env=environment(data), cwd=ROOT, capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after its first start: divisions taken in, three administrators appointed."""
    data = tmp_path_factory.mktemp("served")
    for role in ("system", "security", "audit"):
        done = run(
            data,
            "people",
            "add",
            f"{role}-one",
            "--name",
            "某人",
            "--role",
            f"{role}_administrator",
            "--region",
            COUNTY,
        )
        assert done.returncode == 0, done.stderr
        assert "One-time password" in done.stdout
    return data


@pytest.fixture
def copy(served: Path, tmp_path: Path) -> Path:
    for name in ("jingzhun.sqlite3", "anchors.jsonl", "secret.key"):
        (tmp_path / name).write_bytes((served / name).read_bytes())
    return tmp_path


def tamper(data: Path, *statements: str) -> None:
    """As somebody with the file would: without our application, so the triggers must go first."""
    database = sqlite3.connect(data / "jingzhun.sqlite3")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f'DROP TRIGGER "{name}"')
    for statement in statements:
        assert database.execute(statement).rowcount > 0, statement
    database.commit()
    database.close()


def test_an_untouched_trail_is_whole(copy: Path) -> None:
    done = run(copy, "trail", "verify", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["fault"], told["entries"]) == (0, None, 7)
    assert told["anchors"] == 4
    assert told["rows"] > 2000


@pytest.mark.parametrize(
    ("statement", "sequence", "kind"),
    [
        ("UPDATE jingzhun_entry SET person = 'nobody' WHERE sequence = 2", 2, "changed"),
        ("UPDATE jingzhun_entry SET at = '2020-01-01T00:00:00.000000+00:00' WHERE sequence = 3", 3, "changed"),
        ("DELETE FROM jingzhun_entry WHERE sequence = 2", 3, "missing"),
        ("DELETE FROM jingzhun_entry WHERE sequence = 7", 7, "truncated"),
        ("UPDATE jingzhun_entryrow SET after = replace(after, '\"level\":5', '\"level\":4') WHERE id = 900", 1, "rows"),
        ("DELETE FROM jingzhun_entryrow WHERE id = 77", 1, "rows"),
        ("UPDATE jingzhun_entryrow SET change_id = 'elsewhere' WHERE id = 77", 1, "rows"),
        ("INSERT INTO jingzhun_entryrow (change_id, position, object_type, object_id, region_code, before, after) "
         "VALUES ('forged', 0, 'user', '1', '', '', '{}')", 0, "stray_rows"),
        ("UPDATE jingzhun_entry SET algorithm = 'md5' WHERE sequence = 1", 1, "unreadable"),
    ],
)  # fmt: skip
def test_the_first_broken_entry_and_the_kind_of_break_are_named(
    copy: Path, statement: str, sequence: int, kind: str
) -> None:
    tamper(copy, statement)
    done = run(copy, "trail", "verify", "--json")
    told = json.loads(done.stdout)["fault"]
    assert done.returncode == TAMPERED
    assert (told["sequence"], told["kind"]) == (sequence, kind)
    assert told["zh"] and told["en"]


def test_in_words_for_people(copy: Path) -> None:
    tamper(copy, "DELETE FROM jingzhun_entry WHERE sequence = 7")
    done = run(copy, "trail", "verify")
    assert done.returncode == TAMPERED
    assert "broken at entry 7" in done.stdout and "cut off" in done.stdout
    assert "第 7 条" in run(copy, "--lang", "zh", "trail", "verify").stdout


def test_an_anchor_taken_elsewhere_counts_and_without_one_a_warning_is_given(copy: Path) -> None:
    copied = copy / "elsewhere.jsonl"
    assert run(copy, "trail", "anchor", str(copied)).returncode == 0
    (copy / "anchors.jsonl").unlink()
    without = "DELETE FROM jingzhun_entryrow WHERE change_id NOT IN (SELECT change_id FROM jingzhun_entry)"
    tamper(copy, "DELETE FROM jingzhun_entry WHERE sequence > 5", without)
    blind = run(copy, "trail", "verify")
    assert blind.returncode == 0
    assert "no anchors to compare with" in blind.stderr
    assert run(copy, "trail", "verify", "--anchors", str(copied)).returncode == TAMPERED


def test_a_damaged_file_of_anchors_is_named_with_its_line(copy: Path) -> None:
    with (copy / "anchors.jsonl").open("a", encoding="utf-8") as file:
        file.write("{not an anchor\n")
    done = run(copy, "trail", "verify")
    assert done.returncode == 2
    assert "line 5" in done.stderr


def test_another_program_cannot_write_the_tables_by_accident(copy: Path) -> None:
    database = sqlite3.connect(copy / "jingzhun.sqlite3")
    with pytest.raises(sqlite3.Error, match="jingzhun_change_is_open"):
        database.execute("UPDATE jingzhun_user SET name = 'x'")
    with pytest.raises(sqlite3.Error, match="never changed"):
        database.execute("DELETE FROM jingzhun_entry")


def test_only_the_three_administrators_are_appointed_on_the_server(copy: Path) -> None:
    done = run(copy, "people", "add", "clerk", "--name", "某人", "--role", "county_clerk", "--region", COUNTY)
    assert done.returncode == 2
    assert "county_clerk is not one of audit_administrator" in done.stderr
    again = run(
        copy, "people", "add", "system-one", "--name", "某人", "--role", "system_administrator", "--region", COUNTY
    )
    assert again.returncode == 2
    nowhere = run(
        copy, "people", "add", "another", "--name", "某人", "--role", "system_administrator", "--region", "9" * 12
    )
    assert (nowhere.returncode, "no division" in nowhere.stderr) == (2, True)


def test_accounts_of_a_demonstration_are_one_per_post_and_not_for_production(copy: Path) -> None:
    made = json.loads(run(copy, "people", "demo", "--json").stdout)
    assert len(made) == 16
    assert len({one["password"] for one in made}) == 16
    assert json.loads(run(copy, "people", "demo", "--json").stdout) == []
    production = environment(copy) | {
        "JINGZHUN_MODE": "production",
        "JINGZHUN_SECRET_KEY": "x1y2z3a4b5" * 6,
        "JINGZHUN_HOSTS": "register.example.org",
    }
    done = subprocess.run([*COMMAND, "people", "demo"], env=production, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, "not made in production" in done.stderr) == (2, True)
