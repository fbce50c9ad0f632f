from decimal import Decimal
from typing import Any

from django.contrib.admin import display
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from menu_pages.money import format_money, rounded
from menu_pages.option_groups import active_language


class BasketQuerySet(models.QuerySet[Any]):
    def unsent(self) -> "BasketQuerySet":
        return self.filter(order__isnull=True)


class BasketLine(models.Model):
    """A row of the Basket: one dish with its options and note. Once sent it carries its order and never changes."""

    place = models.ForeignKey("menu_pages.PlacePage", models.PROTECT, related_name="+", verbose_name=_("place"))
    visit = models.ForeignKey(
        "orders.Visit",
        models.PROTECT,
        null=True,
        blank=True,
        to_field="public_id",
        db_column="session_id",
        related_name="basket_lines",
        verbose_name=_("session"),
    )
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("order")
    )
    # Where it is made, as of sending; none means the place's one kitchen.
    station = models.ForeignKey(
        "orders.Station", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("station")
    )
    key = models.CharField(max_length=16, editable=False)
    position = models.PositiveSmallIntegerField(default=0, editable=False)
    dish = models.ForeignKey(
        "menu_pages.DishPage", models.SET_NULL, null=True, related_name="+", verbose_name=_("dish")
    )
    title = models.CharField(_("title"), max_length=255)
    # As the old till named it; of a dish on the menu the menu knows.
    category = models.CharField(_("category"), max_length=255, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    note = models.CharField(_("note"), max_length=140, blank=True)
    quantity = models.PositiveSmallIntegerField(_("quantity"), validators=[MinValueValidator(1)])
    unit_price = models.DecimalField(_("unit price"), max_digits=10, decimal_places=2)
    options_price = models.DecimalField(_("options’ price"), max_digits=10, decimal_places=2, default=Decimal(0))
    # Of an old till's order its own time.
    created_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    # Wagtail would index what each row refers to, for "usages" of pages that nobody asks of orders.
    wagtail_reference_index_ignore = True

    objects = PlaceScopedManager.from_queryset(BasketQuerySet)()

    class Meta:
        db_table = "orders_basket"
        verbose_name = _("basket line")
        verbose_name_plural = _("baskets")
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("visit", "key"), condition=Q(order__isnull=True), name="basket_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="basket_quantity_positive"),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0, options_price__gte=0), name="basket_price_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @display(description=_("added"), ordering="created_at")
    def created_text(self) -> str:
        """When it was saved, by the place's clock."""
        return date_format(self.created_at.astimezone(self.place.record.zone), "SHORT_DATETIME_FORMAT")

    @display(description=_("unit price"), ordering="unit_price")
    def price_text(self) -> str:
        return format_money(self.unit_price, self.place.record.currency)

    @property
    def price(self) -> Decimal:
        """One piece with its options."""
        return self.unit_price + self.options_price

    @property
    def line_total(self) -> Decimal:
        return rounded(self.price * self.quantity)

    @property
    @display(description=_("options"))
    def options_text(self) -> str:
        return ", ".join(option["title"] for option in self.options)

    @property
    def guest_title(self) -> str:
        """The title in the reader's language, as long as the dish is still called so; the dish is to be loaded."""
        return self.dish.translated_title if self.dish and self.dish.title == self.title else self.title

    @property
    def guest_options_text(self) -> str:
        """The options in the reader's language; the dish is to be loaded."""
        words = self.dish.translations.get(active_language(), {}).get("options", {}) if self.dish else {}
        return ", ".join(words.get(option["title"], option["title"]) for option in self.options)
