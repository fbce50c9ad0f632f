"""What others have to hear of: written in the transaction of what happened, told by the relay afterwards."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from orders.identifiers import public_id, webhook_secret


class OutboxKind(models.TextChoices):
    ORDER_SENT = "order.sent", _("order sent")
    ORDER_MOVED = "order.moved", _("order’s status changed")
    ORDER_UNANSWERED = "order.unanswered", _("order not acknowledged in time")
    CALL_ASKED = "call.asked", _("waiter called")
    RATING_GIVEN = "rating.given", _("place rated")
    TICKET_AGAIN = "ticket.again", _("ticket to be printed again")


class OutboxEvent(models.Model):
    """One fact. `event_id` is what every consumer deduplicates by; the relay turns it into deliveries once."""

    event_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="+", verbose_name=_("place"))
    kind = models.CharField(_("event"), max_length=24, choices=OutboxKind.choices)
    order = models.ForeignKey("orders.Order", models.CASCADE, null=True, blank=True, related_name="outbox")
    payload = models.JSONField(_("details"), default=dict, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)
    relayed_at = models.DateTimeField(_("handed to its consumers"), null=True, blank=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("outbox event")
        verbose_name_plural = _("outbox events")
        ordering = ("pk",)
        indexes = (models.Index(fields=("id",), condition=Q(relayed_at__isnull=True), name="outbox_waiting"),)
        constraints = (
            # An order is sent once, whatever retries: the second row would be a second ticket in the kitchen.
            models.UniqueConstraint(
                fields=("order",), condition=Q(kind=OutboxKind.ORDER_SENT), name="outbox_order_sent_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.event_id}"


class Consumer(models.TextChoices):
    LETTER = "letter", _("letter")
    TICKET = "ticket", _("ticket")
    WEBHOOK = "webhook", _("webhook")


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DONE = "done", _("delivered")
    FAILED = "failed", _("given up")


class DeliveryQuerySet(models.QuerySet[Any]):
    def waiting(self) -> "DeliveryQuerySet":
        return self.filter(status=DeliveryStatus.WAITING)


class Delivery(models.Model):
    """An event on its way to one consumer: tried until it is taken or given up, at least once.

    `target` names the receiver within its kind: a station's or webhook's public id, a user's address.
    """

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="+", verbose_name=_("place"))
    event = models.ForeignKey(OutboxEvent, models.CASCADE, related_name="deliveries")
    consumer = models.CharField(_("consumer"), max_length=8, choices=Consumer.choices)
    target = models.CharField(_("receiver"), max_length=254, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    done_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    # An attempt ended, or its worker did, without a word of whether it was taken: the next one may be a repeat.
    unsure = models.BooleanField(_("may have been taken already"), default=False)
    problem = models.CharField(_("what went wrong"), max_length=255, blank=True)

    objects = PlaceScopedManager.from_queryset(DeliveryQuerySet)()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("next_try_at",), condition=Q(status="waiting"), name="delivery_waiting"),
            models.Index(fields=("place", "consumer", "status"), name="delivery_by_place"),
        )
        constraints = (models.UniqueConstraint(fields=("event", "consumer", "target"), name="delivery_once"),)

    def __str__(self) -> str:
        return f"{self.consumer} {self.target}"


class Webhook(models.Model):
    """An address of the organisation's own system that hears of the place's events, signed with `secret`."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="webhooks", verbose_name=_("place"))
    url = models.URLField(_("address"), max_length=500)
    secret = models.CharField(_("secret"), max_length=64, default=webhook_secret, editable=False)
    active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(_("added"), default=timezone.now)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ("created_at", "pk")
        constraints = (models.UniqueConstraint(fields=("place", "url"), name="webhook_once"),)

    def __str__(self) -> str:
        return self.url
