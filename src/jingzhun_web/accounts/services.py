"""Writes about people and posts. Each says who does it and is in the trail; refusals say why and what to do."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jingzhun_web.accounts.models import Post, User
from jingzhun_web.accounts.roles import ADMINISTRATORS, Role, may_stand_beside
from jingzhun_web.audit.services import About, Actor, record, record_read, recorded
from jingzhun_web.regions.queries import region_on

ONE_TIME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that are taken for each other when a password is read out."""


class Refused(ValueError):
    """A rule forbids it; the message can be shown to whoever tried."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


def add_person(by: Actor, *, username: str, name: str, region_code: str, phone: str = "") -> tuple[User, str]:
    """Make an account. Gives the one-time password too, which is shown once and changed at the first sign-in."""
    password = one_time_password()
    person = User(
        username=username, name=name, region_code=_known(region_code), phone=phone, password_is_temporary=True
    )
    person.set_password(password)
    person.full_clean()
    with recorded(by, "person.add") as change:
        person.save()
        change.concerns(person)
    return person, password


def change_person(by: Actor, person: User, *, name: str, region_code: str, phone: str) -> None:
    person.name, person.region_code, person.phone = name, _known(region_code), phone
    person.full_clean()
    with recorded(by, "person.change", about=person):
        person.save(update_fields=["name", "region_code", "phone"])


def suspend(by: Actor, person: User, reason: str) -> None:
    """Nobody can sign in with the account any more, and whoever is signed in is signed out at once."""
    if by.person_id == person.pk:
        raise Refused(_("Nobody suspends themselves. Ask another system administrator."))
    with recorded(by, "person.suspend", about=person, purpose=reason):
        person.is_active = False
        person.save(update_fields=["is_active"])
        end_sessions(by, person)


def resume(by: Actor, person: User, reason: str) -> None:
    with recorded(by, "person.resume", about=person, purpose=reason):
        person.is_active = True
        person.save(update_fields=["is_active"])


def reset_password(by: Actor, person: User) -> str:
    """A new one-time password, shown once; all sessions end."""
    password = one_time_password()
    with recorded(by, "person.reset_password", about=person):
        person.set_password(password)
        person.password_is_temporary = True
        person.save(update_fields=["password", "password_is_temporary"])
        end_sessions(by, person)
    return password


def change_password(by: Actor, person: User, password: str) -> None:
    """A password that only its owner knows."""
    with recorded(by, "person.change_password", about=person):
        person.set_password(password)
        person.password_is_temporary = False
        person.save(update_fields=["password", "password_is_temporary"])


def see_phone(by: Actor, person: User, purpose: str) -> str:
    """The number unmasked; who looked and what for is in the trail before it is shown."""
    if not purpose.strip():
        raise Refused(_("Say what you need the number for; it is kept in the trail."))
    record_read(by, [person], ["phone"], purpose.strip())
    return person.phone


def propose_post(
    by: Actor, person: User, *, role: str, region_code: str, valid_from: date, valid_to: date | None = None
) -> Post:
    """A post that counts once a second person has confirmed it."""
    post = Post(
        person=person, role=role, region_code=_known(region_code), valid_from=valid_from, valid_to=valid_to,
        proposed_by_id=by.person_id,
    )  # fmt: skip
    post.full_clean(exclude=["proposed_by", "decided_by", "decided_at"])
    with recorded(by, "post.propose") as change:
        _keep_administrators_apart(person, role)
        post.save()
        change.concerns(post)
    return post


def decide_post(by: Actor, post: Post, *, confirm: bool) -> None:
    """Confirm or refuse a proposed post. Neither who proposed it nor who would hold it may decide."""
    if by.person_id in {post.proposed_by_id, post.person_id}:
        raise Refused(_("A post is confirmed by somebody who neither proposed it nor will hold it."))
    with recorded(by, "post.confirm" if confirm else "post.refuse", about=post):
        User.objects.select_for_update().get(pk=post.person_id)
        fresh = Post.objects.select_for_update().get(pk=post.pk)
        if fresh.decided_at is not None:
            raise Refused(_("Somebody decided on this post in the meantime. Reload the page to see it."))
        if confirm:
            _keep_administrators_apart(fresh.person, fresh.role, but=fresh.pk)
        fresh.decided_by_id, fresh.decided_at, fresh.confirmed = by.person_id, timezone.now(), confirm
        fresh.save()


def end_post(by: Actor, post: Post, last_day: date, reason: str) -> None:
    """The post ends with that day; it stays in the history."""
    if last_day < post.valid_from:
        raise Refused(_("The last day lies before the first. Give a day from %(day)s on.") % {"day": post.valid_from})
    with recorded(by, "post.end", about=post, purpose=reason):
        post.valid_to = last_day
        post.save(update_fields=["valid_to"])


def end_sessions(by: Actor, person: User, *, but: str = "") -> int:
    """Sign a person out everywhere, but for the session of that key; how many sessions ended."""
    ending = list(UserSession.objects.filter(user=person).exclude(session_key=but))
    if ending:
        record(by, "sessions.end", about=person, detail={"sessions": len(ending)})
    for session in ending:
        session.end()
    return len(ending)


def end_session(by: Actor, person: User, key: int) -> bool:
    """End one session of a person; whether there was such a one."""
    session = UserSession.objects.filter(user=person, pk=key).first()
    if session is None:
        return False
    record(by, "sessions.end", about=person, detail={"sessions": 1})
    session.end()
    return True


def keep_to_the_limit_of_sessions(by: Actor, person: User, current: str) -> int:
    """The newest sessions stay, as many as the setting allows; the others end. How many ended."""
    allowed: int = settings.JINGZHUN.sessions_per_person
    others = UserSession.objects.filter(user=person).exclude(session_key=current).order_by("-created_at", "-pk")
    ending = list(others[allowed - 1 :])
    if ending:
        record(by, "sessions.end", about=person, detail={"sessions": len(ending), "signed_in_elsewhere": True})
    for session in ending:
        session.end()
    return len(ending)


def appoint_first(by: Actor, *, username: str, name: str, role: Role, region_code: str, day: date) -> tuple[User, str]:
    """An administrator named on the server itself, where there is no second person yet. Only the three administrators.

    It can be used again as long as a region has none of that role, so that a lost one can be replaced.
    """
    if role not in ADMINISTRATORS:
        raise Refused(_("Only the three administrators are appointed on the server; they appoint all others."))
    with recorded(by, "post.appoint_first") as change:
        person, password = add_person(by, username=username, name=name, region_code=region_code)
        hold_at_once(person, role, region_code, day)
        change.concerns(person)
    return person, password


def hold_at_once(person: User, role: str, region_code: str, day: date) -> Post:
    """A post without a second person; inside a recorded change of the server's own only."""
    return Post.objects.create(
        person=person,
        role=role,
        region_code=_known(region_code),
        valid_from=day,
        decided_at=timezone.now(),
        confirmed=True,
    )


def about_unknown(username: str) -> About:
    """What an entry about a failed sign-in concerns: the account if there is one, nobody otherwise."""
    person = User.objects.filter(username=username).first()
    return About.of(person) if person else About()


def one_time_password() -> str:
    """Sixteen letters in groups of four: eighty bits, and it can be read out over a telephone."""
    letters = [secrets.choice(ONE_TIME_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, 16, 4))


def _known(region_code: str) -> str:
    if region_on(region_code, timezone.localdate()) is None:
        raise Refused(
            _("There is no division %(code)s. Look its code up in the tree of regions.") % {"code": region_code}
        )
    return region_code


def _keep_administrators_apart(person: User, role: str, but: int | None = None) -> None:
    """三员分立: counts posts that are in force, to come, or still to be decided on."""
    today = timezone.localdate()
    if not may_stand_beside(
        role, _roles(post for post in person.posts.all() if post.pk != but and _counts(post, today))
    ):
        raise Refused(
            _("The system, security and audit administrators are three persons without other posts. "
              "End the other posts first, or choose somebody else.")
        )  # fmt: skip


def _counts(post: Post, today: date) -> bool:
    return (post.decided_at is None or post.confirmed) and (post.valid_to is None or post.valid_to >= today)


def _roles(posts: Iterable[Post]) -> set[str]:
    return {post.role for post in posts}
