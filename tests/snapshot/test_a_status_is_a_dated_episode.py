"""Poverty status as dated episodes, from the first register that holds a household and the events after it."""

from __future__ import annotations

from datetime import date

from jingzhun.snapshot.derived import status_episodes
from tests.small import Row, event, household, registry, run

Episode = tuple[str, date | None, date | None]


def history(households: list[Row], events: list[Row], code: str = "H1") -> list[Episode]:
    with registry({"household": households, "adjustment_event": events}) as engine:
        run(engine, [status_episodes()])
        found = engine.rows(
            f"SELECT status, valid_from, valid_to FROM status_episode WHERE subject_code = '{code}' "
            "ORDER BY valid_from NULLS FIRST"
        )
        return [(row["status"], row["valid_from"], row["valid_to"]) for row in found]


def of_household(number: str, kind: str, on: date, **facts: object) -> Row:
    return event(number, kind, on=on, household_event=True, **facts)


def test_a_household_of_the_first_register_opens_without_a_day() -> None:
    assert history([household("H1", year=2016, exit_status="未脱贫")], []) == [("贫困", None, None)]


def test_leaving_poverty_closes_one_episode_and_opens_the_next() -> None:
    exited = date(2017, 11, 20)
    assert history(
        [household("H1", year=2016, exit_status="未脱贫"), household("H1", year=2018)],
        [of_household("1", "脱贫", exited, stock="贫困")],
    ) == [("贫困", None, exited), ("已脱贫", exited, None)]


def test_falling_back_and_leaving_again_are_four_episodes() -> None:
    days = [date(2017, 3, 1), date(2017, 11, 20), date(2018, 11, 20)]
    found = history(
        [household("H1", year=2016)],
        [
            of_household("1", "返贫", days[0], stock="已脱贫"),
            of_household("2", "脱贫", days[1], stock="贫困"),
            of_household("3", "返贫", days[2], stock="已脱贫"),
        ],
    )
    assert found == [
        ("已脱贫", None, days[0]), ("贫困", days[0], days[1]), ("已脱贫", days[1], days[2]), ("贫困", days[2], None),
    ]  # fmt: skip


def test_a_newly_identified_household_begins_on_its_day() -> None:
    day = date(2018, 7, 1)
    new = of_household("1", "新识别", day, stock="未建档")
    assert history([household("H1", exit_status="未脱贫")], [new]) == [("贫困", day, None)]


def test_a_household_identified_again_keeps_its_first_history() -> None:
    cleared, again = date(2017, 5, 1), date(2018, 7, 1)
    found = history(
        [household("H1", year=2016, exit_status="未脱贫"), household("H1", exit_status="未脱贫")],
        [of_household("1", "清退", cleared, stock="贫困"), of_household("2", "新识别", again, stock="未建档")],
    )
    assert found == [("贫困", None, cleared), ("不在册", cleared, again), ("贫困", again, None)]


def test_a_split_household_begins_with_the_status_of_its_old_one() -> None:
    day = date(2018, 4, 1)
    split = of_household("1", "拆户", day, stock="已脱贫", other_household_code="H0")
    assert history([household("H1")], [split]) == [("已脱贫", day, None)]


def test_events_of_persons_do_not_touch_the_household() -> None:
    births = [event("1", "自然增加", person_code="P9", stock="贫困"), event("2", "脱贫", person_code="P1")]
    assert history([household("H1", year=2016, exit_status="未脱贫")], births) == [("贫困", None, None)]


def test_a_household_that_is_dissolved_is_no_longer_registered() -> None:
    day = date(2018, 4, 1)
    gone = of_household("1", "销户", day, stock="贫困")
    assert history([household("H1", year=2016, exit_status="未脱贫")], [gone])[-1] == ("不在册", day, None)
