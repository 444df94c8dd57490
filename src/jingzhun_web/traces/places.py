"""Where an object of the trail lies: asked of the object while it is there, of its last entry when it is gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404

from jingzhun_web.accounts.access import Place
from jingzhun_web.audit.guards import kept_models
from jingzhun_web.audit.models import Entry, EntryRow


def of_object(address: Mapping[str, Any]) -> Place:
    """The place of ``object_type`` and ``object_id``; Http404 if the trail has never heard of them."""
    kind, key = address["object_type"], address["object_id"]
    model = next((one for one in kept_models() if one._meta.model_name == kind), None)
    if model is None:
        raise Http404
    instance = model._base_manager.filter(pk=key).first() if key.isdecimal() else None
    if instance is not None:
        return Place(instance.region_of_record())  # type: ignore[attr-defined]
    return Place(_last_told(kind, key))


def _last_told(kind: str, key: str) -> str:
    rows = EntryRow.objects.filter(object_type=kind, object_id=key).order_by("-id")
    told = rows.values_list("region_code", flat=True).first()
    if told is None:
        about = Entry.objects.filter(object_type=kind, object_id=key).order_by("-sequence")
        told = about.values_list("region_code", flat=True).first()
    if told is None:
        raise Http404
    return told
