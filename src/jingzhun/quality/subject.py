"""One kind of row made ready for its rules: which columns, gathered values and facts a set of expressions needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from jingzhun.engine import Names, parse_expression, quoted, used_columns
from jingzhun.model import ORIGIN, TABLES, Table
from jingzhun.policy import Pack, identity
from jingzhun.policy.binding import Binding
from jingzhun.policy.rules import ROW_KEY, Fact, Gathered, Subject
from jingzhun.policy.schema import CodeList
from jingzhun.policy.subjects import COUNTED, COUNTY, IDENTITY, Vocabulary, names_of, vocabulary

_PICKED = {"distinct": "count(DISTINCT {})", "sum": "sum({})", "min": "min({})", "max": "max({})", "any": "bool_or({})"}


@dataclass(slots=True)
class Asked:
    """A subject of the pack on a day. ``names`` has every column, gathered value and fact with its SQL type."""

    subject: Subject
    binding: Binding
    words: Vocabulary = field(init=False)

    def __post_init__(self) -> None:
        self.words = vocabulary(self.subject, self.binding.parameter_names)

    @property
    def names(self) -> Names:
        return self.words.names

    @property
    def _facts(self) -> dict[str, Fact]:
        return {fact.name: fact for fact in self.subject.facts}

    @property
    def _gathered(self) -> dict[str, Gathered]:
        return {one.name: one for one in self.subject.gathered}

    @property
    def table(self) -> Table:
        return TABLES[self.subject.table]

    def bind(self, text: str) -> tuple[str, frozenset[str]]:
        """A condition of a rule with its parameters filled in, and the names it reads."""
        bound = self.binding.bind_names(text, self.names, "boolean", "", {})
        return bound.sql, bound.columns

    def needs_gathering(self, names: Iterable[str]) -> bool:
        """Whether any of the names, or a fact behind one, is gathered from other rows."""
        return not self._closure(names).isdisjoint(self._gathered)

    def tables(self, names: Iterable[str]) -> frozenset[str]:
        """The tables that ``names`` are read from, the subject's own among them."""
        needed = self._closure(names)
        return frozenset({self.table.name, *(one.table for name, one in self._gathered.items() if name in needed)})

    def rows(self, names: Iterable[str]) -> str:
        """SQL of the subject's rows of the register's year with everything that ``names`` need, and their origin."""
        needed = self._closure(names) | {*self.table.key, "region_code"}
        sql = self._base(needed)
        if not needed.isdisjoint(identity.COLUMNS):
            sql = f"SELECT *, {identity.from_digits(IDENTITY)} FROM ({sql})"
            sql = f"SELECT *, {identity.from_parts(IDENTITY)} FROM ({sql})"
        sql = self._with_gathered(sql, needed)
        for level in self._levels(needed):
            listed = ", ".join(f"({self._fact_sql(name)}) AS {name}" for name in level)
            sql = f"SELECT *, {listed} FROM ({sql})"
        return sql

    def columns(self, names: Iterable[str]) -> list[str]:
        """The columns of the subject's own table that ``rows`` takes for ``names``."""
        wanted = self._closure(names) | {*self.table.key, "region_code"} | {column.name for column in ORIGIN}
        if not wanted.isdisjoint(identity.COLUMNS):
            wanted |= {IDENTITY}
        return [column.name for column in self.table.all_columns if column.name in wanted]

    def _base(self, needed: set[str]) -> str:
        columns = ", ".join(self.columns(needed))
        if COUNTY in needed:
            columns += f", left(region_code, 6) || '000000' AS {COUNTY}"
        if not self.table.delivered:
            columns += "".join(f", NULL::{column.sql_type} AS {column.name}" for column in ORIGIN)
        if ROW_KEY in needed:
            columns += f", {key_text(self.table)} AS {ROW_KEY}"
        return f"SELECT {columns} FROM {self.table.name}{self._year_of(self.table, 'same')}"

    def _year_of(self, table: Table, which: str) -> str:
        if "data_year" not in table.column_names or which == "every":
            return ""
        year = self.binding.as_of.year
        if which == "same":
            return f" WHERE data_year = {year}"
        return f" WHERE data_year = (SELECT max(data_year) FROM {table.name} WHERE data_year < {year})"

    def _with_gathered(self, sql: str, needed: set[str]) -> str:
        """One aggregation per other table, key and year, whatever number of values comes of it."""
        groups: dict[tuple[str, tuple[str, ...], tuple[str, ...], bool, str], list[Gathered]] = {}
        for name, one in self._gathered.items():
            if name in needed and one.pick == "previous":
                sql = f"SELECT *, {self._previous(one)} AS {name} FROM ({sql})"
            elif name in needed:
                groups.setdefault((one.table, one.by, one.keys, one.below, one.year), []).append(one)
        for number, values in enumerate(groups.values()):
            names = ", ".join(self._filled(f"g{number}", one) for one in values)
            same = " AND ".join(f"g{number}.by_{place} = t.{name}" for place, name in enumerate(values[0].by))
            sql = f"SELECT t.*, {names} FROM ({sql}) t LEFT JOIN ({self._part(values)}) g{number} ON {same}"
        return sql

    def _part(self, values: Sequence[Gathered]) -> str:
        """What comes of another table's rows: a row for each key, called ``by_0``, ``by_1`` …"""
        one = values[0]
        keys = ["ancestor_code"] if one.below else [_key_of(name) for name in one.keys]
        closure = " JOIN region_closure USING (region_code)" if one.below else ""
        columns = [f"{key} AS by_{place}" for place, key in enumerate(keys)]
        columns += [f"{self._aggregate(value)} AS {value.name}" for value in values]
        places = ", ".join(str(place) for place in range(1, len(keys) + 1))
        rows = f"{one.table}{closure}{self._year_of(TABLES[one.table], one.year)}"
        return f"SELECT {', '.join(columns)} FROM {rows} GROUP BY {places}"

    def _previous(self, one: Gathered) -> str:
        names = names_of(self.table, self.binding.parameter_names)
        alike = ", ".join([*one.by, *([f"({self._sql(one.where, names)})"] if one.where else [])])
        # The key decides between rows of one place in the order, so that every engine finds the same one before.
        order = ", ".join([self._sql(one.order, names), *self.table.key])
        return f"lag({self._sql(one.value, names)}) OVER (PARTITION BY {alike} ORDER BY {order})"

    def _filled(self, source: str, one: Gathered) -> str:
        """No row of the other table is a count of zero; of everything else it is unknown."""
        return f"coalesce({source}.{one.name}, 0) AS {one.name}" if one.pick in COUNTED else f"{source}.{one.name}"

    def _aggregate(self, one: Gathered) -> str:
        names = names_of(TABLES[one.table], self.binding.parameter_names)
        where = self._sql(one.where, names) if one.where else ""
        if one.pick == "count":
            return f"count(CASE WHEN {where} THEN 1 END)" if where else "count(*)"
        value = self._sql(one.value, names)
        return _PICKED[one.pick].format(f"CASE WHEN {where} THEN {value} END" if where else value)

    def _fact_sql(self, name: str) -> str:
        fact = self._facts[name]
        sql = self._sql(fact.expression, self.names)
        return _listed(sql, self.binding.pack.codes[fact.listed_in]) if fact.listed_in else sql

    def _sql(self, text: str, names: Names) -> str:
        return self.binding.bind_names(text, names, "any", "", {}).sql

    def _closure(self, names: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            waiting += self.words.made_from.get(name, ())
            if name in self._gathered:
                waiting += self._needs(self._gathered[name])
        return found

    def _needs(self, one: Gathered) -> Iterable[str]:
        """What must stand in the row for a value to be gathered for it."""
        if one.pick != "previous":
            return one.by
        names = names_of(self.table, self.binding.parameter_names)
        texts = [text for text in (one.value, one.order, one.where) if text]
        return {*one.by, *(name for text in texts for name in used_columns(parse_expression(text, names)))}

    def _levels(self, needed: set[str]) -> list[list[str]]:
        """Facts in layers: each uses only what the layers before it made."""
        depth: dict[str, int] = {}
        for name, needs in self.words.made_from.items():
            depth[name] = 1 + max((depth[other] for other in needs if other in depth), default=0)
        wanted = {name: level for name, level in depth.items() if name in needed}
        return [[name for name, at in wanted.items() if at == level] for level in sorted(set(wanted.values()))]


def asked_subjects(pack: Pack, as_of: date) -> dict[str, Asked]:
    """Every subject of the pack, ready for the rules of the day."""
    binding = Binding(pack, as_of, date(as_of.year, 1, 1))
    return {name: Asked(subject, binding) for name, subject in pack.subjects.items()}


def number_text(table: Table) -> str:
    """What ``problem_number`` is made from, as SQL: table and key, without the year."""
    parts = ", ".join(f"CAST({name} AS VARCHAR)" for name in table.key if name != "data_year")
    return f"concat_ws({quoted('|')}, {quoted(table.name)}, {parts})"


def _key_of(name: str) -> str:
    return f"left({IDENTITY}, 18)" if name == "id_18" else name


def _listed(sql: str, codes: CodeList) -> str:
    """Whether a text is a label of the list, or labels joined by a comma where the list allows several."""
    if not codes.multiple:
        return f"({sql}) IN ({', '.join(quoted(item.label) for item in codes.items)})"
    one = f"(?:{'|'.join(re.escape(item.label) for item in codes.items)})"
    return f"regexp_matches({sql}, {quoted(f'^{one}(?:,{one})*$')})"


def key_text(table: Table) -> str:
    """The key of a row as one text, for findings of every table."""
    return f"concat_ws({quoted('|')}, {', '.join(f'CAST({name} AS VARCHAR)' for name in table.key)})"
