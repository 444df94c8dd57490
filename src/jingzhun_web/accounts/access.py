"""THE access function. Every view is put under it with ``guarded``, ``personal`` or ``public``; there is no other way.

``decide`` answers for a person, an action and a place. What may be done stands in ``rights``; here is only how a post's
region lies to the object's, and how a page is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils import timezone

from jingzhun_web.accounts.models import Post, User
from jingzhun_web.accounts.rights import AREA, RIGHTS, Action, Answer, Relation, answer
from jingzhun_web.accounts.roles import NEEDS_SECOND_FACTOR, Role
from jingzhun_web.audit.services import Actor
from jingzhun_web.regions.models import Region
from jingzhun_web.regions.queries import path_on, paths_on


class SignedIn(HttpRequest):
    """A request of somebody who signed in; what guarded views get."""

    user: User
    request_id: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an object lies. ``region_code`` is empty for what belongs to the platform as a whole."""

    region_code: str = ""


PLATFORM = Place()


def of_platform(_: Mapping[str, Any]) -> Place:
    """The locator of what belongs to no region."""
    return PLATFORM


def relation(post_path: str, object_path: str) -> Relation:
    """How an object's region lies, seen from a post's; a region that nobody knows is elsewhere."""
    if not post_path or not object_path:
        return Relation.ELSEWHERE
    if post_path == object_path:
        return Relation.OWN
    if object_path.startswith(post_path):
        return Relation.BELOW
    return Relation.ABOVE if post_path.startswith(object_path) else Relation.ELSEWHERE


def posts_in_force(person: User, day: date | None = None) -> list[Post]:
    if not person.is_active:
        return []
    return list(Post.objects.filter(person=person).in_force(day or timezone.localdate()).order_by("id"))


@dataclass(slots=True)
class Standing:
    """What somebody holds on a day: posts in force, each with the path of its region. Good for one request."""

    day: date
    posts: list[Post]
    paths: dict[str, str]
    _seen: dict[str, str] = field(default_factory=dict)

    def decide(self, action: Action, place: Place) -> Answer:
        return answer(action, [(Role(post.role), self._relation(post, place)) for post in self.posts])

    def may(self, action: Action, place: Place) -> bool:
        return self.decide(action, place) is Answer.ALLOWED

    def _relation(self, post: Post, place: Place) -> Relation:
        if not place.region_code:
            return Relation.PLATFORM
        if place.region_code not in self._seen:
            self._seen[place.region_code] = path_on(place.region_code, self.day)
        return relation(self.paths.get(post.region_code, ""), self._seen[place.region_code])


def standing(person: User, day: date | None = None) -> Standing:
    day = day or timezone.localdate()
    posts = posts_in_force(person, day)
    return Standing(day, posts, paths_on([post.region_code for post in posts], day) if posts else {})


def decide(person: User, action: Action, place: Place, day: date | None = None) -> Answer:
    """Whether this person may do this there: allowed, readable but not writable (403), or hidden (404)."""
    return standing(person, day).decide(action, place)


def may(person: User, action: Action, place: Place) -> bool:
    """For templates and lists: whether to offer it at all. Ask ``standing`` once where several are asked."""
    return standing(person).may(action, place)


def scope(person: User, action: Action, column: str = "region_code") -> Q:
    """The condition that keeps a list to what this person may reach with this action; nothing fits if that is nothing.

    Only what lies in or below a post's region counts: a list never shows what is above.
    """
    day = timezone.localdate()
    posts = [post for post in posts_in_force(person, day) if RIGHTS[action].get(Role(post.role), frozenset()) >= AREA]
    reach = Q(pk__in=[])
    for path in paths_on([post.region_code for post in posts], day).values():
        reach |= Q(**{f"{column}__in": Region.objects.within(path).values("code")})
    return reach


def require(person: User, action: Action, place: Place) -> None:
    """Refuse as a page refuses: 404 for what is hidden, 403 for what may be read but not written."""
    match decide(person, action, place):
        case Answer.HIDDEN:
            raise Http404
        case Answer.READ_ONLY:
            raise PermissionDenied
        case Answer.ALLOWED:
            return


def needs_second_factor(person: User) -> bool:
    return settings.JINGZHUN.second_factor and any(post.role in NEEDS_SECOND_FACTOR for post in posts_in_force(person))


def actor_of(request: SignedIn, post: Post | None = None) -> Actor:
    """Who acts, for the trail: the person, the posts in force and the request."""
    posts = [post] if post else posts_in_force(request.user)
    told = "; ".join(f"{one.role}@{one.region_code}" for one in posts)
    return Actor(request.user.username, request.user.pk, told[:200], request.request_id)


P = ParamSpec("P")
View = Callable[Concatenate[SignedIn, P], HttpResponseBase]
Locator = Callable[[Mapping[str, Any]], Place]


@dataclass(frozen=True, slots=True)
class Guard:
    """How an endpoint is classified: the action of each method, or who it is open to."""

    audience: str
    """``public``: anybody; ``personal``: whoever is signed in, about themselves; ``posts``: decided by the table."""
    actions: Mapping[str, Action] = field(default_factory=dict)
    methods: tuple[str, ...] = ("GET", "POST")
    about_platform: bool = False
    """Whether its objects belong to no region."""


def guard_of(view: Callable[..., Any]) -> Guard | None:
    return getattr(view, "guard", None)


def guarded(at: Locator, **actions: Action) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Put a view under the table: ``@guarded(at=region_of_person, GET=Action.SEE_PEOPLE, POST=Action.KEEP_PEOPLE)``.

    ``at`` finds where the object of the address lies, or raises Http404. A method without an action is not allowed.
    """
    methods = {"HEAD": actions["GET"], **actions} if "GET" in actions else dict(actions)

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            elsewhere = _sign_in_first(request) or _finish_account_first(request)
            if elsewhere:
                return elsewhere
            action = methods.get(request.method or "")
            if action is None:
                return HttpResponseNotAllowed(sorted(methods))
            require(cast(User, request.user), action, at(kwargs))
            return view(cast(SignedIn, request), *args, **kwargs)

        checked.guard = Guard("posts", actions, tuple(actions), at is of_platform)  # type: ignore[attr-defined]
        return checked

    return decorate


def personal(
    *methods: str, unfinished: bool = False
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view about whoever is signed in. ``unfinished`` ones serve to finish an account: password, second factor."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            elsewhere = _sign_in_first(request) or (None if unfinished else _finish_account_first(request))
            if elsewhere:
                return elsewhere
            if request.method not in {*methods, "HEAD"}:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        checked.guard = Guard("personal", methods=methods)  # type: ignore[attr-defined]
        return checked

    return decorate


def public(*methods: str) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view that anybody may see. Say so only of pages that show nothing about anybody."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method not in {*methods, "HEAD"}:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        checked.guard = Guard("public", methods=methods)  # type: ignore[attr-defined]
        return checked

    return decorate


def _sign_in_first(request: HttpRequest) -> HttpResponseBase | None:
    if isinstance(request.user, AnonymousUser) or not request.user.is_active:
        from django.contrib.auth.views import redirect_to_login

        return redirect_to_login(request.get_full_path())
    return None


def _finish_account_first(request: HttpRequest) -> HttpResponseBase | None:
    """Whoever has a password that somebody else knows, or lacks the second factor of their post, sees to that first."""
    from allauth.mfa.utils import is_mfa_enabled

    person = cast(User, request.user)
    if person.password_is_temporary:
        return redirect("account_change_password")
    if needs_second_factor(person) and not is_mfa_enabled(person):
        return redirect("second_factor_needed")
    return None
