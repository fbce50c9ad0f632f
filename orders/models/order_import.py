import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from menu_pages.models.record import PlaceScopedManager
from menu_pages.models.under_way import DONE, FAILED, READY, RUNNING, WAITING, UnderWay, runner_token


class OrderImportStatus(models.TextChoices):
    READY = READY, _("checked, not imported")
    WAITING = WAITING, _("waiting for its turn")
    RUNNING = RUNNING, _("being imported")
    DONE = DONE, _("imported")
    FAILED = FAILED, _("stopped half-way")
    UNDONE = "undone", _("taken back")


class OrderImport(UnderWay, models.Model):
    """A file of orders from an old till that was checked, and how far importing it has come.

    The file is kept until it is imported or given up; the orders it brought name it, so that it can be taken back.
    """

    place = models.ForeignKey("menu_pages.PlacePage", models.CASCADE, related_name="order_imports")
    public_id = models.UUIDField(_("address"), default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField(_("the file"), default=b"", editable=False)
    summary = models.JSONField(_("what it holds"), default=dict)
    status = models.CharField(
        _("state"), max_length=8, choices=OrderImportStatus.choices, default=OrderImportStatus.READY
    )
    done = models.PositiveIntegerField(_("orders imported"), default=0)
    total = models.PositiveIntegerField(_("orders in all"), default=0)
    problem = models.TextField(_("why it stopped"), blank=True)
    # Whose turn it is: a worker that took over leaves the one before unable to write.
    runner = models.CharField(max_length=16, default=runner_token, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    # What is under way, or stopped, is taking its orders back; `done` and `total` count those that are gone.
    undoing = models.BooleanField(_("being taken back"), default=False)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    moved_at = models.DateTimeField(_("last moved"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = PlaceScopedManager()

    class Meta:
        verbose_name = _("import of orders")
        verbose_name_plural = _("imports of orders")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="order_import_done_within_total"),
            models.CheckConstraint(condition=Q(status__in=OrderImportStatus.values), name="order_import_status_known"),
        )

    def __str__(self) -> str:
        return self.file_name
