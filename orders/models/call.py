from typing import Any

from django.conf import settings
from django.contrib.admin import display
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from orders.identifiers import public_id


class CallKind(models.TextChoices):
    COME = "come", _("come to the table")
    BILL = "bill", _("bring the bill")


class Payment(models.TextChoices):
    CASH = "cash", _("cash")
    CARD = "card", _("card")


class CallStatus(models.TextChoices):
    ASKED = "asked", _("asked")
    SEEN = "seen", _("seen")
    ON_THE_WAY = "on_the_way", _("on the way")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("not needed any more")


OPEN_CALL = (CallStatus.ASKED, CallStatus.SEEN, CallStatus.ON_THE_WAY)


class WaiterCallQuerySet(models.QuerySet[Any]):
    def open(self) -> "WaiterCallQuerySet":
        return self.filter(status__in=OPEN_CALL)


class WaiterCall(models.Model):
    """A table asks for somebody. One open call of a kind a table: asking again while it is open is the same call."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    place = models.ForeignKey("menu_pages.PlacePage", models.PROTECT, related_name="calls", verbose_name=_("place"))
    table = models.ForeignKey("menu_pages.Table", models.PROTECT, related_name="calls", verbose_name=_("table"))
    seating = models.ForeignKey("orders.Seating", models.PROTECT, related_name="calls")
    visit = models.ForeignKey("orders.Visit", models.PROTECT, related_name="calls", verbose_name=_("session"))
    kind = models.CharField(_("call"), max_length=8, choices=CallKind.choices)
    payment = models.CharField(
        pgettext_lazy("way to pay", "payment"), max_length=8, choices=Payment.choices, blank=True
    )
    note = models.CharField(_("note"), max_length=140, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=CallStatus.choices, default=CallStatus.ASKED)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    on_the_way_at = models.DateTimeField(_("on the way"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("waiter")
    )

    # Wagtail would index what each row refers to, for "usages" of pages that nobody asks of calls.
    wagtail_reference_index_ignore = True

    objects = PlaceScopedManager.from_queryset(WaiterCallQuerySet)()

    class Meta:
        verbose_name = _("waiter call")
        verbose_name_plural = _("waiter calls")
        ordering = ("-asked_at", "-pk")
        indexes = (models.Index(fields=("place", "-asked_at"), name="call_by_place"),)
        constraints = (
            models.UniqueConstraint(fields=("table", "kind"), condition=Q(status__in=OPEN_CALL), name="call_open_once"),
            models.CheckConstraint(condition=Q(kind__in=CallKind.values), name="call_kind_known"),
            models.CheckConstraint(condition=Q(status__in=CallStatus.values), name="call_status_known"),
        )

    def __str__(self) -> str:
        return f"{self.table}: {self.get_kind_display()}"

    @display(description=_("asked"), ordering="asked_at")
    def asked_text(self) -> str:
        """When it was asked, by the place's clock."""
        return date_format(self.asked_at.astimezone(self.place.record.zone), "SHORT_DATETIME_FORMAT")

    @display(description=_("answered after"))
    def answered_text(self) -> str:
        """How long the table waited for the first answer of the staff."""
        answered = self.seen_at or self.on_the_way_at or (self.done_at if self.status == CallStatus.DONE else None)
        if answered is None:
            return "—"
        seconds = max(int((answered - self.asked_at).total_seconds()), 0)
        return gettext("%(minutes)d min %(seconds)d s") % {"minutes": seconds // 60, "seconds": seconds % 60}
