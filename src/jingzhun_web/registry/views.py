"""The page of a division: where it lies, what lies below, and where to go from there."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jingzhun_web.accounts import places
from jingzhun_web.accounts.access import Place, SignedIn, guarded, standing
from jingzhun_web.accounts.rights import Action
from jingzhun_web.regions.queries import children_of, region_on


@guarded(places.of_region, GET=Action.SEE_REGION)
def region(request: SignedIn, code: str) -> HttpResponse:
    today = timezone.localdate()
    found = region_on(code, today)
    if found is None:
        raise Http404
    mine, place = standing(request.user), Place(code)
    offers = {
        "may_see_people": mine.may(Action.SEE_PEOPLE, place),
        "may_see_trail": mine.may(Action.SEE_TRAIL, place),
    }
    return render(request, "registry/region.html", {"region": found, "children": children_of(found, today), **offers})
