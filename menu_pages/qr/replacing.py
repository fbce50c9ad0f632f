"""A table's new code, given once for each time it is asked for."""

from django.db import transaction

from accounts.models import User
from menu_pages.models import Table
from menu_pages.tables import replace_key


def code_mark(table: Table) -> str:
    """Tells one code of the table from the next without giving the code away."""
    return table.key_issued_at.isoformat()


def replace_seen_code(*, table: Table, seen: str, by: User | None) -> bool:
    """Replace the code whose mark the reader has seen; False when it is replaced already.

    Pressing twice, or two people at once, must not void the code that has just been printed.
    """
    with transaction.atomic():
        current = Table.objects.select_for_update().get(pk=table.pk)
        if code_mark(current) != seen:
            return False
        replace_key(table=current, by=by)
    return True
