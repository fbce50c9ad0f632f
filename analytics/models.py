"""What the nightly run keeps: additive facts of each business day, and what the figures were on each morning."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.scope import ScopedManager
from menu_pages.models.record import PlaceScopedManager


def money(label: Any) -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(label, max_digits=14, decimal_places=2, default=Decimal(0))


def place_of_facts() -> "models.ForeignKey[Any, Any]":
    """Facts are counted by the thousand from orders, whose place the database has checked; each table has an index
    that begins with the place."""
    return models.ForeignKey(
        "menu_pages.PlacePage",
        models.CASCADE,
        related_name="+",
        verbose_name=_("place"),
        db_constraint=False,
        db_index=False,
    )


class Sales(models.Model):
    """Sums that add up over any set of rows. Orders sent and not cancelled; money in the place's currency."""

    orders = models.PositiveIntegerField(_("orders"), default=0)
    revenue = money(_("revenue"))
    items = models.PositiveIntegerField(_("items"), default=0)
    guests = models.PositiveIntegerField(_("guests"), default=0)

    class Meta:
        abstract = True


class PlaceDay(Sales):
    """One business day of a place: its sums, its medians, and by what it is known whether its orders have moved."""

    place = place_of_facts()
    day = models.DateField(_("business day"))
    median_check = money(_("median check"))
    median_dishes = models.DecimalField(_("median of dishes per order"), max_digits=8, decimal_places=2, default=0)
    order_ids = models.DecimalField(_("sum of the orders’ ids"), max_digits=30, decimal_places=0, default=0)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("day of a place")
        verbose_name_plural = _("days of places")
        constraints = (models.UniqueConstraint(fields=("place", "day"), name="place_day_once"),)

    def __str__(self) -> str:
        return f"{self.place_id}, {self.day}"


class HourSales(Sales):
    """What a table brought in an hour of a business day; the hour is the place's own clock's."""

    place = place_of_facts()
    day = models.DateField(_("business day"))
    hour = models.PositiveSmallIntegerField(_("hour"))
    table_label = models.CharField(_("table"), max_length=40, blank=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("sales of an hour")
        verbose_name_plural = _("sales by hour")
        constraints = (models.UniqueConstraint(fields=("place", "day", "hour", "table_label"), name="hour_sales_once"),)

    def __str__(self) -> str:
        return f"{self.day}, {self.hour}:00"


class DishSales(models.Model):
    """What a dish brought on a business day: known by its page, or by its title when it has none."""

    place = place_of_facts()
    day = models.DateField(_("business day"))
    # No constraint: what was sold stays sold when the dish is deleted, and is then known by its title.
    dish = models.ForeignKey(
        "menu_pages.DishPage", models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    title = models.CharField(_("title"), max_length=255)
    category = models.CharField(_("category"), max_length=255, blank=True)
    orders = models.PositiveIntegerField(_("orders"), default=0)
    quantity = models.PositiveIntegerField(_("pieces"), default=0)
    revenue = money(_("revenue"))

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("sales of a dish")
        verbose_name_plural = _("sales by dish")
        indexes = (models.Index(fields=("place", "day"), name="dish_sales_by_day"),)

    def __str__(self) -> str:
        return f"{self.day}, {self.title}"


class PlaceStatistics(models.Model):
    """What the figures of a place were on one morning: periods end with the business day before it."""

    place = models.ForeignKey(
        "menu_pages.PlacePage", models.CASCADE, related_name="statistics", verbose_name=_("place")
    )
    day = models.DateField(_("morning"))
    currency = models.CharField(_("currency"), max_length=3)
    computed_at = models.DateTimeField(_("computed"), default=timezone.now)
    # {"all": {"orders": …, "revenue": …, …}, "7": …}, as `compute_statistics --json` prints them.
    figures = models.JSONField(_("figures"), default=dict)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("statistics of a place")
        verbose_name_plural = _("statistics of places")
        constraints = (models.UniqueConstraint(fields=("place", "day"), name="place_statistics_once"),)

    def __str__(self) -> str:
        return f"{self.place_id}, {self.day}"


class OrganisationDay(Sales):
    """One business day of an organisation's places that share a currency."""

    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, related_name="+")
    currency = models.CharField(_("currency"), max_length=3)
    day = models.DateField(_("business day"))
    median_check = money(_("median check"))
    median_dishes = models.DecimalField(_("median of dishes per order"), max_digits=8, decimal_places=2, default=0)
    order_ids = models.DecimalField(_("sum of the orders’ ids"), max_digits=30, decimal_places=0, default=0)

    objects = ScopedManager("organisation_id")

    class Meta:
        verbose_name = _("day of an organisation")
        verbose_name_plural = _("days of organisations")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "currency", "day"), name="organisation_day_once"),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id}, {self.currency}, {self.day}"


class OrganisationStatistics(models.Model):
    """The same for all places of an organisation that share a currency, counted from their orders.

    In `figures` the places stand where a place has its tables: `by_place`, keyed by slug, for `by_table`.
    """

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, related_name="statistics", verbose_name=_("organisation")
    )
    day = models.DateField(_("morning"))
    currency = models.CharField(_("currency"), max_length=3)
    computed_at = models.DateTimeField(_("computed"), default=timezone.now)
    figures = models.JSONField(_("figures"), default=dict)

    objects = ScopedManager("organisation_id")

    class Meta:
        verbose_name = _("statistics of an organisation")
        verbose_name_plural = _("statistics of organisations")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "currency", "day"), name="organisation_statistics_once"),
        )

    def __str__(self) -> str:
        return f"{self.organisation_id}, {self.currency}, {self.day}"


class VisitDay(models.Model):
    """How far the visits of a business day came, and what they left in their baskets; a visit belongs to the day it
    began on and to the theme of that moment.

    Of those who opened a table's code, each step holds the visits that reached it or a later one, so that no step is
    larger than the one before.
    """

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="+", verbose_name=_("place"))
    day = models.DateField(_("business day"))
    theme = models.SlugField(_("theme"))
    scanned = models.PositiveIntegerField(_("opened a table’s code"), default=0)
    opened = models.PositiveIntegerField(_("used the menu"), default=0)
    looked = models.PositiveIntegerField(_("looked at a dish"), default=0)
    chosen = models.PositiveIntegerField(_("put a dish in the basket"), default=0)
    ordered = models.PositiveIntegerField(_("ordered"), default=0)
    abandoned = models.PositiveIntegerField(_("baskets left unsent"), default=0)
    abandoned_money = money(_("left in baskets"))

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("visits of a day")
        verbose_name_plural = _("visits by day")
        constraints = (models.UniqueConstraint(fields=("place", "day", "theme"), name="visit_day_once"),)

    def __str__(self) -> str:
        return f"{self.day}, {self.theme}"


class SealedDays(models.Model):
    """From which day on a place's visits are still counted: of earlier ones the guests' events are gone, and the facts
    that were made of them are final."""

    place = models.OneToOneField(
        "menu_pages.PlacePage", models.CASCADE, primary_key=True, related_name="+", verbose_name=_("place")
    )
    before = models.DateField(_("final before"))

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("sealed days")
        verbose_name_plural = _("sealed days")

    def __str__(self) -> str:
        return f"{self.place_id}, {self.before}"


class LostKind(models.TextChoices):
    SOLD_OUT = "sold_out", _("dish opened that had run out")
    NOT_FOUND = "not_found", _("search without a result")
    LEFT = "left", _("left in a basket")


class LostDemand(models.Model):
    """What guests wanted on a business day and did not get. `times` is openings, searches or pieces."""

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="+", verbose_name=_("place"))
    day = models.DateField(_("business day"))
    kind = models.CharField(_("what happened"), max_length=16, choices=LostKind.choices)
    # The dish's title, or what was searched for in small letters.
    words = models.CharField(_("words"), max_length=255)
    times = models.PositiveIntegerField(_("times"), default=0)
    money = money(_("money"))

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("lost demand")
        verbose_name_plural = _("lost demand")
        constraints = (
            models.UniqueConstraint(fields=("place", "day", "kind", "words"), name="lost_demand_once"),
            models.CheckConstraint(condition=models.Q(kind__in=LostKind.values), name="lost_demand_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.day}, {self.words}"


class Measure(models.TextChoices):
    AT_TABLE = "at_table", _("minutes at the table")
    ACKNOWLEDGED = "acknowledged", _("seconds until an order is acknowledged")
    SERVED = "served", _("minutes until an order is served")
    SCORE = "score", _("score of a rating")


class Tally(models.Model):
    """How many times a measure had a value on a business day: what medians of any period are had from.

    Whole minutes and seconds, begun ones not counted; `label` is the table where the measure has one.
    """

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="+", verbose_name=_("place"))
    day = models.DateField(_("business day"))
    measure = models.CharField(_("measure"), max_length=16, choices=Measure.choices)
    label = models.CharField(_("table"), max_length=40, blank=True)
    value = models.PositiveIntegerField(_("value"))
    times = models.PositiveIntegerField(_("times"), default=0)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("tally of a day")
        verbose_name_plural = _("tallies by day")
        constraints = (
            models.UniqueConstraint(fields=("place", "day", "measure", "label", "value"), name="tally_once"),
            models.CheckConstraint(condition=models.Q(measure__in=Measure.values), name="tally_measure_known"),
        )

    def __str__(self) -> str:
        return f"{self.day}, {self.measure} {self.value}"


class WeeklyLetter(models.Model):
    """A week was written to an owner of: once, whoever's turn it was."""

    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="+")
    week = models.DateField(_("Monday of the week told of"))
    written_at = models.DateTimeField(_("written"), default=timezone.now)

    objects = ScopedManager("membership__organisation_id")

    class Meta:
        verbose_name = _("weekly letter")
        verbose_name_plural = _("weekly letters")
        constraints = (models.UniqueConstraint(fields=("membership", "week"), name="weekly_letter_once"),)

    def __str__(self) -> str:
        return f"{self.membership_id}, {self.week}"
