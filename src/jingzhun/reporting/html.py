"""Web pages that need nothing else: no network, no script, no fonts of their own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from jingzhun.reporting.page import Page


def html_page(page: Page, others: Mapping[str, str]) -> bytes:
    """The answer sheet as UTF-8 HTML. ``others`` maps other languages to their files beside this one."""
    text = environment().get_template("answer_sheet.html").render(page=page, w=page.words, others=others)
    return text.encode()


@lru_cache(maxsize=1)
def environment() -> Environment:
    """This room's templates; what they are given is escaped, and what they are not given is an error."""
    return Environment(
        loader=PackageLoader("jingzhun.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
