from django.contrib.admin import display
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager


class Rating(models.Model):
    """What a guest thought of the visit: once a visit."""

    place = models.ForeignKey("menu_pages.PlacePage", models.PROTECT, related_name="ratings", verbose_name=_("place"))
    visit = models.OneToOneField("orders.Visit", models.PROTECT, related_name="rating", verbose_name=_("session"))
    table = models.ForeignKey(
        "menu_pages.Table", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("table")
    )
    score = models.PositiveSmallIntegerField(_("score"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.CharField(_("words"), max_length=1000, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)

    # Wagtail would index what each row refers to, for "usages" of pages that nobody asks of ratings.
    wagtail_reference_index_ignore = True

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("place", "-at"), name="rating_by_place"),)
        constraints = (models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rating_score_range"),)

    def __str__(self) -> str:
        return f"{self.score}/5"

    @display(description=_("score"), ordering="score")
    def stars(self) -> str:
        return "★" * self.score + "☆" * (5 - self.score)

    @display(description=_("time"), ordering="at")
    def given_text(self) -> str:
        """When it was given, by the place's clock."""
        return date_format(self.at.astimezone(self.place.record.zone), "SHORT_DATETIME_FORMAT")


class DishRating(models.Model):
    """A thumb up or down for a dish the guest had."""

    place = models.ForeignKey("menu_pages.PlacePage", models.PROTECT, related_name="+", verbose_name=_("place"))
    rating = models.ForeignKey(Rating, models.CASCADE, related_name="dishes")
    dish = models.ForeignKey(
        "menu_pages.DishPage", models.SET_NULL, null=True, related_name="+", verbose_name=_("dish")
    )
    title = models.CharField(_("title"), max_length=255)
    liked = models.BooleanField(_("liked"))

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("dish rating")
        verbose_name_plural = _("dish ratings")
        constraints = (models.UniqueConstraint(fields=("rating", "dish"), name="dish_rated_once"),)

    def __str__(self) -> str:
        return f"{'👍' if self.liked else '👎'} {self.title}"
