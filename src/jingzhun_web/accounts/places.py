"""Where the object of an address lies, for the access function: from the parts of the address to a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.utils import timezone

from jingzhun_web.accounts.access import Place
from jingzhun_web.accounts.models import Post, User
from jingzhun_web.regions.queries import region_on


def of_region(address: Mapping[str, Any]) -> Place:
    if region_on(address["code"], timezone.localdate()) is None:
        raise Http404
    return Place(address["code"])


def of_person(address: Mapping[str, Any]) -> Place:
    code = User.objects.filter(pk=address["person_id"]).values_list("region_code", flat=True).first()
    if code is None:
        raise Http404
    return Place(code)


def of_post(address: Mapping[str, Any]) -> Place:
    code = Post.objects.filter(pk=address["post_id"]).values_list("region_code", flat=True).first()
    if code is None:
        raise Http404
    return Place(code)
