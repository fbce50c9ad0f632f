import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection

from accounts.models import Organisation
from accounts.scope import ScopedManager
from menu_pages.vocabulary import Currency


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
    is_demo = models.BooleanField(_("shown on the front page as an example"), default=False, editable=False)

    objects = ScopedManager("organisation_id")
    base_objects: models.Manager[Any] = models.Manager()

    class Meta:
        verbose_name = _("place settings")
        verbose_name_plural = _("place settings")
        constraints = (
            models.CheckConstraint(condition=models.Q(currency__in=Currency.values), name="record_currency_known"),
            models.CheckConstraint(condition=models.Q(max_line_quantity__gte=1), name="record_line_quantity_positive"),
        )

    def __str__(self) -> str:
        return str(self.place)

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
