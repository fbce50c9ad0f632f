from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from orders.identifiers import public_id


class SeatingQuerySet(models.QuerySet[Any]):
    def open(self) -> "SeatingQuerySet":
        return self.filter(closed_at__isnull=True)


class Seating(models.Model):
    """One party at a table, from opening to closing; its orders make its bill."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    place = models.ForeignKey("menu_pages.PlacePage", models.PROTECT, related_name="seatings")
    table = models.ForeignKey("menu_pages.Table", models.PROTECT, related_name="seatings")
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PlaceScopedManager.from_queryset(SeatingQuerySet)()

    class Meta:
        verbose_name = _("seating")
        verbose_name_plural = _("seatings")
        ordering = ("-opened_at",)
        indexes = (models.Index(fields=("place", "-opened_at"), name="seating_by_place"),)
        constraints = (
            models.UniqueConstraint(fields=("table",), condition=Q(closed_at__isnull=True), name="seating_open_once"),
        )

    def __str__(self) -> str:
        return f"{self.table}, {self.opened_at:%Y-%m-%d %H:%M}"
