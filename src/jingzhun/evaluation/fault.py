"""What stands in the way of a draw or of a survey, told with the place, the likely cause and the next action."""

from __future__ import annotations

from pathlib import Path


class NotDrawable(ValueError):
    """The snapshot or the design does not allow a sample to be drawn."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en


class NotASample(ValueError):
    """The folder is no sample, or not one that was left as it was drawn."""

    def __init__(self, folder: Path, zh: str, en: str) -> None:
        super().__init__(f"{folder}: {zh} {en}")
        self.folder, self.zh, self.en = folder, zh, en


class NotEvaluable(ValueError):
    """The sample, the survey and the register do not allow an evaluation."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} {en}")
        self.zh, self.en = zh, en
