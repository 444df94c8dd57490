"""People and the posts they hold."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingzhun_web.accounts.roles import Role
from jingzhun_web.audit.kept import Kept, KeptQuerySet

USERNAME = RegexValidator(
    r"\A[a-z][a-z0-9._-]{2,29}\Z",
    _("A user name has 3 to 30 small letters, digits, dots, hyphens or underscores and begins with a letter."),
)
PHONE = RegexValidator(r"\A[0-9+][0-9 -]{4,19}\Z", _("A telephone number has only digits, spaces and hyphens."))
CODE = RegexValidator(r"\A[0-9]{12}\Z", _("The code of a division has 12 digits."))


class UserManager(BaseUserManager.from_queryset(KeptQuerySet)["User"]):  # type: ignore[misc]
    """Finds people by name; ``services.add_person`` makes them."""


class User(AbstractBaseUser, Kept):
    """Somebody who signs in. What they may do is in their posts alone: there is no superuser."""

    username = models.CharField(_("User name"), max_length=30, unique=True, validators=[USERNAME])
    name = models.CharField(_("Name"), max_length=60)
    phone = models.CharField(_("Telephone"), max_length=20, blank=True, validators=[PHONE])
    region_code = models.CharField(_("Region"), max_length=12, validators=[CODE])
    """Where they belong; who keeps people there keeps this account."""
    is_active = models.BooleanField(default=True)
    password_is_temporary = models.BooleanField(default=False)
    """Somebody else knows it, so nothing but changing it is allowed."""
    created_at = models.DateTimeField(default=timezone.now)
    last_login = None  # the trail tells it

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    SECRET_FIELDS = ("password",)
    SENSITIVE_FIELDS = ("phone",)

    objects: ClassVar[UserManager] = UserManager()

    class Meta(Kept.Meta):
        verbose_name = _("Account")
        indexes = (models.Index(fields=["region_code", "id"], name="user_by_region"),)

    def __str__(self) -> str:
        return self.name or self.username

    def check_password(self, raw_password: str | None) -> bool:
        """Without Django's silent re-hashing, which would write outside the trail."""
        return check_password(raw_password, self.password)

    @property
    def masked_phone(self) -> str:
        return self.phone and f"{self.phone[:3]}****{self.phone[-4:] if len(self.phone) > 8 else ''}"


class PostQuerySet(KeptQuerySet["Post"]):
    def in_force(self, day: date) -> Self:
        """Posts that a second person confirmed and whose days include this one."""
        return self.exclude(decided_at=None).filter(
            Q(valid_to=None) | Q(valid_to__gte=day), confirmed=True, valid_from__lte=day
        )

    def waiting(self) -> Self:
        return self.filter(decided_at=None)


class Post(Kept):
    """A role that a person holds in a region from a day to a day. It counts once a second person has confirmed it."""

    person = models.ForeignKey(User, models.PROTECT, related_name="posts")
    role = models.CharField(_("Post"), max_length=30, choices=Role.choices)
    region_code = models.CharField(_("Region"), max_length=12, validators=[CODE])
    valid_from = models.DateField(_("From"))
    valid_to = models.DateField(_("Last day"), null=True, blank=True)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    """Nobody for the first administrators, who are named on the server itself."""
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Self]] = models.Manager.from_queryset(PostQuerySet)()

    class Meta(Kept.Meta):
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="post_decided_by_a_second_person"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("person")), name="post_not_decided_by_its_holder"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="post_ends_after_it_begins"
            ),
        )
        indexes = (models.Index(fields=["person", "valid_from"], name="post_by_person"),)

    def __str__(self) -> str:
        return f"{self.role} {self.region_code}"

    @property
    def role_name(self) -> str:
        return str(Role(self.role).label)

    @property
    def state(self) -> str:
        """``waiting``, ``refused``, ``coming``, ``in_force`` or ``ended``."""
        today = timezone.localdate()
        if self.decided_at is None:
            return "waiting"
        if not self.confirmed:
            return "refused"
        if self.valid_from > today:
            return "coming"
        return "ended" if self.valid_to is not None and self.valid_to < today else "in_force"
