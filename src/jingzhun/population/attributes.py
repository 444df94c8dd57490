"""What age and chance say about school, education, health and work; a person reads alike in every year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from jingzhun.population.columns import Bools, pick
from jingzhun.population.families import YEAR
from jingzhun.population.shares import Floats, Ints

NOT_AT_SCHOOL = -1
SCHOOL = (
    "学龄前儿童", "学前教育", "小学", "七年级", "八年级", "九年级",
    "普通高中一年级", "普通高中二年级", "普通高中三年级", "中职一年级", "中职二年级", "中职三年级",
    "高职高专一年级", "高职高专二年级", "高职高专三年级", "本科一年级", "本科二年级", "本科三年级", "本科四年级",
)  # fmt: skip
EDUCATION = ("文盲或半文盲", "小学", "初中", "高中", "大专", "本科及以上")
HEALTH = ("健康", "长期慢性病", "患有大病", "残疾", "长期慢性病,残疾")
LABOUR = ("普通劳动力", "技能劳动力", "丧失劳动力", "无劳动力", "弱劳动力或半劳动力")
WORK = ("乡(镇)内务工", "县内乡(镇)外务工", "省内县外务工", "省外务工")
WORKING_AGE, RETIREMENT_AGE = 16, 60
COMPULSORY_FROM = 1990
"""Year of birth from which everybody left school with nine years of it."""


@dataclass(frozen=True, slots=True)
class State:
    """Indices into the lists above at the end of a year; -1 is empty."""

    age: Ints
    school: Ints
    education: Ints
    health: Ints
    labour: Ints
    work: Ints
    months: Ints


def completed_years(birth: Ints, on: date) -> Ints:
    """Age in completed years on a day."""
    born = birth.astype("datetime64[D]")
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = born.astype("datetime64[M]").astype(np.int64) % 12 + 1
    number = (born - born.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    later = (month * 100 + number) > on.month * 100 + on.day
    return np.asarray(on.year - year - later, np.int64)


def states(birth: Ints, female: Bools, chance: Floats, on: date, *, rural: Bools) -> State:
    """Attributes of people at the end of the year of ``on``; ``chance`` is (n, 4)."""
    age = completed_years(birth, on)
    entered = completed_years(birth, date(on.year, 9, 1))
    school = _school(entered, chance[:, 0], rural)
    education = _education(1970 + birth / YEAR, entered, school, chance[:, 1], rural)
    health = _health(age, chance[:, 2])
    labour = _labour(age, school, health, chance[:, 1])
    able = np.isin(labour, (0, 1)) & (age < 66)
    works = able & (chance[:, 3] < np.where(female, 0.34, 0.62))
    work = np.where(works, np.searchsorted((0.3, 0.62, 0.85), (chance[:, 3] * 7.13) % 1), -1)
    months = np.where(works, 3 + ((chance[:, 3] * 31.7) % 1 * 9).astype(np.int64), 0)
    return State(age, school, education, health, labour, work.astype(np.int64), months)


def _school(entered: Ints, luck: Floats, rural: Bools) -> Ints:
    """Nobody of 6 to 15 is out of school; after that the odds fall, more for the countryside."""
    index = np.select(
        [entered < 3, entered < 6, entered < 12, entered < 15],
        [0, 1, 2, entered - 9],
        NOT_AT_SCHOOL,
    )
    senior = (entered >= 15) & (entered < 18)
    index = np.where(senior & (luck < np.where(rural, 0.58, 0.75)), entered - 9, index)
    vocational = (luck >= np.where(rural, 0.58, 0.75)) & ((luck < 0.86) | (entered == 15))
    index = np.where(senior & vocational, entered - 6, index)
    college = (entered >= 18) & (entered < 21) & (luck < 0.2)
    index = np.where(college, entered - 6, index)
    university = (entered >= 18) & (entered < 22) & (luck >= 0.2) & (luck < np.where(rural, 0.44, 0.6))
    return np.where(university, entered - 3, index).astype(np.int64)


def _education(born: Floats, entered: Ints, school: Ints, luck: Floats, rural: Bools) -> Ints:
    """Level reached by those who left school, empty for the others; the earlier born, the lower, and never falling."""
    level = luck * 3.4 + np.clip((born - 1948) / 22, -1.2, 2.0) - np.where(rural, 0.4, -0.7)
    left = np.clip(np.floor(level), np.where(born >= COMPULSORY_FROM, 2, 0), 5)
    left = np.minimum(left, np.select([entered < 18, entered < 21], [2, 3], 5))
    return np.where(school >= 0, NOT_AT_SCHOOL, left).astype(np.int64)


def _health(age: Ints, luck: Floats) -> Ints:
    ill = np.clip((age - 18) / 160, 0.01, 0.42)
    return np.select(
        [luck > 1 - ill * 0.7, luck > 1 - ill * 0.85, luck > 1 - ill * 0.85 - 0.035, luck > 1 - ill * 0.85 - 0.04],
        [1, 2, 3, 4],
        0,
    ).astype(np.int64)


def _labour(age: Ints, school: Ints, health: Ints, luck: Floats) -> Ints:
    able = np.where(luck < 0.07, 1, 0)
    weak = (age >= RETIREMENT_AGE) | (health > 0)
    lost = (health == 2) & (luck < 0.5) | ((health >= 3) & (luck < 0.35))
    none = (age < WORKING_AGE) | (school >= 0) | (age >= 75) | (lost & (age >= RETIREMENT_AGE))
    return np.select([none, lost, weak], [3, 2, 4], able).astype(np.int64)


def text(options: tuple[str, ...], index: Ints) -> pa.Array:
    return pick(options, index)
