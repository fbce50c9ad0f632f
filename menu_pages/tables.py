"""A place's tables: how many there are, and replacing a table's code."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import AuditAction, User
from menu_pages.models import PlacePage, PlaceRecord, Table
from menu_pages.models.table import MAX_TABLES, table_key


def set_table_count(*, place: PlacePage, count: int) -> None:
    """Have tables 1 to `count` in use. Tables beyond are put away with their history; those that come back keep
    their codes. Raises `ValidationError` outside 0 to `MAX_TABLES`."""
    if not 0 <= count <= MAX_TABLES:
        raise ValidationError({"count": _("The number of tables can be from 0 to %(most)d.") % {"most": MAX_TABLES}})
    with transaction.atomic():
        PlaceRecord.objects.select_for_update().get(pk=place.pk)
        tables = Table.objects.filter(place=place)
        tables.filter(number__gt=count).update(in_use=False)
        tables.filter(number__lte=count).update(in_use=True)
        existing = set(tables.values_list("number", flat=True))
        Table.objects.bulk_create(
            [Table(place=place, number=number) for number in range(1, count + 1) if number not in existing]
        )


def replace_key(*, table: Table, by: User | None = None) -> Table:
    """Give the table a new code: the old one stops ordering at once, visits begun with it included. The audit log
    says whose doing it was, and holds no code."""
    with transaction.atomic():
        table.key = table_key()
        table.key_issued_at = timezone.now()
        table.save(update_fields=("key", "key_issued_at"))
        place: PlacePage = table.place
        record(
            AuditAction.TABLE_KEY_REPLACED,
            organisation_id=place.record.organisation_id,
            by=by,
            subject=str(table.number),
            place=place.title,
        )
    return table
