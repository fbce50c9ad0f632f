from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager


class Reconciliation(models.Model):
    """What a place's business day came to when its orders were counted, and what was missing."""

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="+", verbose_name=_("place"))
    day = models.DateField(_("business day"))
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    problems = models.JSONField(_("problems"), default=list, blank=True)
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)
    told_at = models.DateTimeField(_("owner told of the problems"), null=True, blank=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("reconciliation of a day")
        verbose_name_plural = _("reconciliations of days")
        ordering = ("-day", "place")
        constraints = (models.UniqueConstraint(fields=("place", "day"), name="reconciliation_once"),)

    def __str__(self) -> str:
        return f"{self.place}, {self.day:%d.%m.%Y}"
