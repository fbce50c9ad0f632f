from django.db import models
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager


class EventKind(models.TextChoices):
    PAGE_OPENED = "page_opened", _("page opened by the table’s link")
    DISH_ADDED = "dish_added", _("dish added")
    DISH_REMOVED = "dish_removed", _("dish removed")
    CATEGORY_OPENED = "category_opened", _("category opened")
    DISH_OPENED = "dish_opened", _("dish opened")
    SOLD_OUT_OPENED = "sold_out_opened", _("dish opened that had run out")
    NOTHING_FOUND = "nothing_found", _("search without a result")
    WAITER_CALLED = "waiter_called", _("waiter called")
    RATED = "rated", _("place rated")


class GuestEvent(models.Model):
    """What a guest did, as their session logged it; nothing personal is kept."""

    place = models.ForeignKey("menu_pages.PlacePage", models.PROTECT, related_name="+")
    visit = models.ForeignKey("orders.Visit", models.CASCADE, related_name="events")
    number = models.PositiveIntegerField(_("number in the session"))
    kind = models.CharField(_("event"), max_length=24, choices=EventKind.choices)
    at = models.DateTimeField(_("time"))
    dish = models.ForeignKey("menu_pages.DishPage", models.SET_NULL, null=True, blank=True, related_name="+")
    data = models.JSONField(_("details"), default=dict, blank=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("guest event")
        verbose_name_plural = _("guest events")
        ordering = ("visit", "number")
        constraints = (models.UniqueConstraint(fields=("visit", "number"), name="guest_event_once"),)

    def __str__(self) -> str:
        return self.get_kind_display()
