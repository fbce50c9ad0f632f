import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from menu_pages.models.under_way import DONE, FAILED, READY, RUNNING, WAITING, UnderWay, runner_token


class ImportStatus(models.TextChoices):
    READY = READY, _("checked, not imported")
    WAITING = WAITING, _("waiting for its turn")
    RUNNING = RUNNING, _("being imported")
    DONE = DONE, _("imported")
    FAILED = FAILED, _("stopped half-way")


class MenuImport(UnderWay, models.Model):
    """A menu file that was checked: its rows, what importing them would change, and how far that has come.

    The file itself is not kept. Rows and pictures go as soon as they are imported or given up.
    """

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="menu_imports")
    public_id = models.UUIDField(_("address"), default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(_("file"), max_length=255)
    # [[row number, {column: cell}], …], as the file's reader gave them.
    rows = models.JSONField(_("rows"), default=list, encoder=DjangoJSONEncoder)
    replace = models.BooleanField(_("withdraw dishes that are not in the file"), default=False)
    summary = models.JSONField(_("what changes"), default=dict)
    status = models.CharField(_("state"), max_length=8, choices=ImportStatus.choices, default=ImportStatus.READY)
    done = models.PositiveIntegerField(_("rows imported"), default=0)
    total = models.PositiveIntegerField(_("rows in all"), default=0)
    problem = models.TextField(_("why it stopped"), blank=True)
    # Whose turn it is: a worker that took over leaves the one before unable to write.
    runner = models.CharField(max_length=16, default=runner_token, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    moved_at = models.DateTimeField(_("last moved"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("menu import")
        verbose_name_plural = _("menu imports")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="menu_import_done_within_total"),
            models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="menu_import_status_known"),
        )

    def __str__(self) -> str:
        return self.file_name

    def counts(self) -> dict[str, Any]:
        return {name: self.summary.get(name, {}).get("count", 0) for name in ("added", "changed", "withdrawn")}


class MenuImportPicture(models.Model):
    """A picture that came in the archive with a menu file, until the import takes it over.

    In the database, because the worker may be another machine and nothing unchecked belongs among public uploads.
    """

    menu_import = models.ForeignKey(MenuImport, models.CASCADE, related_name="pictures")
    name = models.CharField(max_length=255)
    sha1 = models.CharField(max_length=40)
    content = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("menu_import", "name"), name="menu_import_picture_once"),)

    def __str__(self) -> str:
        return self.name
