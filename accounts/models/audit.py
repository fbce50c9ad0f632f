from typing import Any, NoReturn

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from accounts.scope import InScope, ScopedManager


class AuditAction(models.TextChoices):
    MEMBER_INVITED = "member_invited", _("invited a member")
    MEMBER_JOINED = "member_joined", _("joined")
    ROLE_CHANGED = "role_changed", _("changed a role")
    MEMBER_REMOVED = "member_removed", _("removed a member")
    PRICE_CHANGED = "price_changed", _("changed a price")
    THEME_INSTALLED = "theme_installed", _("installed a theme")
    THEME_EDITED = "theme_edited", _("edited the theme")
    TABLE_KEY_REPLACED = "table_key_replaced", _("replaced a table’s code")
    PLAN_CHANGED = "plan_changed", _("changed the plan")
    DATA_EXPORTED = "data_exported", _("exported data")
    DATA_IMPORTED = "data_imported", _("imported data")
    ORGANISATION_CHANGED = "organisation_changed", _("changed the organisation card")
    ORDERING_SWITCHED = "ordering_switched", _("switched ordering on or off")
    SECURITY_CHANGED = "security_changed", _("changed how people sign in")


class AppendOnlyError(TypeError):
    """Something tried to change or remove what is kept for good."""


class AuditQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The audit log is only added to.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("The audit log is only added to.")


class AuditManager(ScopedManager):
    def get_queryset(self) -> models.QuerySet[Any]:
        return AuditQuerySet(self.model, using=self._db).filter(InScope(self.column, self.owners))


class AuditEntry(models.Model):
    """Who did what in an organisation, and when. Only ever added to: the owner's answer to “who changed that”.

    `details` holds the words of the moment (names, not ids), so that an entry reads the same when what it speaks of is
    gone: {"before": …, "after": …} where something changed.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="audit_entries")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    by_name = models.CharField(_("who"), max_length=254, blank=True)
    action = models.CharField(_("what"), max_length=24, choices=AuditAction.choices)
    subject = models.CharField(_("of what"), max_length=255, blank=True)
    place_title = models.CharField(_("place"), max_length=255, blank=True)
    details = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = AuditManager()

    class Meta:
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit log")
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("organisation", "-created_at", "-id"), name="audit_by_organisation"),)
        constraints = (models.CheckConstraint(condition=models.Q(action__in=AuditAction.values), name="audit_action"),)

    def __str__(self) -> str:
        return f"{self.by_name}: {self.get_action_display()} {self.subject}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("The audit log is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The audit log is only added to.")
