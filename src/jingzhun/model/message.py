"""A sentence for a person, in both languages.

Messages are part of the product: what happened, where, the likely cause, the next action.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Message:
    """``id`` is stable for machines and tests; ``zh`` and ``en`` are complete sentences with their values filled in."""

    id: str
    zh: str
    en: str

    def say(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en
