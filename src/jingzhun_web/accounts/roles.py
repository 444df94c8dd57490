"""The posts (岗位) that people can hold."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A kind of post. What each may do stands in ``rights``."""

    DATA_CLERK = "data_clerk", _("Data clerk")
    VILLAGE_SECRETARY = "village_secretary", _("Village secretary")
    FIRST_SECRETARY = "first_secretary", _("First secretary")
    TEAM_MEMBER = "team_member", _("Work-team member")
    HELPER = "helper", _("Household helper")
    TOWNSHIP_REVIEWER = "township_reviewer", _("Township reviewer")
    TOWNSHIP_APPROVER = "township_approver", _("Township approver")
    COUNTY_CLERK = "county_clerk", _("County clerk")
    COUNTY_APPROVER = "county_approver", _("County approver")
    SECTOR_DEPARTMENT = "sector_department", _("Sector department")
    SUPERVISION = "supervision", _("Supervision")
    EVALUATOR = "evaluator", _("Third-party evaluator")
    LEADER = "leader", _("Leader")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")
    AUDIT_ADMINISTRATOR = "audit_administrator", _("Audit administrator")


ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})
"""三员: the three that nobody may hold two of, nor any of them beside another post."""

SEES_UNMASKED = frozenset({
    Role.DATA_CLERK,
    Role.TOWNSHIP_REVIEWER,
    Role.TOWNSHIP_APPROVER,
    Role.COUNTY_CLERK,
    Role.COUNTY_APPROVER,
    Role.SECTOR_DEPARTMENT,
    Role.SUPERVISION,
    Role.EVALUATOR,
})  # fmt: skip
"""Posts that may see a number unmasked when they say what for."""

NEEDS_SECOND_FACTOR = SEES_UNMASKED | ADMINISTRATORS


def may_stand_beside(role: str, held: set[str]) -> bool:
    """Whether somebody who holds these posts may hold this one as well: the three administrators are kept apart."""
    others = held - {role}
    if role in ADMINISTRATORS:
        return not others
    return not others & {str(one) for one in ADMINISTRATORS}
