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


class TableSharing(models.TextChoices):
    """Whether a guest may see what the others at the table ordered; their own orders everyone sees."""

    NO = "", _("not asked")
    ASKED = "asked", _("asked")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class Visit(models.Model):
    """One guest's session in one place. Its public id stands for the session everywhere; Django's key is not kept."""

    public_id = models.CharField(_("session"), max_length=32, unique=True, default=public_id, editable=False)
    place = models.ForeignKey("menu_pages.PlacePage", models.PROTECT, related_name="visits")
    table = models.ForeignKey("menu_pages.Table", models.PROTECT, null=True, blank=True, related_name="visits")
    seating = models.ForeignKey("orders.Seating", models.PROTECT, null=True, blank=True, related_name="visits")
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    seated_at = models.DateTimeField(_("table’s code opened"), null=True, blank=True)
    sharing = models.CharField(
        _("sees the table’s orders"), max_length=8, choices=TableSharing.choices, default=TableSharing.NO, blank=True
    )
    sharing_at = models.DateTimeField(_("asked or answered"), null=True, blank=True)
    sharing_questions = models.PositiveSmallIntegerField(_("times asked"), default=0)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=16, choices=EndReason.choices, blank=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ("-started_at",)
        indexes = (models.Index(fields=("place", "-started_at"), name="visit_by_place"),)

    def __str__(self) -> str:
        return self.public_id
