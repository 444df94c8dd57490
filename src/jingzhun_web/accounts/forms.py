"""Forms about people and posts."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jingzhun_web.accounts.models import CODE, PHONE, USERNAME
from jingzhun_web.accounts.roles import Role


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PersonForm(forms.Form):
    """Name, telephone and region of a person."""

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False, validators=[PHONE])
    region_code = forms.CharField(label=_("Code of the region"), max_length=12, validators=[CODE])


class NewPersonForm(PersonForm):
    """The same for somebody who has no account yet."""

    username = forms.CharField(label=_("User name"), max_length=30, validators=[USERNAME])
    field_order = ("username", "name", "phone", "region_code")


class PostForm(forms.Form):
    """A post to propose."""

    role = forms.ChoiceField(label=_("Post"), choices=Role.choices)
    region_code = forms.CharField(label=_("Code of the region"), max_length=12, validators=[CODE])
    valid_from = forms.DateField(label=_("From"), widget=DayInput, initial=timezone.localdate)
    valid_to = forms.DateField(label=_("Last day"), widget=DayInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("valid_to", _("The last day lies before the first. Correct one of the two."))
        return cleaned


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class EndPostForm(ReasonForm):
    last_day = forms.DateField(label=_("Last day"), widget=DayInput, initial=timezone.localdate)


class PurposeForm(forms.Form):
    purpose = forms.CharField(label=_("What do you need it for?"), max_length=200)
