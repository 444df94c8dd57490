"""What happened to this object, what did this person do, who looked at me; and the head of the chain."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from jingzhun_web.accounts import places
from jingzhun_web.accounts.access import SignedIn, actor_of, guarded, of_platform, personal
from jingzhun_web.accounts.models import User
from jingzhun_web.accounts.rights import Action
from jingzhun_web.audit import anchors, queries, services
from jingzhun_web.audit.queries import Told
from jingzhun_web.regions.queries import codes_within, region_on
from jingzhun_web.traces.places import of_object
from jingzhun_web.traces.wording import OBJECTS


@guarded(of_object, GET=Action.SEE_TRAIL)
def of_an_object(request: SignedIn, object_type: str, object_id: str) -> HttpResponse:
    told = queries.entries_about(object_type, object_id, _before(request))
    return _page(request, _("What happened to this object"), f"{OBJECTS[object_type]} {object_id}", told)


@guarded(places.of_person, GET=Action.SEE_TRAIL)
def of_a_person(request: SignedIn, person_id: int) -> HttpResponse:
    someone = get_object_or_404(User, pk=person_id)
    return _page(request, _("What this person did"), someone.name, queries.entries_of(person_id, _before(request)))


@guarded(places.of_region, GET=Action.SEE_TRAIL)
def of_a_region(request: SignedIn, code: str) -> HttpResponse:
    region = region_on(code, timezone.localdate())
    if region is None:
        raise Http404
    told = queries.entries_in(codes_within(region.path), _before(request))
    return _page(request, _("What happened in this area"), region.name, told)


@personal("GET")
def who_looked_at_me(request: SignedIn) -> HttpResponse:
    told = queries.reads_of("user", str(request.user.pk), _before(request))
    return _page(request, _("Who looked at me"), request.user.name, told)


@personal("GET")
def what_i_did(request: SignedIn) -> HttpResponse:
    return _page(request, _("What I did"), request.user.name, queries.entries_of(request.user.pk, _before(request)))


@guarded(of_platform, GET=Action.SEE_HEAD, POST=Action.ANCHOR_HEAD)
def head(request: SignedIn) -> HttpResponse:
    """The head of the chain, to be written down elsewhere; a POST writes it to the file of anchors now."""
    now, path = queries.head(), settings.JINGZHUN.anchors
    if request.method != "POST":
        return render(request, "traces/head.html", {"head": now, "anchored": path is not None})
    if now is None or path is None:
        messages.error(request, _("There is nothing to anchor, or no file of anchors is set (JINGZHUN_ANCHORS)."))
        return redirect("trail_head")
    anchors.append(path, now)
    services.record(actor_of(request), "trail.anchor", detail={"sequence": now.sequence})
    messages.success(request, _("Entry %(number)d is anchored.") % {"number": now.sequence})
    return redirect("trail_head")


def _page(request: HttpRequest, title: str, about: str, told: list[Told]) -> HttpResponse:
    older = told[-1].entry.sequence if len(told) == queries.PAGE else None
    return render(request, "traces/entries.html", {"title": title, "about": about, "told": told, "older": older})


def _before(request: HttpRequest) -> int | None:
    given = request.GET.get("before", "")
    return int(given) if given.isdecimal() and len(given) < 19 else None
