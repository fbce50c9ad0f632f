import secrets
from pathlib import PurePath

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.user import User
from accounts.roles import ADMIN_CAPABILITIES, CAPABILITIES, Capability, Role
from accounts.scope import ScopedManager


class PlaceKind(models.TextChoices):
    """What an organisation runs, as its owner put it when registering."""

    RESTAURANT = "restaurant", _("restaurant")
    CAFE = "cafe", _("café or coffee shop")
    BAR = "bar", _("bar")
    STREET_FOOD = "street_food", _("street food")
    CANTEEN = "canteen", _("canteen")
    HOTEL = "hotel", _("hotel")
    OTHER = "other", _("something else")


def organisation_slug() -> str:
    """An address for an organisation that tells nothing about it."""
    return secrets.token_hex(6)


def logo_path(organisation: "Organisation", file_name: str) -> str:
    """A fresh name each time: a picture replaced is not shown from some cache, and its name tells nothing."""
    return f"organisations/{secrets.token_hex(16)}{PurePath(file_name).suffix.lower()}"


class Organisation(models.Model):
    """The tenant: a company with its places, people and subscription."""

    slug = models.SlugField(_("address"), unique=True, default=organisation_slug, editable=False)
    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    address = models.CharField(_("postal address"), max_length=250, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    logo = models.ImageField(_("logo"), upload_to=logo_path, blank=True)
    kind = models.CharField(_("type of place"), max_length=16, choices=PlaceKind.choices, blank=True)
    two_step_required = models.BooleanField(
        _("two-step sign-in for everyone"),
        default=False,
        help_text=_("People of the organisation set it up before they go on working."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ScopedManager("pk")

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A user's role in an organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    weekly_letter = models.BooleanField(_("the week in a letter"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ScopedManager("organisation_id")

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(fields=("organisation", "user"), name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"

    @property
    def capabilities(self) -> frozenset[Capability]:
        return CAPABILITIES[Role(self.role)]

    @property
    def enters_admin(self) -> bool:
        return bool(self.capabilities & ADMIN_CAPABILITIES)
