from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from orders.identifiers import public_id


class EndReason(models.TextChoices):
    FINISHED = "finished", _("the guest finished")
    TABLE_CLOSED = "table_closed", _("staff closed the table")
    OTHER_PLACE = "other_place", _("another place’s code was opened")
    EXPIRED = "expired", _("the session expired")


class Visit(models.Model):
    """One guest's session in one place. Its public id stands for the session everywhere; Django's key is not kept."""

    public_id = models.CharField(_("session"), max_length=32, unique=True, default=public_id, editable=False)
    place = models.ForeignKey("menu_pages.PlacePage", models.PROTECT, related_name="visits")
    table = models.ForeignKey("menu_pages.Table", models.PROTECT, null=True, blank=True, related_name="visits")
    seating = models.ForeignKey("orders.Seating", models.PROTECT, null=True, blank=True, related_name="visits")
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    seated_at = models.DateTimeField(_("table’s code opened"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=16, choices=EndReason.choices, blank=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return self.public_id
