"""Every role × region relation × endpoint × method, asked as a browser asks; and nobody sees what is not theirs.

The answers due stand in ``docs/reference/access.csv``, which is committed: a changed right shows as changed lines.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from jingzhun_web.accounts.models import User
from jingzhun_web.accounts.rights import Relation
from jingzhun_web.accounts.roles import Role
from jingzhun_web.site.endpoints import METHODS, cells, endpoints
from tests.people import CANARY, EAST, LOWER, NORTH, PINE, RESIDENTS, UPPER, Cast, signed_in

TABLE = Path(__file__).parents[2] / "docs" / "reference" / "access.csv"
PLACES = {
    Relation.OWN: [UPPER], Relation.BELOW: [EAST], Relation.ABOVE: [PINE], Relation.ELSEWHERE: [LOWER, NORTH],
    Relation.PLATFORM: [UPPER],
}  # fmt: skip
DONE = {"GET": {200}, "POST": {200, 302}}
POSTED = {
    "add_person": {"username": "newcomer", "name": "新人", "region_code": UPPER},
    "change_person": {"name": "改名", "region_code": UPPER},
    "suspend_person": {"reason": "离岗"},
    "see_phone": {"purpose": "核实"},
    "propose_post": {"role": "helper", "region_code": UPPER, "valid_from": "2020-01-01"},
    "end_post": {"reason": "调离", "last_day": "2030-01-01"},
}
Due = dict[tuple[str, str, Relation], str]


def table() -> dict[Role, Due]:
    found: dict[Role, Due] = defaultdict(dict)
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for role in Role:
                found[role][row["endpoint"], row["method"], Relation(row["relation"])] = row[role.value]
    return found


DUE = table()


def address(name: str, code: str, cast: Cast) -> str:
    resident, post = cast.residents[code], cast.waiting[code]
    parts: dict[str, dict[str, Any]] = {
        "code": {"code": code}, "person_id": {"person_id": resident.pk}, "post_id": {"post_id": post.pk},
        "object_type": {"object_type": "user", "object_id": resident.pk},
    }  # fmt: skip
    route = next(one.route for one in endpoints() if one.name == name)
    wanted = next((kwargs for part, kwargs in parts.items() if f":{part}>" in route), {})
    return reverse(name, kwargs=wanted)


def asked(client: Client, method: str, path: str, name: str) -> Any:
    """One request whose writes are taken back."""
    with transaction.atomic():
        answer = client.generic(method, path) if method not in {"GET", "POST"} else None
        answer = answer or (client.get(path) if method == "GET" else client.post(path, POSTED.get(name, {})))
        transaction.set_rollback(True)
    return answer


def fits(due: str, method: str, status: int) -> bool:
    return status in DONE[method] if due == "200" else status == int(due)


def test_the_table_has_a_cell_for_everything_there_is() -> None:
    there = {(cell.role, cell.name, cell.method, cell.relation) for cell in cells()}
    told = {(role, *key) for role, due in DUE.items() for key in due}
    assert told == there
    assert len(there) > 5000


@pytest.mark.parametrize("role", Role)
def test_each_cell_is_answered_as_the_table_says_and_shows_nobody_elses_data(role: Role, cast: Cast) -> None:
    client, leaks, wrong = signed_in(cast[role]), [], []
    for (name, method, relation), due in DUE[role].items():
        for code in PLACES[relation]:
            answer = asked(client, method, address(name, code, cast), name)
            if not fits(due, method, answer.status_code):
                wrong.append((name, method, relation, code, due, answer.status_code))
            leaks += [(name, method, code, what) for what in leaked(answer, due, name, code)]
    assert (wrong, leaks) == ([], [])


def leaked(answer: Any, due: str, name: str, code: str) -> Iterator[str]:
    """What the answer shows and may not: a number unmasked, or, where it is refused, the name of somebody."""
    body = answer.content.decode()
    for place, number in CANARY.items():
        if number in body and not (due == "200" and name in {"see_phone", "change_person"} and place == code):
            yield number
    if due != "200":
        yield from (who for who in RESIDENTS.values() if who in body)


def test_the_harness_would_see_a_wrong_answer_and_a_leak(cast: Cast) -> None:
    assert not fits("404", "GET", 200)
    assert not fits("200", "POST", 403)
    answer = signed_in(cast[Role.COUNTY_CLERK]).post(address("see_phone", UPPER, cast), {"purpose": "核实"})
    assert list(leaked(answer, "404", "person", UPPER)) == [CANARY[UPPER], RESIDENTS[UPPER]]


@pytest.mark.parametrize(
    "one", [one for one in endpoints() if one.guard and one.guard.audience == "posts"], ids=lambda one: one.name
)
def test_who_holds_no_post_finds_nothing(one: Any, cast: Cast) -> None:
    client = signed_in(cast.nobody)
    for method in one.guard.methods:
        answer = asked(client, method, address(one.name, UPPER, cast), one.name)
        assert answer.status_code == 404, method
        assert not list(leaked(answer, "404", one.name, UPPER))


@pytest.mark.parametrize(
    "one", [one for one in endpoints() if one.guard and one.guard.audience != "public"], ids=lambda one: one.name
)
def test_who_did_not_sign_in_is_sent_to_do_so(one: Any, cast: Cast) -> None:
    path = address(one.name, UPPER, cast) if one.guard.audience == "posts" else personal_address(one)
    for method in METHODS:
        answer = asked(Client(), method, path, one.name)
        assert answer.status_code == 302, method
        assert answer["Location"].startswith(reverse("account_login"))


def personal_address(one: Any) -> str:
    kwargs = {part: 1 for part in ("session_id", "pk") if f":{part}>" in one.route}
    return reverse(one.name, kwargs=kwargs)


def test_what_is_open_to_anybody_is_listed_here_and_shows_no_person(cast: Cast) -> None:
    open_to_all = {one.name for one in endpoints() if one.guard and one.guard.audience == "public"}
    assert open_to_all == {
        "health", "set_language", "account_login", "account_logout", "account_inactive", "mfa_authenticate",
    }  # fmt: skip
    names = [person.name for person in User.objects.all()]
    for name in open_to_all - {"set_language"}:
        body = Client().get(reverse(name), follow=True).content.decode()
        assert not [who for who in names if who in body], name


def test_a_post_in_another_region_gives_nothing_in_this_one(cast: Cast) -> None:
    """The address is in one's own area, the region inside the form is not: the form counts too."""
    client = signed_in(cast[Role.SYSTEM_ADMINISTRATOR])
    elsewhere = {"username": "newcomer", "name": "新人", "region_code": LOWER}
    assert client.post(reverse("add_person", args=[UPPER]), elsewhere).status_code == 404
    someone = cast.residents[UPPER].pk
    moved = {"name": "改名", "region_code": LOWER}
    assert client.post(reverse("change_person", args=[someone]), moved).status_code == 404
    post = {"role": "helper", "region_code": NORTH, "valid_from": "2020-01-01"}
    assert client.post(reverse("propose_post", args=[someone]), post).status_code == 404
