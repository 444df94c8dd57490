"""Every setting of the web application, in one table: read from the environment, typed, refused loudly when wrong.

A secret can be given as a file: ``NAME_FILE`` instead of ``NAME``. All faults are told at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jingzhun_web.audit.chain import ALGORITHMS, UnknownAlgorithm, digest

SHORTEST_SECRET = 50
SECRET_FILE = "secret.key"  # noqa: S105 - the name of a file


class NotAValue(ValueError):
    """A setting that cannot be meant; both languages, what is expected included."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


class WrongSettings(Exception):
    """All faults of the settings, one line each, in Chinese and English."""

    def __init__(self, faults: list[tuple[str, str, str]]) -> None:
        self.zh = "设置有误，没有启动：" + "".join(f"\n  {name}：{zh}" for name, zh, _ in faults)
        self.en = "wrong settings, nothing was started:" + "".join(f"\n  {name}: {en}" for name, _, en in faults)
        super().__init__(f"{self.zh}\n{self.en}")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table. ``default`` is text, as the environment would give it; None means that it must be given."""

    name: str
    kind: str
    default: str
    zh: str
    en: str
    read: Callable[[str], Any]
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings as the application uses them."""

    mode: str
    data: Path
    secret_key: str
    hosts: tuple[str, ...]
    database: Mapping[str, Any]
    https: bool
    behind_proxy: bool
    language: str
    time_zone: str
    pack: str
    hash: str
    anchors: Path | None
    anchor_every: int
    second_factor: bool
    sessions_per_person: int
    session_hours: int
    failures_before_lock: int
    lock_minutes: int

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @property
    def secret_file(self) -> Path:
        return self.data / SECRET_FILE


def _flag(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in known:
        raise NotAValue(f"“{text}”不是 1 或 0；请改写。", f"{text!r} is neither 1 nor 0; write one of them.")
    return known[text.lower()]


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
            raise NotAValue(
                f"“{text}”不是 {least} 到 {most} 之间的整数；请改写。",
                f"{text!r} is no whole number from {least} to {most}; write one.",
            )
        return int(text)

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise NotAValue(
                f"“{text}”不在 {'、'.join(choices)} 之中；请选一个。",
                f"{text!r} is none of {', '.join(choices)}; choose one.",
            )
        return text

    return read


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _path(text: str) -> Path | None:
    return Path(text) if text else None


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise NotAValue(
            f"没有时区“{text}”；例如 Asia/Shanghai。", f"no time zone {text!r}; such as Asia/Shanghai."
        ) from error
    return text


def _hash(text: str) -> str:
    try:
        digest(_one_of(*ALGORITHMS)(text), b"")
    except UnknownAlgorithm as error:
        raise NotAValue(
            f"本机的 OpenSSL 没有 {text}；请用 sha256，或换带 {text} 的 OpenSSL。",
            f"OpenSSL on this machine has no {text}; use sha256 or an OpenSSL that has it.",
        ) from error
    return text


def _database(text: str) -> str:
    if text and urlsplit(text).scheme not in {"postgresql", "postgres", "sqlite"}:
        raise NotAValue(
            "不是 postgresql://用户:密码@主机:端口/库 或 sqlite:///文件 的形式；请改写。",
            "not of the form postgresql://user:password@host:port/name or sqlite:///file; write it so.",
        )
    return text


def _secret(text: str) -> str:
    if text and (len(text) < SHORTEST_SECRET or len(set(text)) < 10):
        raise NotAValue(
            f"太短或太简单；至少 {SHORTEST_SECRET} 个随机字符，"
            "例如 python -c 'import secrets; print(secrets.token_urlsafe(64))' 打印的。",
            f"too short or too simple; at least {SHORTEST_SECRET} random characters, such as "
            "python -c 'import secrets; print(secrets.token_urlsafe(64))' prints.",
        )
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "JINGZHUN_MODE",
        "production, demo",
        "demo",
        "运行方式；demo 只可用于合成数据的演示",
        "how it runs; demo is for demonstrations with invented data only",
        _one_of("production", "demo"),
    ),
    Setting(
        "JINGZHUN_DATA",
        "folder",
        "jingzhun-data",
        "数据目录：内嵌数据库、锚点文件、演示用密钥",
        "folder of data: the embedded database, the file of anchors, the secret of a demonstration",
        Path,
    ),
    Setting(
        "JINGZHUN_SECRET_KEY",
        "text",
        "",
        "签名会话用的密钥；production 必须给出，demo 首次启动时生成到数据目录",
        "secret that signs sessions; must be given in production, is made in the data folder by the first start "
        "of a demo",
        _secret,
        secret=True,
    ),
    Setting(
        "JINGZHUN_HOSTS",
        "names, comma between",
        "",
        "允许的主机名；production 必须给出",
        "host names that are answered; must be given in production",
        _list,
    ),
    Setting(
        "DATABASE_URL",
        "URL",
        "",
        "数据库；空为数据目录里的 SQLite",
        "database; empty is SQLite in the data folder",
        _database,
        secret=True,
    ),
    Setting(
        "JINGZHUN_HTTPS",
        "1, 0",
        "",
        "只经 https 服务；production 默认 1，demo 默认 0",
        "serve over https only; 1 by default in production, 0 in a demo",
        lambda text: _flag(text) if text else None,
    ),
    Setting(
        "JINGZHUN_BEHIND_PROXY",
        "1, 0",
        "0",
        "前面有反向代理，由它处理 https 并写 X-Forwarded-Proto",
        "behind a proxy that ends https and sets X-Forwarded-Proto",
        _flag,
    ),
    Setting(
        "JINGZHUN_LANGUAGE",
        "zh-hans, en",
        "zh-hans",
        "默认语言",
        "language until somebody chooses another",
        _one_of("zh-hans", "en"),
    ),
    Setting(
        "JINGZHUN_TIME_ZONE",
        "name",
        "Asia/Shanghai",
        "时区",
        "time zone",
        _zone,
    ),
    Setting(
        "JINGZHUN_PACK",
        "name or folder",
        "luliang_2018",
        "政策包，首次启动时取其区划",
        "policy pack whose divisions are taken in by the first start",
        str,
    ),
    Setting(
        "JINGZHUN_HASH",
        ", ".join(ALGORITHMS),
        "sha256",
        "痕迹链所用的散列算法",
        "hash of the trail's chain",
        _hash,
    ),
    Setting(
        "JINGZHUN_ANCHORS",
        "file",
        "",
        "痕迹链头的锚点文件，最好在别的盘或别的机器上；空为数据目录里的 anchors.jsonl",
        "file to which heads of the trail are written, best on another disk or machine; empty is "
        "anchors.jsonl in the data folder",
        _path,
    ),
    Setting(
        "JINGZHUN_ANCHOR_EVERY",
        "number",
        "1",
        "每多少条痕迹写一次锚点",
        "entries of the trail from one anchor to the next",
        _number(1, 100_000),
    ),
    Setting(
        "JINGZHUN_SECOND_FACTOR",
        "1, 0",
        "",
        "能看未脱敏号码的岗位和三员须有第二因素；production 必须为 1，demo 默认 0",
        "posts that see unmasked numbers, and the three administrators, need a second factor; always 1 in "
        "production, 0 by default in a demo",
        lambda text: _flag(text) if text else None,
    ),
    Setting(
        "JINGZHUN_SESSIONS_PER_PERSON",
        "number",
        "1",
        "一个人同时登录的会话数，超出的旧会话被结束",
        "sessions that a person may have at once; older ones end",
        _number(1, 20),
    ),
    Setting(
        "JINGZHUN_SESSION_HOURS",
        "number",
        "8",
        "会话无操作多少小时后失效",
        "hours without activity after which a session ends",
        _number(1, 24 * 14),
    ),
    Setting(
        "JINGZHUN_FAILURES_BEFORE_LOCK",
        "number",
        "5",
        "连续登录失败几次后锁定",
        "failed sign-ins until an account is locked",
        _number(1, 20),
    ),
    Setting(
        "JINGZHUN_LOCK_MINUTES",
        "number",
        "30",
        "锁定多少分钟",
        "minutes for which it stays locked",
        _number(1, 24 * 60),
    ),
)


def load(environment: Mapping[str, str]) -> Configuration:
    """The settings of an environment; WrongSettings with every fault there is."""
    faults: list[tuple[str, str, str]] = []
    given: dict[str, Any] = {}
    for setting in SETTINGS:
        try:
            given[setting.name] = setting.read(_text(setting, environment))
        except NotAValue as error:
            faults.append((setting.name, error.zh, error.en))
    known = {setting.name for setting in SETTINGS} | {f"{setting.name}_FILE" for setting in SETTINGS if setting.secret}
    for name in sorted(set(environment) - known - {"JINGZHUN_LANG"}):
        if name.startswith("JINGZHUN_"):
            faults.append((name, "没有这个设置；请检查拼写。", "there is no such setting; check its spelling."))
    if not faults:
        faults += _disagreements(given)
    if faults:
        raise WrongSettings(faults)
    return _configured(given)


def _text(setting: Setting, environment: Mapping[str, str]) -> str:
    path = environment.get(f"{setting.name}_FILE", "") if setting.secret else ""
    if not path:
        return environment.get(setting.name, "") or setting.default
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise NotAValue(
            f"读不了文件 {path}（{error.strerror}）。", f"the file {path} cannot be read ({error.strerror})."
        ) from error


def _disagreements(given: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """What is missing or forbidden in production."""
    if given["JINGZHUN_MODE"] != "production":
        return []
    faults = [
        (name, "production 必须给出。", "must be given in production.")
        for name in ("JINGZHUN_SECRET_KEY", "JINGZHUN_HOSTS")
        if not given[name]
    ]
    if "*" in given["JINGZHUN_HOSTS"]:
        faults.append(("JINGZHUN_HOSTS", "production 不许写 *；请写主机名。", "no * in production; name the hosts."))
    if given["JINGZHUN_SECOND_FACTOR"] is False:
        faults.append(("JINGZHUN_SECOND_FACTOR", "production 不能关闭。", "cannot be switched off in production."))
    return faults


def _configured(given: Mapping[str, Any]) -> Configuration:
    production = given["JINGZHUN_MODE"] == "production"
    data: Path = given["JINGZHUN_DATA"]
    https, factor = given["JINGZHUN_HTTPS"], given["JINGZHUN_SECOND_FACTOR"]
    return Configuration(
        mode=given["JINGZHUN_MODE"],
        data=data,
        secret_key=given["JINGZHUN_SECRET_KEY"] or _kept_secret(data / SECRET_FILE),
        hosts=given["JINGZHUN_HOSTS"] or ("localhost", "127.0.0.1", "[::1]"),
        database=_connection(given["DATABASE_URL"], data),
        https=production if https is None else https,
        behind_proxy=given["JINGZHUN_BEHIND_PROXY"],
        language=given["JINGZHUN_LANGUAGE"],
        time_zone=given["JINGZHUN_TIME_ZONE"],
        pack=given["JINGZHUN_PACK"],
        hash=given["JINGZHUN_HASH"],
        anchors=given["JINGZHUN_ANCHORS"] or data / "anchors.jsonl",
        anchor_every=given["JINGZHUN_ANCHOR_EVERY"],
        second_factor=production if factor is None else factor,
        sessions_per_person=given["JINGZHUN_SESSIONS_PER_PERSON"],
        session_hours=given["JINGZHUN_SESSION_HOURS"],
        failures_before_lock=given["JINGZHUN_FAILURES_BEFORE_LOCK"],
        lock_minutes=given["JINGZHUN_LOCK_MINUTES"],
    )


def _kept_secret(path: Path) -> str:
    """The secret that a demonstration's first start wrote; before that one for this process alone."""
    try:
        return path.read_text("ascii").strip()
    except OSError:
        return secrets.token_urlsafe(64)


def _connection(url: str, data: Path) -> Mapping[str, Any]:
    """Django's settings of the database.

    SQLite: a write-ahead log, every commit on the disk before it is acknowledged (``synchronous=FULL``), and write
    transactions that take their lock at once, so that two writers wait for each other and never fail half-way.
    """
    parts = urlsplit(url)
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    # sqlite:///file is relative, sqlite:////file absolute, as everywhere
    file = Path(unquote(parts.path.removeprefix("/"))) if parts.path else data / "jingzhun.sqlite3"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
