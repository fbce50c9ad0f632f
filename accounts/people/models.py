import datetime
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from accounts.roles import Role
from accounts.scope import InScope, ScopedManager

LIVES_FOR = datetime.timedelta(days=7)


def invitation_id() -> str:
    """An address for an invitation among the owner's pages; it opens nothing to anybody else."""
    return secrets.token_hex(8)


class InvitationQuerySet(models.QuerySet[Any]):
    def open(self) -> "InvitationQuerySet":
        """Neither taken up nor withdrawn; their time may be over."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class InvitationManager(ScopedManager):
    def get_queryset(self) -> InvitationQuerySet:
        return InvitationQuerySet(self.model, using=self._db).filter(InScope(self.column, self.owners))

    def open(self) -> InvitationQuerySet:
        return self.get_queryset().open()


class Invitation(models.Model):
    """An owner's letter to somebody: join the organisation in this role."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    public_id = models.SlugField(_("address"), unique=True, default=invitation_id, editable=False)
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    # What the letter's link carries is known to its reader alone.
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by")
    )
    created_at = models.DateTimeField(_("invited"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    letter_at = models.DateTimeField(_("letter written"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = InvitationManager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_lower"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_accepted_or_withdrawn"
            ),
        )

    def __str__(self) -> str:
        return self.email

    @property
    def expired(self) -> bool:
        return self.expires_at <= timezone.now()
