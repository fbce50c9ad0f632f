import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditAction

# More people than that have hardly worked in one organisation.
MOST_PEOPLE = 200


class LogFilterForm(forms.Form):
    """What of the log to show; whatever makes no sense narrows nothing."""

    action = forms.ChoiceField(label=_("What"), required=False)
    who = forms.ChoiceField(label=_("Who"), required=False)
    since = forms.DateField(label=_("From the day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To the day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, people: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", _("everything")), *AuditAction.choices]  # type: ignore[attr-defined]
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            ("", _("everybody")),
            ("-", _("the service itself")),
            *((name, name) for name in people),
        ]

    def narrow(self, entries: "models.QuerySet[Any]", zone: ZoneInfo) -> "models.QuerySet[Any]":
        """The entries asked for; days begin and end on the clock of `zone`."""
        self.is_valid()
        asked = self.cleaned_data
        if asked.get("action"):
            entries = entries.filter(action=asked["action"])
        if asked.get("who"):
            entries = entries.filter(by_name="" if asked["who"] == "-" else asked["who"])
        if asked.get("since"):
            entries = entries.filter(created_at__gte=_midnight(asked["since"], zone))
        if asked.get("until") and asked["until"] < datetime.date.max:
            entries = entries.filter(created_at__lt=_midnight(asked["until"] + datetime.timedelta(days=1), zone))
        return entries


def _midnight(day: datetime.date, zone: ZoneInfo) -> datetime.datetime:
    # The first and the last days there are have no moment in UTC.
    year = min(max(day.year, 1900), 9000)
    return datetime.datetime(year, day.month, day.day, tzinfo=zone)
