"""Writing the audit log: one line where something an owner may ask about is done, in the transaction of the doing."""

from typing import Any

from accounts.models import AuditAction, AuditEntry, User


def record(
    action: AuditAction, *, organisation_id: int, by: User | None, subject: str = "", place: str = "", **details: Any
) -> AuditEntry:
    """Add an entry; without a user (`by=None`) the service itself did it. One query.

    Words only: titles and names as they are now. `details` is kept as JSON, conventionally `before` and `after`.
    """
    return AuditEntry.objects.create(
        organisation_id=organisation_id,
        by=by,
        by_name=str(by)[:254] if by else "",
        action=action,
        subject=subject[:255],
        place_title=place[:255],
        details=details,
    )
