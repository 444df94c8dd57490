"""Collect the texts of the web application into the catalogue, and compile it; ``--check`` says what is missing.

Collecting needs GNU gettext, compiling does not.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polib

FOLDER = Path(__file__).parent.parent / "src" / "jingzhun_web"
SOURCE = FOLDER / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def collect() -> None:
    """Bring the catalogue up to the code; places in the code are left out, they would change with every line."""
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingzhun_web.site.settings")
    SOURCE.parent.mkdir(parents=True, exist_ok=True)
    os.chdir(FOLDER)
    call_command("makemessages", locale=["zh_Hans"], no_location=True, no_wrap=True, verbosity=0)


def missing() -> list[str]:
    entries = polib.pofile(str(SOURCE))
    return [entry.msgid for entry in entries if not entry.obsolete and (not entry.translated() or entry.fuzzy)]


def compile_catalogue() -> None:
    catalogue = polib.pofile(str(SOURCE))
    for header in ("POT-Creation-Date", "PO-Revision-Date"):
        catalogue.metadata.pop(header, None)
    catalogue.save(str(SOURCE))
    catalogue.save_as_mofile(str(SOURCE.with_suffix(".mo")))


def main() -> int:
    if "--check" not in sys.argv:
        collect()
        compile_catalogue()
    untranslated = missing()
    for text in untranslated:
        print(f"no Chinese for: {text}")
    return int(bool(untranslated))


if __name__ == "__main__":
    raise SystemExit(main())
