"""Texts of Django and its companions that their own Chinese catalogues lack, named here so that ours has them.

Ours is asked first. A page test finds what else is missing.
"""

from __future__ import annotations

from django.utils.translation import ngettext_lazy

TEXTS = (
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
