"""What stands round every page: the menu, the tree of regions on the left, the crumbs, the number of things to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun_web.accounts.access import PLATFORM, Place, Standing, standing
from jingzhun_web.accounts.models import User
from jingzhun_web.accounts.queries import posts_to_decide
from jingzhun_web.accounts.rights import RIGHTS, Action
from jingzhun_web.regions.models import Region
from jingzhun_web.regions.queries import children_of, line_of, region_on

VERSION = version("jingzhun")
DECIDES = RIGHTS[Action.DECIDE_POST]


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    address: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of the tree on the left."""

    region: Region
    depth: int
    current: bool


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For every template. Nothing is asked of the database for somebody who did not sign in."""
    shown: dict[str, Any] = {"version": VERSION, "demonstration": not settings.JINGZHUN.production}
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.password_is_temporary:
        return shown
    today = timezone.localdate()
    mine = standing(user, today)
    own = [found for post in mine.posts if (found := region_on(post.region_code, today))]
    here = _here(request, own, today)
    return {
        **shown,
        "menu": _menu(request, mine, own),
        "tree": list(_tree(own, here, today)),
        "crumbs": _crumbs(own, here, today),
        "waiting": posts_to_decide(user).count() if any(post.role in DECIDES for post in mine.posts) else 0,
    }


def _here(request: HttpRequest, own: list[Region], today: date) -> Region | None:
    """The region that the page is about, else one's own."""
    match = request.resolver_match
    code = match.kwargs.get("code") if match else None
    found = region_on(code, today) if code else None
    if found and any(found.path.startswith(one.path) for one in own):
        return found
    return own[0] if own else None


def _menu(request: HttpRequest, mine: Standing, own: list[Region]) -> list[Link]:
    links = [Link(_("Home"), reverse("home"))]
    if own:
        code = own[0].code
        links.append(Link(_("Regions"), reverse("region", args=[code])))
        if mine.may(Action.SEE_PEOPLE, Place(code)):
            links.append(Link(_("People and posts"), reverse("people", args=[code])))
        if mine.may(Action.SEE_TRAIL, Place(code)):
            links.append(Link(_("Trail"), reverse("trail_of_region", args=[code])))
    if mine.may(Action.SEE_HEAD, PLATFORM):
        links.append(Link(_("Head of the trail"), reverse("trail_head")))
    links.append(Link(_("My posts and sessions"), reverse("me")))
    return [Link(link.title, link.address, link.address == request.path) for link in links]


def _tree(own: list[Region], here: Region | None, today: date) -> Iterator[Branch]:
    """One's own regions; the one that holds the page is opened down to it and one level further."""
    for root in own:
        if here is None or not here.path.startswith(root.path):
            yield Branch(root, 0, False)
            continue
        opened = [one for one in line_of(here, today) if one.path.startswith(root.path)]
        for depth, one in enumerate(opened):
            yield Branch(one, depth, one.code == here.code)
        for child in children_of(here, today):
            yield Branch(child, len(opened), False)


def _crumbs(own: list[Region], here: Region | None, today: date) -> list[Region]:
    if here is None:
        return []
    roots = tuple(one.path for one in own)
    return [one for one in line_of(here, today) if one.path.startswith(roots)]
