import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager


class StopListQuerySet(models.QuerySet[Any]):
    def current(self, moment: datetime.datetime) -> "StopListQuerySet":
        """Entries that keep their dish off sale at this moment."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=moment), lifted_at__isnull=True)


class StopListEntry(models.Model):
    """A dish that is out: until a time, or until someone puts it back. Acts at once, no page is published."""

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="stop_list")
    dish = models.ForeignKey("menu_pages.DishPage", models.CASCADE, related_name="stop_entries")
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    stopped_at = models.DateTimeField(_("stopped"), auto_now_add=True)
    lifted_at = models.DateTimeField(_("back on sale"), null=True, blank=True)

    objects = PlaceScopedManager.from_queryset(StopListQuerySet)()

    class Meta:
        verbose_name = _("stop-list entry")
        verbose_name_plural = _("stop-list")
        ordering = ("-stopped_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("dish",), condition=Q(lifted_at__isnull=True), name="dish_stopped_once"),
        )

    def __str__(self) -> str:
        return str(self.dish)
