"""The tables of an OpenDocument spreadsheet, walked before they are read: few bytes may stand for billions of cells."""

from __future__ import annotations

from jingzhun.intake.facts import NOT_CALCULATED, WIDEST, SheetFacts
from jingzhun.intake.limits import Limits
from jingzhun.intake.package import Markup

_HIDDEN = ("collapse", "filter")


class TableWalk:
    """Counts rows and columns with their repetitions; empty ones count only where something stands behind them."""

    def __init__(self, limits: Limits) -> None:
        self.sheets: list[SheetFacts] = []
        self._limits = limits
        self._row = self._rows = self._column = self._hidden_from = 0
        self._hidden = False
        self._filled: list[tuple[int, int]] = []
        self._cell: dict[str, str] | None = None
        self._has_text = False
        self._markup = Markup(self._start, self._end, self._text)
        self.feed, self.close = self._markup.feed, self._markup.close

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self.sheets.append(SheetFacts())
            self._row = self._hidden_from = 0
        elif not self.sheets:
            return
        elif name == "table-column":
            self._pass_columns(attributes)
        elif name == "table-row":
            self._rows = _times(attributes, "table:number-rows-repeated")
            self._hidden, self._column, self._filled = attributes.get("table:visibility") in _HIDDEN, 0, []
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._has_text = attributes, False

    def _pass_columns(self, attributes: dict[str, str]) -> None:
        first = self._hidden_from
        self._hidden_from = min(first + _times(attributes, "table:number-columns-repeated"), WIDEST)
        if attributes.get("table:visibility") in _HIDDEN:
            self.sheets[-1].hidden_columns.update(range(first, self._hidden_from))

    def _text(self, text: str) -> None:
        if self._cell is not None and text.strip():
            self._has_text = True

    def _end(self, name: str) -> None:
        if name in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif name == "table-row" and self.sheets:
            if self._filled:
                self._end_row()
            self._row += self._rows

    def _end_cell(self, cell: dict[str, str]) -> None:
        times, formula = _times(cell, "table:number-columns-repeated"), "table:formula" in cell
        if self._has_text or formula or "office:value-type" in cell:
            self.sheets[-1].reach(self._row + self._rows, self._column + times - 1, self._limits)
            lacks_value = formula and not self._has_text and "office:value-type" not in cell
            if lacks_value:
                self._filled += [(self._column + at, 1) for at in range(times)]
            else:
                self._filled.append((self._column, 0))
        self._column += times

    def _end_row(self) -> None:
        """Only now is it known how far the row reaches; within the limits, its repetitions can be listed."""
        facts = self.sheets[-1]
        for row in range(self._row + 1, self._row + self._rows + 1):
            if self._hidden:
                facts.hidden_rows.add(row)
            for column, lacks_value in self._filled:
                if lacks_value:
                    facts.errors[row, column] = NOT_CALCULATED


def _times(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(name, "1")))
