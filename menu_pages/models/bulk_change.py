import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from menu_pages.models.under_way import DONE, FAILED, READY, RUNNING, WAITING, UnderWay, runner_token


class BulkAction(models.TextChoices):
    PRICES = "prices", _("change of prices")
    PUBLISH = "publish", _("publishing")
    UNPUBLISH = "unpublish", _("unpublishing")


class BulkStatus(models.TextChoices):
    READY = READY, _("looked at, not applied")
    WAITING = WAITING, _("waiting for its turn")
    RUNNING = RUNNING, _("being applied")
    DONE = DONE, _("applied")
    FAILED = FAILED, _("stopped on the way")


class BulkChange(UnderWay, models.Model):
    """One change of many dishes: what it would do to each, how far it has come, and what it left as it was.

    `items` are the dishes it changes, in the menu's order: {"page", "title", "category", "before", "after"}. Prices are
    texts ("390.00") with `options`: [["group id/option id", title, before, after]…]; publishing is false → true. An
    item of unpublishing has `draft` ([published revision, newest revision], or null), so that taking it back publishes
    what was published. `unchanged` and `skipped` are dishes left alone, found by the look and while it was applied:
    {"page", "title", "why", …} (see `menu_pages.bulk.reasons`).
    """

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="bulk_changes")
    public_id = models.UUIDField(_("address"), default=uuid.uuid4, unique=True, editable=False)
    action = models.CharField(_("what is done"), max_length=9, choices=BulkAction.choices)
    # Of prices: {"percent": "7", "rounding": "5", "options": false}.
    params = models.JSONField(_("how"), default=dict, encoder=DjangoJSONEncoder)
    items = models.JSONField(_("dishes that change"), default=list, encoder=DjangoJSONEncoder)
    unchanged = models.JSONField(_("dishes that do not change"), default=list, encoder=DjangoJSONEncoder)
    skipped = models.JSONField(_("dishes left as they were"), default=list, encoder=DjangoJSONEncoder)
    status = models.CharField(_("state"), max_length=8, choices=BulkStatus.choices, default=BulkStatus.READY)
    done = models.PositiveIntegerField(_("dishes done"), default=0)
    total = models.PositiveIntegerField(_("dishes in all"), default=0)
    problem = models.TextField(_("why it stopped"), blank=True)
    # Whose turn it is: a worker that took over leaves the one before unable to write.
    runner = models.CharField(max_length=16, default=runner_token, editable=False)
    undoes = models.OneToOneField("self", models.CASCADE, null=True, blank=True, related_name="undone_by")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("looked at"), auto_now_add=True)
    moved_at = models.DateTimeField(_("last moved"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("bulk change")
        verbose_name_plural = _("bulk changes")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="bulk_change_done_within_total"),
            models.CheckConstraint(condition=Q(status__in=BulkStatus.values), name="bulk_change_status_known"),
            models.CheckConstraint(condition=Q(action__in=BulkAction.values), name="bulk_change_action_known"),
        )

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.public_id}"

    @property
    def changed_count(self) -> int:
        """Dishes it has really changed so far."""
        return self.done - len(self.skipped)

    def changed_items(self) -> list[dict[str, Any]]:
        """Items it has really changed so far."""
        skipped = {found["page"] for found in self.skipped}
        return [item for item in self.items[: self.done] if item["page"] not in skipped]
