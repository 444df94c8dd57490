"""Reads about people, posts and sessions. What a list may show is decided by ``access.scope``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db.models import Q, QuerySet
from django.utils import timezone

from jingzhun_web.accounts.access import scope
from jingzhun_web.accounts.models import Post, User
from jingzhun_web.accounts.rights import Action
from jingzhun_web.regions.models import Region
from jingzhun_web.regions.queries import whole_name

PAGE = 50


@dataclass(frozen=True, slots=True)
class Held:
    """A post as a page shows it."""

    post: Post
    region: str


@dataclass(frozen=True, slots=True)
class People:
    """One page of a list; ``after`` is where the next begins, None on the last."""

    rows: list[User]
    after: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """Where somebody is signed in."""

    key: int
    address: str
    browser: str
    since: datetime
    last_seen: datetime
    current: bool


def person_by_id(key: int) -> User | None:
    found: User | None = User.objects.filter(pk=key).first()
    return found


def people_in(viewer: User, region: Region, search: str = "", after: int = 0) -> People:
    """People of a region and below whom this viewer may see, by number; a page at a time."""
    found = User.objects.filter(
        scope(viewer, Action.SEE_PEOPLE),
        region_code__in=Region.objects.within(region.path).values("code"),
        pk__gt=after,
    )
    if search:
        found = found.filter(Q(name__contains=search) | Q(username__startswith=search))
    rows = list(found.prefetch_related("posts").order_by("pk")[: PAGE + 1])
    return People(rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None)


def posts_of(person: User) -> list[Held]:
    """All posts of a person, the newest first."""
    today = timezone.localdate()
    posts = (
        Post.objects.filter(person=person).select_related("proposed_by", "decided_by").order_by("-valid_from", "-pk")
    )
    return [Held(post, whole_name(post.region_code, today)) for post in posts]


def posts_to_decide(viewer: User) -> QuerySet[Post]:
    """Proposed posts that wait for this person's decision."""
    mine = Q(proposed_by=viewer) | Q(person=viewer)
    waiting = Post.objects.filter(scope(viewer, Action.DECIDE_POST)).waiting()
    return waiting.exclude(mine).select_related("person", "proposed_by").order_by("pk")


def proposed_by(viewer: User) -> QuerySet[Post]:
    """What this person proposed and nobody decided on yet."""
    return Post.objects.filter(proposed_by=viewer).waiting().select_related("person").order_by("pk")


def sessions_of(person: User, current: str | None) -> list[Session]:
    rows = UserSession.objects.filter(user=person).order_by("-last_seen_at")
    return [
        Session(row.pk, row.ip, row.user_agent, row.created_at, row.last_seen_at, row.session_key == current)
        for row in rows
    ]
