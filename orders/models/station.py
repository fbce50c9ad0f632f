from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from orders.identifiers import public_id


class Station(models.Model):
    """Where dishes are made: kitchen, bar. A place without stations has one kitchen that makes everything."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="stations", verbose_name=_("place"))
    title = models.CharField(_("title"), max_length=40)
    printer_host = models.GenericIPAddressField(
        _("printer’s address"), null=True, blank=True, help_text=_("IP address of an ESC/POS printer in the network.")
    )
    printer_port = models.PositiveIntegerField(
        _("printer’s port"), default=9100, validators=[MinValueValidator(1), MaxValueValidator(65535)]
    )

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ("title", "pk")
        constraints = (models.UniqueConstraint(fields=("place", "title"), name="station_title_once"),)

    def __str__(self) -> str:
        return self.title


class StationCategory(models.Model):
    """Which station makes the dishes of a category and of the categories inside it; the nearest one counts."""

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="+", verbose_name=_("place"))
    station = models.ForeignKey(Station, models.CASCADE, related_name="categories")
    category = models.OneToOneField(
        "menu_pages.CategoryPage", models.CASCADE, related_name="+", verbose_name=_("category")
    )

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("category of a station")
        verbose_name_plural = _("categories of stations")

    def __str__(self) -> str:
        return f"{self.category} → {self.station}"
