"""``jingzhun serve``: the first start makes everything, prints the address, answers, and ends when asked."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from jingzhun_cli import main, web

ROOT = Path(__file__).parents[2]
PRAGMAS = """
from django.db import connection
with connection.cursor() as cursor:
    print([cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")])
"""
FULL = 2


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JINGZHUN_", "DATABASE_URL"))}
    return kept | {"JINGZHUN_DATA": str(data), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jingzhun_cli.main", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment(tmp_path), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        told = server.communicate(timeout=30)[0]
    assert f"http://127.0.0.1:{port}/" in told
    assert "还没有管理员" in told


def wait_for(url: str) -> None:
    for _ in range(120):
        try:
            urlopen(url, timeout=2).close()
            return
        except (URLError, ConnectionError):
            time.sleep(0.5)
    raise AssertionError(url)


def test_the_first_start_makes_everything_and_answers(address: str, tmp_path: Path) -> None:
    page = urlopen(f"{address}/account/login/").read().decode()
    assert '<html lang="zh-hans">' in page and "登录" in page
    style = urlopen(Request(f"{address}/static/vendor/tabler.min.css", headers={"Accept-Encoding": "gzip"}))
    assert style.headers["Content-Encoding"] == "gzip"
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "anchors.jsonl").read_text("utf-8").count("\n") == 1
    words = [sys.executable, "-m", "django", "shell", "--no-imports", "-c", PRAGMAS]
    settings = {"DJANGO_SETTINGS_MODULE": "jingzhun_web.site.settings"}
    told = subprocess.run(words, env=environment(tmp_path) | settings, cwd=ROOT, capture_output=True, text=True).stdout
    assert told.strip() == str(["wal", FULL, 1])


def test_wrong_settings_stop_it_with_every_fault(tmp_path: Path) -> None:
    wrong = environment(tmp_path) | {"JINGZHUN_HTTPS": "maybe", "JINGZHUN_TYPO": "1"}
    command = [sys.executable, "-m", "jingzhun_cli.main", "serve"]
    done = subprocess.run(command, env=wrong, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "JINGZHUN_HTTPS" in done.stderr and "JINGZHUN_TYPO" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_whoever_has_only_the_library_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jingzhun_web.site.serving", None)
    monkeypatch.delattr("jingzhun_web.site.serving", raising=False)
    with pytest.raises(web.WebMissing) as caught:
        web.serve()
    assert "jingzhun[web]" in caught.value.en
    assert web.WebMissing in main.KNOWN
