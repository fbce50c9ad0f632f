from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from menu_pages.themes.registry import get_theme


class ThemeInstallation(models.Model):
    """One change of how a place's menu looks: another theme, or other settings of the same one."""

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="theme_installations")
    theme_before = models.SlugField(_("theme before"))
    theme_after = models.SlugField(_("theme after"))
    settings_before = models.JSONField(_("settings before"), default=dict)
    settings_after = models.JSONField(_("settings after"), default=dict)
    is_undo = models.BooleanField(_("taken back"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("change of theme")
        verbose_name_plural = _("changes of theme")
        ordering = ("-pk",)
        indexes = (models.Index(fields=("place", "-id"), name="theme_history"),)

    def __str__(self) -> str:
        return f"{self.theme_before} → {self.theme_after}"

    @property
    def changes_theme(self) -> bool:
        """Whether another theme was put up; otherwise the same one got other settings."""
        return self.theme_before != self.theme_after

    @property
    def theme_title(self) -> str:
        return get_theme(self.theme_after).title

    @property
    def title_before(self) -> str:
        return get_theme(self.theme_before).title
