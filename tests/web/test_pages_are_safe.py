"""Headers, cookies, scripts and errors: what every answer has, and what no answer may have."""

from __future__ import annotations

import ast
import gzip
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import clear_url_caches, path, reverse
from django.views.generic import RedirectView

from jingzhun_web.accounts.roles import Role
from jingzhun_web.audit import guards
from jingzhun_web.site import checks, urls
from jingzhun_web.site.endpoints import endpoints
from jingzhun_web.traces.wording import ACTIONS, FIELDS, OBJECTS
from tests.people import Cast, signed_in

STATIC = Path(settings.STATICFILES_DIRS[0])
LIMIT = 300_000


def test_every_page_says_what_a_browser_may_load(cast: Cast) -> None:
    for answer in (Client().get(reverse("account_login")), signed_in(cast[Role.LEADER]).get("/")):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")


def test_nothing_that_the_policy_forbids_is_in_a_page(cast: Cast) -> None:
    page = signed_in(cast[Role.SYSTEM_ADMINISTRATOR]).get(reverse("person", args=[cast.nobody.pk])).content.decode()
    assert "<style" not in page and " style=" not in page and " onclick=" not in page
    assert "//" not in page.replace("http://www.w3.org", "")


def test_pages_about_people_are_not_stored(cast: Cast) -> None:
    assert signed_in(cast[Role.LEADER]).get("/")["Cache-Control"] == "no-store, private"


def test_health_needs_no_account_and_tells_nothing(db: None) -> None:
    answer = Client().get("/health")
    assert set(answer.json()) == {"status", "version"} and answer.json()["status"] == "ok"


def test_all_scripts_together_are_light() -> None:
    scripts = sorted(STATIC.rglob("*.js"))
    assert len(scripts) >= 3
    assert sum(len(gzip.compress(script.read_bytes())) for script in scripts) < LIMIT


def test_nothing_is_fetched_from_elsewhere() -> None:
    for template in Path(settings.ROOT).rglob("*.html"):
        assert "https://" not in template.read_text("utf-8"), template


def test_a_form_from_elsewhere_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast[Role.SYSTEM_ADMINISTRATOR], backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(reverse("reset_password", args=[cast.nobody.pk]))
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_every_endpoint_is_classified() -> None:
    assert checks.every_endpoint_is_classified(None) == []
    assert len(endpoints()) > 35


def test_an_endpoint_that_nobody_classified_fails_the_check_and_is_not_answered(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stray = path("stray/", RedirectView.as_view(url="/"), name="stray")
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, stray])
    clear_url_caches()
    try:
        [fault] = checks.every_endpoint_is_classified(None)
        assert fault.id == "jingzhun.E001" and "stray" in fault.msg
        answer = Client(raise_request_exception=False).get("/stray/")
        assert answer.status_code == 500
        assert "neither guarded" not in answer.content.decode()
        assert answer["X-Request-ID"] in answer.content.decode()
    finally:
        monkeypatch.undo()
        clear_url_caches()


def actions_recorded() -> set[str]:
    """The actions that the source records, read off the calls."""
    found: set[str] = set()
    for module in Path(settings.ROOT).rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            name = (
                called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            )
            if isinstance(node, ast.Call) and name in {"recorded", "record", "_tell_factor"}:
                parts = [part for argument in node.args for part in ast.walk(argument)]
                found |= {
                    part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)
                }
    return found


def test_the_trail_has_words_for_all_that_is_recorded_and_all_that_is_kept() -> None:
    assert actions_recorded() == set(ACTIONS)
    columns = {column.attname for model in guards.kept_models() for column in model.columns()}  # type: ignore[attr-defined]
    assert columns == set(FIELDS)
    assert {model._meta.model_name for model in guards.kept_models()} == set(OBJECTS)
