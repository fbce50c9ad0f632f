from typing import Any

from django.conf import settings
from django.contrib.admin import display
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from menu_pages.money import format_money
from orders.identifiers import public_id


class OrderStatus(models.TextChoices):
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    PREPARING = "preparing", _("being prepared")
    READY = "ready", _("ready")
    SERVED = "served", _("served")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


# What still asks something of the staff.
ON_DESK = (OrderStatus.SENT, OrderStatus.ACCEPTED, OrderStatus.PREPARING, OrderStatus.READY)


class OrderQuerySet(models.QuerySet[Any]):
    def counted(self) -> "OrderQuerySet":
        """Every order that was sent and not cancelled."""
        return self.exclude(status=OrderStatus.CANCELLED)

    def on_desk(self) -> "OrderQuerySet":
        return self.filter(status__in=ON_DESK)


class Order(models.Model):
    """What a guest sent: basket lines frozen at the prices of that moment."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    place = models.ForeignKey("menu_pages.PlacePage", models.PROTECT, related_name="orders", verbose_name=_("place"))
    table = models.ForeignKey(
        "menu_pages.Table", models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("table")
    )
    seating = models.ForeignKey("orders.Seating", models.PROTECT, null=True, blank=True, related_name="orders")
    visit = models.ForeignKey(
        "orders.Visit",
        models.PROTECT,
        to_field="public_id",
        db_column="session_id",
        related_name="orders",
        verbose_name=_("session"),
    )
    business_day = models.DateField(_("business day"))
    number = models.PositiveIntegerField(_("number of the day"))
    status = models.CharField(_("status"), max_length=16, choices=OrderStatus.choices, default=OrderStatus.SENT)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=140, blank=True)
    comment = models.CharField(_("comment"), max_length=280, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    purchases = models.PositiveIntegerField(_("number of purchases"), help_text=_("Basket lines."))
    items = models.PositiveIntegerField(_("number of items"), help_text=_("Pieces over all lines."))
    total = models.DecimalField(_("order total"), max_digits=12, decimal_places=2)
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    idempotency_key = models.CharField(max_length=64, editable=False)
    payload_sha256 = models.CharField(max_length=64, editable=False)

    objects = PlaceScopedManager.from_queryset(OrderQuerySet)()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("-sent_at", "-pk")
        indexes = (
            models.Index(fields=("place", "-sent_at"), name="order_by_place"),
            models.Index(fields=("place", "status"), name="order_by_status"),
        )
        constraints = (
            models.UniqueConstraint(fields=("place", "idempotency_key"), name="order_key_once"),
            models.UniqueConstraint(fields=("place", "business_day", "number"), name="order_number_once"),
            models.CheckConstraint(condition=Q(total__gte=0), name="order_total_not_negative"),
            models.CheckConstraint(condition=Q(purchases__gte=1, items__gte=1), name="order_not_empty"),
            models.CheckConstraint(condition=Q(status__in=OrderStatus.values), name="order_status_known"),
        )

    def __str__(self) -> str:
        return f"№ {self.number}, {self.business_day:%d.%m.%Y}"

    @display(description=_("sent"), ordering="sent_at")
    def sent_text(self) -> str:
        """When it was sent, by the place's clock."""
        return date_format(self.sent_at.astimezone(self.place.record.zone), "SHORT_DATETIME_FORMAT")

    @display(description=_("order total"), ordering="total")
    def total_text(self) -> str:
        return format_money(self.total, self.currency)


class OrderStatusChange(models.Model):
    """One step of an order: its history, and what undo goes back by."""

    place = models.ForeignKey("menu_pages.PlacePage", models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.CASCADE, related_name="history")
    before = models.CharField(_("before"), max_length=16, blank=True)
    after = models.CharField(_("after"), max_length=16, choices=OrderStatus.choices)
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=140, blank=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("order step")
        verbose_name_plural = _("order steps")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.get_after_display()
