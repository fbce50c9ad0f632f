from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInAttempts(models.Model):
    """Wrong passwords (or second-step codes) of an account, counted apart for each browser that is known to it.

    `account` is a keyed hash of what was typed, whether or not it has an account; `browser` is empty for all browsers
    that have not signed in to it before. In the database, since a cache may be away or one process's own.
    """

    account = models.CharField(_("account"), max_length=64)
    browser = models.CharField(_("browser"), max_length=32, blank=True)
    failures = models.PositiveIntegerField(_("failures"), default=0)
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)
    last_at = models.DateTimeField(_("last"), db_index=True)

    class Meta:
        verbose_name = _("sign-in attempts")
        verbose_name_plural = _("sign-in attempts")
        constraints = (models.UniqueConstraint(fields=("account", "browser"), name="attempts_once_a_browser"),)

    def __str__(self) -> str:
        return f"{self.account[:8]}: {self.failures}"
