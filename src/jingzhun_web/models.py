"""All models of all rooms, for Django, which looks for them here. Import a model from its room, never from here."""

from jingzhun_web.accounts.models import Post, User
from jingzhun_web.audit.models import Entry, EntryRow
from jingzhun_web.regions.models import Region

__all__ = ["Entry", "EntryRow", "Post", "Region", "User"]
