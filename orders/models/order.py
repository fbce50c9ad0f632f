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
from orders.models.basket import BasketLine


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

    def with_lines(self) -> "OrderQuerySet":
        """With their lines, and the lines' dishes: these have the words of the reader's language. One more query."""
        lines = BasketLine.objects.select_related("dish")
        return self.prefetch_related(models.Prefetch("lines", lines))

    def sent_here(self) -> "OrderQuerySet":
        """Sent by a guest, not brought from an old till."""
        return self.filter(history_import__isnull=True)

    def on_desk(self) -> "OrderQuerySet":
        return self.filter(status__in=ON_DESK)

    def unacknowledged(self) -> "OrderQuerySet":
        """Sent, and nobody of the staff has answered yet, whatever made it accepted."""
        return self.on_desk().filter(acknowledged_at__isnull=True)


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
        null=True,
        blank=True,
        to_field="public_id",
        db_column="session_id",
        related_name="orders",
        verbose_name=_("session"),
    )
    # Came with a file of the old till: it was never on a desk, and nobody here sent it.
    history_import = models.ForeignKey(
        "orders.OrderImport", models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("came from")
    )
    till_id = models.CharField(_("number in the till"), max_length=64, blank=True)
    # What the table was called then: statistics outlive tables, and the old till had its own.
    table_label = models.CharField(_("table as it was called"), max_length=40, blank=True)
    guests = models.PositiveSmallIntegerField(_("guests"), null=True, blank=True)
    waiter = models.CharField(_("waiter"), max_length=80, blank=True)
    payment = models.CharField(_("paid by"), max_length=40, blank=True)
    business_day = models.DateField(_("business day"))
    number = models.PositiveIntegerField(_("number of the day"))
    status = models.CharField(_("status"), max_length=16, choices=OrderStatus.choices, default=OrderStatus.SENT)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=140, blank=True)
    comment = models.CharField(_("comment"), max_length=280, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    purchases = models.PositiveIntegerField(_("number of purchases"), help_text=_("Basket lines."))
    items = models.PositiveIntegerField(_("number of items"), help_text=_("Pieces over all lines."))
    total = models.DecimalField(_("order total"), max_digits=12, decimal_places=2)
    # The chain that everyone can see: received by the server, shown on a desk, acknowledged by a person.
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    shown_at = models.DateTimeField(_("shown on a desk"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("manager told that nobody acknowledged it"), null=True, blank=True)
    idempotency_key = models.CharField(max_length=64, editable=False)
    payload_sha256 = models.CharField(max_length=64, editable=False)

    # Wagtail would index what each row refers to, for "usages" of pages that nobody asks of orders.
    wagtail_reference_index_ignore = True

    objects = PlaceScopedManager.from_queryset(OrderQuerySet)()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ("-sent_at", "-pk")
        indexes = (
            models.Index(fields=("place", "-sent_at"), name="order_by_place"),
            models.Index(fields=("place", "status"), name="order_by_status"),
            models.Index(fields=("place", "business_day"), name="order_by_day"),
            models.Index(
                fields=("sent_at",),
                condition=Q(acknowledged_at__isnull=True, status__in=ON_DESK),
                name="order_unacknowledged",
            ),
        )
        constraints = (
            models.UniqueConstraint(fields=("place", "idempotency_key"), name="order_key_once"),
            models.UniqueConstraint(
                fields=("place", "business_day", "number"),
                condition=Q(history_import__isnull=True),
                name="order_number_once",
            ),
            models.CheckConstraint(
                condition=Q(visit__isnull=False, history_import__isnull=True)
                | Q(visit__isnull=True, history_import__isnull=False),
                name="order_sent_or_imported",
            ),
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

    @display(description=_("table"), ordering="table_label")
    def table_text(self) -> str:
        """The table as it is, or as the old till called it."""
        return str(self.table) if self.table else self.table_label

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
