import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection

from accounts.billing.access import may_take_orders
from accounts.models import Organisation
from accounts.scope import ScopedManager
from menu_pages.vocabulary import Acceptance, Currency


def default_language() -> str:
    return settings.LANGUAGE_CODE


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("Unknown time zone. Write it as Europe/Moscow."), code="invalid")


class PlaceRecord(models.Model):
    """What belongs to a place but to no editor's draft: it acts at once and no revision ever overwrites it."""

    place = models.OneToOneField("menu_pages.PlacePage", models.CASCADE, primary_key=True, related_name="record")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="places")
    collection = models.ForeignKey(Collection, models.PROTECT, related_name="+", verbose_name=_("pictures"))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency.choices, default=Currency.RUB)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Europe/Moscow", validators=[validate_time_zone]
    )
    language = models.CharField(
        _("language of the menu"), max_length=8, choices=settings.LANGUAGES, default=default_language
    )
    day_starts_at = models.TimeField(
        _("business day begins at"),
        default=datetime.time(0),
        help_text=_("Orders before this time belong to the day before: 05:00 suits a bar that closes at 3."),
    )
    theme = models.SlugField(_("theme"), default="showcase")
    theme_settings = models.JSONField(_("theme settings"), default=dict, blank=True)
    menu_version = models.PositiveBigIntegerField(_("menu version"), default=1, editable=False)
    ordering_enabled = models.BooleanField(
        _("guests may order"), default=True, help_text=_("Switched off, the menu stays readable.")
    )
    max_line_quantity = models.PositiveSmallIntegerField(
        _("pieces of one dish in an order, at most"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(999)],
    )
    max_basket_lines = models.PositiveSmallIntegerField(
        _("lines in a basket, at most"), default=50, validators=[MinValueValidator(1), MaxValueValidator(200)]
    )
    acceptance = models.CharField(
        _("orders are accepted"), max_length=16, choices=Acceptance.choices, default=Acceptance.BY_HAND
    )
    acknowledge_seconds = models.PositiveSmallIntegerField(
        _("seconds to acknowledge an order"),
        default=90,
        validators=[MinValueValidator(15), MaxValueValidator(3600)],
        help_text=_("After that the desks get louder and the managers get a letter."),
    )
    max_order_items = models.PositiveSmallIntegerField(
        _("pieces in an order, at most"), default=200, validators=[MinValueValidator(1), MaxValueValidator(2000)]
    )
    max_unconfirmed_by_visit = models.PositiveSmallIntegerField(
        _("orders of one guest waiting to be acknowledged, at most"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    max_unconfirmed_by_table = models.PositiveSmallIntegerField(
        _("orders of one table waiting to be acknowledged, at most"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    max_calls_by_table = models.PositiveSmallIntegerField(
        _("calls from one table in ten minutes, at most"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    is_demo = models.BooleanField(_("shown on the front page as an example"), default=False, editable=False)

    objects = ScopedManager("organisation_id")
    base_objects: models.Manager[Any] = models.Manager()

    class Meta:
        verbose_name = _("place settings")
        verbose_name_plural = _("place settings")
        constraints = (
            models.CheckConstraint(condition=models.Q(currency__in=Currency.values), name="record_currency_known"),
            models.CheckConstraint(
                condition=models.Q(acceptance__in=Acceptance.values), name="record_acceptance_known"
            ),
            models.CheckConstraint(condition=models.Q(max_line_quantity__gte=1), name="record_line_quantity_positive"),
        )

    def __str__(self) -> str:
        return str(self.place)

    @cached_property
    def takes_orders(self) -> bool:
        """Whether guests may order and call here: the place wants them to, and its organisation's subscription does
        not rest. One query, once."""
        return self.ordering_enabled and may_take_orders(self.organisation_id)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local_now(self) -> datetime.datetime:
        return timezone.now().astimezone(self.zone)

    def business_day(self, moment: datetime.datetime) -> datetime.date:
        """The place's day a moment belongs to: its local date, less one before `day_starts_at`."""
        local = moment.astimezone(self.zone)
        return local.date() - datetime.timedelta(days=local.time() < self.day_starts_at)


def places_of(organisation_ids: frozenset[int]) -> models.QuerySet[Any]:
    """Ids of the places of these organisations, for scoping by a `place_id` column."""
    return PlaceRecord.base_objects.filter(organisation_id__in=organisation_ids).values("place_id")


class PlaceScopedManager(ScopedManager):
    """The default manager of a model whose rows belong to a place."""

    def __init__(self, column: str = "place_id") -> None:
        super().__init__(column, places_of)


class PlaceAddress(models.Model):
    """An address a place once had: kept for it for ever, so that printed codes go on working."""

    slug = models.SlugField(_("address"), max_length=255, unique=True)
    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="old_addresses")
    created_at = models.DateTimeField(_("in use until"), auto_now_add=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("old address")
        verbose_name_plural = _("old addresses")

    def __str__(self) -> str:
        return self.slug
