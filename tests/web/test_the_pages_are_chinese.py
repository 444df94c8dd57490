"""Whoever chose Chinese reads Chinese: no English word on any page, no text without a translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.test import Client
from django.urls import reverse

from jingzhun_web.accounts.roles import Role
from tests.people import PASSWORD, UPPER, Cast, signed_in

CATALOGUE = Path(__file__).parents[2] / "src/jingzhun_web/locale/zh_Hans/LC_MESSAGES/django.po"
WORD = re.compile(r"[A-Za-z]{2,}")
NAMES = {"English", "Language", "JINGZHUN_ANCHORS", "JavaScript", "APP"}
"""Names that stay as they are in Chinese too."""


class Text(HTMLParser):
    """What a reader sees or hears: text, and the attributes that are shown or read out."""

    SPOKEN = ("title", "aria-label", "placeholder", "alt")
    SILENT = ("script", "style")
    VOID = ("meta", "link", "input", "img", "br", "hr")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[bool] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        silent = tag in self.SILENT or given.get("translate") == "no" or given.get("lang") == "en"
        if not (silent or any(self._open)):
            self.found += [
                given[name] or "" for name in self.SPOKEN if given.get(name) and "qr" not in (given.get("class") or "")
            ]
        if tag not in self.VOID:
            self._open.append(silent)

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag not in self.VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.found.append(data)


def english_in(page: str) -> set[str]:
    text = Text()
    text.feed(page)
    return set(WORD.findall(" ".join(text.found))) - NAMES


def pages_of(role: Role, cast: Cast) -> Iterator[tuple[str, str]]:
    client, someone = signed_in(cast[role]), cast.residents[UPPER].pk
    for name, args in (
        ("home", []), ("me", []), ("people", [UPPER]), ("add_person", [UPPER]), ("person", [someone]),
        ("region", [UPPER]),
        ("change_person", [someone]), ("propose_post", [someone]), ("end_post", [cast.waiting[UPPER].pk]),
        ("trail_of_object", ["user", someone]), ("trail_of_object", ["post", cast.waiting[UPPER].pk]),
        ("trail_of_person", [someone]), ("trail_of_region", [UPPER]), ("what_i_did", []), ("who_looked_at_me", []),
        ("trail_head", []), ("account_change_password", []), ("account_reauthenticate", []), ("mfa_index", []),
        ("mfa_activate_totp", []), ("mfa_list_webauthn", []), ("mfa_add_webauthn", []), ("mfa_view_recovery_codes", []),
        ("mfa_generate_recovery_codes", []), ("mfa_deactivate_totp", []), ("mfa_reauthenticate", []),
        ("second_factor_needed", []), ("account_logout", []), ("account_inactive", []),
    ):  # fmt: skip
        answer = client.get(reverse(name, args=args), follow=True)
        yield f"{name} {answer.status_code}", answer.content.decode()
    for name, args, sent in (
        ("add_person", [UPPER], {"username": "1", "name": "", "phone": "x", "region_code": "1"}),
        ("add_person", [UPPER], {"username": "nobody", "name": "新", "region_code": UPPER}),
        ("propose_post", [someone], {"role": "x", "region_code": "9" * 12, "valid_from": "x"}),
        ("propose_post", [someone], {"role": "helper", "region_code": "9" * 12, "valid_from": "2020-01-01"}),
        ("see_phone", [someone], {"purpose": ""}),
        ("account_change_password", [], {"oldpassword": "x", "password1": "1"}),
        ("mfa_activate_totp", [], {"code": "1"}),
    ):  # fmt: skip
        yield f"POST {name}", client.post(reverse(name, args=args), sent, follow=True).content.decode()


@pytest.mark.parametrize(
    "role",
    [
        Role.SYSTEM_ADMINISTRATOR,
        Role.SECURITY_ADMINISTRATOR,
        Role.AUDIT_ADMINISTRATOR,
        Role.COUNTY_APPROVER,
        Role.HELPER,
    ],
)
def test_no_english_on_any_page(role: Role, cast: Cast) -> None:
    assert {name: words for name, page in pages_of(role, cast) if (words := english_in(page))} == {}


def test_no_english_before_signing_in(cast: Cast) -> None:
    client = Client()
    wrong = {"login": "nobody", "password": "wrong"}
    pages = [
        client.get(reverse("account_login")),
        client.post(reverse("account_login"), wrong),
        client.get("/nothing/there"),
    ]
    pages += [client.post(reverse("account_login"), wrong) for _ in range(6)]
    client = Client()
    right = {"login": "county-clerk", "password": PASSWORD}
    pages.append(client.post(reverse("account_login"), right, follow=True))
    assert pages[-2].status_code == 429
    assert pages[-1].resolver_match.url_name == "mfa_authenticate"
    assert [words for page in pages if (words := english_in(page.content.decode()))] == []


def test_an_english_word_would_be_found() -> None:
    assert english_in("<p>保存 Save</p>") == {"Save"}
    assert english_in('<input placeholder="Search"><p translate="no">zhang</p><script>var x</script>') == {"Search"}


def test_every_text_has_its_chinese() -> None:
    entries = [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]
    assert [entry.msgid for entry in entries if entry.fuzzy or not entry.translated()] == []
    assert len(entries) > 150


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    holes = re.compile(r"%\(\w+\)[sd]")
    for entry in polib.pofile(str(CATALOGUE)):
        told = entry.msgstr or entry.msgstr_plural[0]
        assert sorted(holes.findall(entry.msgid)) == sorted(holes.findall(told)), entry.msgid


def test_the_compiled_catalogue_is_that_of_the_texts() -> None:
    compiled = {entry.msgid: entry.msgstr for entry in polib.mofile(str(CATALOGUE.with_suffix(".mo")))}
    written = {entry.msgid: entry.msgstr for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}
    assert compiled == written


def test_the_language_is_switched_on_every_page_and_stays(cast: Cast) -> None:
    client = signed_in(cast[Role.COUNTY_APPROVER])
    assert "首页" in client.get("/").content.decode()
    done = client.post(reverse("set_language"), {"language": "en", "next": "/me/"})
    assert (done.status_code, done["Location"]) == (302, "/me/")
    assert "Where I am signed in" in client.get("/me/").content.decode()
    assert '<html lang="en">' in client.get("/").content.decode()
