from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import PlaceKind
from accounts.models.user import User


class Registration(models.Model):
    """What somebody asked for when signing up: the organisation is made of it once the address is confirmed.

    It stays afterwards as the record of the consent.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="registration", verbose_name=_("user"))
    organisation_name = models.CharField(_("name of the organisation"), max_length=120)
    kind = models.CharField(_("type of place"), max_length=16, choices=PlaceKind.choices)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    consent_version = models.CharField(_("text of the consent"), max_length=16)
    consented_at = models.DateTimeField(_("consented"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = (
            models.Index(
                fields=("consented_at",), name="registration_waiting", condition=models.Q(confirmed_at__isnull=True)
            ),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=PlaceKind.values), name="registration_kind_known"),
        )

    def __str__(self) -> str:
        return self.organisation_name
