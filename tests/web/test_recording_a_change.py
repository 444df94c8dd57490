"""An entry says who, when, in which post, what for, what to which object, and what it was before and after."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from jingzhun_web.accounts.models import User
from jingzhun_web.accounts.roles import Role
from jingzhun_web.audit import queries
from jingzhun_web.audit.chain import verify
from jingzhun_web.audit.models import Entry, EntryRow, Kind
from jingzhun_web.audit.services import Actor, record, record_read, recorded
from jingzhun_web.regions.models import Region
from tests.people import BEGINNING, STAGE, UPPER, Cast

CLERK = Actor("county-clerk", 7, f"county_clerk@{UPPER}", "request-1", "2025-01-02T03:04:05+08:00")


def newest() -> Entry:
    return Entry.objects.order_by("-sequence")[0]


def rows(entry: Entry) -> list[EntryRow]:
    return list(EntryRow.objects.filter(change_id=entry.change_id).order_by("position"))


def test_the_entry_names_the_person_the_post_the_request_and_both_times(cast: Cast) -> None:
    with recorded(CLERK, "person.change", about=cast.nobody, purpose="名字写错了"):
        cast.nobody.name = "改名"
        cast.nobody.save()
    entry = newest()
    assert (entry.person, entry.person_id, entry.post, entry.request_id) == (
        "county-clerk", 7, f"county_clerk@{UPPER}", "request-1",
    )  # fmt: skip
    assert (entry.action, entry.purpose, entry.kind) == ("person.change", "名字写错了", Kind.CHANGE)
    assert (entry.object_type, entry.object_id, entry.region_code) == ("user", str(cast.nobody.pk), UPPER)
    assert entry.claimed_at == "2025-01-02T03:04:05+08:00"
    assert timedelta(0) <= datetime.now(UTC) - datetime.fromisoformat(entry.at) < timedelta(minutes=1)


def test_the_row_before_and_after_is_gathered_by_itself(cast: Cast) -> None:
    with recorded(STAGE, "person.change"):
        cast.nobody.name = "改名"
        cast.nobody.save()
    [row] = rows(newest())
    before, after = json.loads(row.before), json.loads(row.after)
    assert (before.pop("name"), after.pop("name")) == ("无岗", "改名")
    assert before == after
    assert before["region_code"] == UPPER


def test_a_new_row_has_no_before_and_a_deleted_one_no_after(cast: Cast) -> None:
    with recorded(STAGE, "regions.take_in"):
        region = Region.objects.create(code="911121100209", name="新村", level=5, path="x/", valid_from=BEGINNING)
    [made] = rows(newest())
    with recorded(STAGE, "regions.take_in"):
        region.delete()
    [gone] = rows(newest())
    assert (made.before, gone.after) == ("", "")
    assert json.loads(made.after) == json.loads(gone.before)
    assert made.object_id == gone.object_id


@pytest.mark.parametrize("way", ["update", "bulk_update", "delete"])
def test_many_rows_at_once_are_gathered_one_by_one(way: str, cast: Cast) -> None:
    regions = list(Region.objects.filter(path__startswith=Region.objects.get(code=UPPER).path).order_by("pk"))
    with recorded(STAGE, "regions.take_in"):
        if way == "update":
            Region.objects.filter(pk__in=[one.pk for one in regions]).update(name="同名")
        elif way == "bulk_update":
            for one in regions:
                one.name = "同名"
            Region.objects.bulk_update(regions, ["name"])
        else:
            Region.objects.filter(pk__in=[one.pk for one in regions]).delete()
    gathered = {row.object_id: (json.loads(row.before)["name"], row.after) for row in rows(newest())}
    assert set(gathered) == {str(one.pk) for one in regions}
    assert {before for before, _ in gathered.values()} == {"上镇", "东村", "西村"}
    assert all(("同名" in after) == (way != "delete") for _, after in gathered.values())


def test_a_save_that_changes_nothing_leaves_no_row(cast: Cast) -> None:
    with recorded(STAGE, "person.change"):
        cast.nobody.save()
    assert newest().row_count == 0


def test_a_password_is_never_in_the_trail_but_that_it_changed_is(cast: Cast) -> None:
    with recorded(STAGE, "person.change_password"):
        cast.nobody.set_password("another long word that nobody knows")
        cast.nobody.save()
    [row] = rows(newest())
    assert cast.nobody.password not in row.after + row.before
    assert json.loads(row.before)["password"] != json.loads(row.after)["password"]


def test_what_fails_leaves_neither_a_change_nor_an_entry(cast: Cast) -> None:
    before = Entry.objects.count()
    with pytest.raises(ZeroDivisionError), recorded(STAGE, "person.change"):
        User.objects.filter(pk=cast.nobody.pk).update(name="改名")
        raise ZeroDivisionError
    cast.nobody.refresh_from_db()
    assert (Entry.objects.count(), cast.nobody.name) == (before, "无岗")


def test_a_change_within_a_change_has_an_entry_of_its_own_and_fails_with_it(cast: Cast) -> None:
    before = Entry.objects.count()
    with recorded(STAGE, "person.suspend"):
        cast.nobody.is_active = False
        cast.nobody.save()
        record(STAGE, "sessions.end", about=cast.nobody)
    assert [entry.action for entry in Entry.objects.order_by("sequence")[before:]] == ["person.suspend", "sessions.end"]
    with pytest.raises(ZeroDivisionError), recorded(STAGE, "person.resume"):
        record(STAGE, "sessions.end", about=cast.nobody)
        raise ZeroDivisionError
    assert Entry.objects.count() == before + 2


def test_a_look_at_a_sensitive_field_is_an_entry(cast: Cast) -> None:
    record_read(CLERK, [cast.nobody], ["phone"], "核实")
    entry = newest()
    assert (entry.kind, entry.purpose, entry.object_id) == (Kind.READ, "核实", str(cast.nobody.pk))
    [told] = queries.reads_of("user", str(cast.nobody.pk))
    assert told.fields == ("phone",)


def test_each_row_of_a_bulk_change_can_be_proved_without_the_others(cast: Cast) -> None:
    entry = next(entry for entry in Entry.objects.filter(action="regions.take_in") if entry.row_count > 10)
    for position in range(entry.row_count):
        row, proof = queries.proof_of(entry, position)
        assert proof.holds(row, entry.rows_root)
        another, _ = queries.proof_of(entry, (position + 1) % entry.row_count)
        assert not proof.holds(another, entry.rows_root)


def test_the_trail_of_the_whole_cast_is_whole(cast: Cast) -> None:
    verdict = verify(queries.whole_trail())
    assert verdict.fault is None
    assert verdict.entries == Entry.objects.count() > 1
    assert verdict.rows == EntryRow.objects.count() > len(Role)
