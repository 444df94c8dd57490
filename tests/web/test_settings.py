"""Settings are typed, wrong ones stop everything with all faults at once, and no secret works by default."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jingzhun_web.site.configuration import SETTINGS, WrongSettings, load

ROOT = Path(__file__).parents[2]
SECRET = "a1B2c3D4e5F6g7H8i9J0" * 3
PRODUCTION = {"JINGZHUN_MODE": "production", "JINGZHUN_SECRET_KEY": SECRET, "JINGZHUN_HOSTS": "register.example.org"}


def faults(environment: dict[str, str]) -> str:
    with pytest.raises(WrongSettings) as caught:
        load(environment)
    assert re.search(r"[\u4e00-\u9fff]", caught.value.zh)
    return caught.value.en


def test_without_any_it_is_a_demonstration_on_sqlite() -> None:
    found = load({})
    assert (found.mode, found.second_factor, found.https) == ("demo", False, False)
    assert str(found.database["NAME"]).endswith("jingzhun.sqlite3")
    assert found.database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_no_secret_is_there_by_default() -> None:
    assert load({}).secret_key != load({}).secret_key
    assert "JINGZHUN_SECRET_KEY: must be given" in faults({**PRODUCTION, "JINGZHUN_SECRET_KEY": ""})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("JINGZHUN_MODE", "prod", "none of production, demo"), ("JINGZHUN_HTTPS", "maybe", "neither 1 nor 0"),
        ("JINGZHUN_SESSION_HOURS", "0", "from 1 to"), ("JINGZHUN_SESSION_HOURS", "８", "no whole number"),
        ("JINGZHUN_TIME_ZONE", "Asia/Nowhere", "no time zone"), ("JINGZHUN_HASH", "md5", "none of sha256, sm3"),
        ("JINGZHUN_SECRET_KEY", "short", "at least 50"), ("JINGZHUN_SECRET_KEY", "a" * 60, "too simple"),
        ("DATABASE_URL", "mysql://x", "not of the form"), ("JINGZHUN_LANGUAGE", "fr", "none of zh-hans"),
        ("JINGZHUN_SECRET", SECRET, "no such setting"),
        ("JINGZHUN_SECRET_KEY_FILE", "nowhere/at/all", "cannot be read"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_name(name: str, value: str, words: str) -> None:
    told = faults({name: value})
    assert name.removesuffix("_FILE") in told and words in told


@pytest.mark.parametrize(
    ("name", "value"),
    [("JINGZHUN_SECRET_KEY", ""), ("JINGZHUN_HOSTS", ""), ("JINGZHUN_HOSTS", "*"), ("JINGZHUN_SECOND_FACTOR", "0")],
)
def test_production_is_refused_what_a_demonstration_may(name: str, value: str) -> None:
    assert name in faults({**PRODUCTION, name: value})
    assert load({**PRODUCTION}).second_factor


def test_all_faults_are_told_at_once() -> None:
    told = faults({"JINGZHUN_HTTPS": "x", "JINGZHUN_LANGUAGE": "x", "JINGZHUN_TYPO": "1"})
    assert all(name in told for name in ("JINGZHUN_HTTPS", "JINGZHUN_LANGUAGE", "JINGZHUN_TYPO"))


def test_a_secret_can_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET + "\n", "utf-8")
    assert load({"JINGZHUN_SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == SECRET


def test_a_database_url_is_taken_apart() -> None:
    found = load({"DATABASE_URL": "postgresql://user:p%40ss@db.example.org:5433/register"}).database
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "user", "p@ss", "db.example.org", "5433", "register",
    )  # fmt: skip
    assert str(load({"DATABASE_URL": "sqlite:////var/lib/x.db"}).database["NAME"]) == "/var/lib/x.db"


def test_the_documented_table_has_every_setting() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    assert [f"| `{one.name}` | {one.kind} |" in page for one in SETTINGS] == [True] * len(SETTINGS)


def django(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JINGZHUN_", "DATABASE_URL"))}
    settings = {"DJANGO_SETTINGS_MODULE": "jingzhun_web.site.settings"}
    return subprocess.run(
        [sys.executable, "-m", "django", *command],
        env=kept | settings | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_the_deployment_check_is_clean_in_production(tmp_path: Path) -> None:
    done = django(["check", "--deploy", "--fail-level", "WARNING"], {**PRODUCTION, "JINGZHUN_DATA": str(tmp_path)})
    assert done.returncode == 0, done.stderr


def test_the_deployment_check_refuses_a_demonstration(tmp_path: Path) -> None:
    done = django(["check", "--deploy"], {"JINGZHUN_DATA": str(tmp_path)})
    assert (done.returncode, "jingzhun.E002" in done.stderr) == (1, True)


def test_no_migration_is_missing(tmp_path: Path) -> None:
    done = django(["makemigrations", "--check", "--dry-run", "jingzhun"], {"JINGZHUN_DATA": str(tmp_path)})
    assert done.returncode == 0, done.stdout
