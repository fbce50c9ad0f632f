import secrets
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager

MAX_TABLES = 500


def table_key() -> str:
    """128 random bits, readable back because QR pages redraw them."""
    return secrets.token_urlsafe(16)


class TableQuerySet(models.QuerySet[Any]):
    def in_use(self) -> "TableQuerySet":
        return self.filter(in_use=True)


class Table(models.Model):
    """A numbered table of a place and the secret its QR code carries."""

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="tables")
    number = models.PositiveSmallIntegerField(_("number"), validators=[MinValueValidator(1)])
    label = models.CharField(_("label"), max_length=40, blank=True, help_text=_("For example: by the window."))
    zone = models.CharField(
        _("zone"), max_length=40, blank=True, help_text=_("A part of the place that waiters share out: hall, terrace.")
    )
    key = models.CharField(_("key"), max_length=64, default=table_key, editable=False)
    key_issued_at = models.DateTimeField(_("key issued"), default=timezone.now, editable=False)
    in_use = models.BooleanField(_("in use"), default=True)

    objects = PlaceScopedManager.from_queryset(TableQuerySet)()

    class Meta:
        verbose_name = _("table")
        verbose_name_plural = _("tables")
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("place", "number"), name="table_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="table_number_positive"),
        )

    def __str__(self) -> str:
        return gettext("Table %(number)d") % {"number": self.number}

    def accepts(self, key: str) -> bool:
        return self.in_use and constant_time_compare(self.key, key)

    def link(self, place_slug: str) -> str:
        """What the table's QR code holds."""
        query = urlencode({"table": self.number, "key": self.key})
        return f"{settings.SITE_URL}/{place_slug}/?{query}"
