"""The audit log as a file for a spreadsheet program."""

import csv
import io
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.audit_log.sentences import sentence_of
from accounts.models import AuditEntry

# A cell that begins so is run as a formula by spreadsheet programs.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(entries: Iterable[AuditEntry], zone: ZoneInfo) -> bytes:
    """Times as ISO 8601 with their offset; UTF-8 with the mark by which spreadsheet programs know it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_("When"), _("Who"), _("Place"), _("What"), _("Before"), _("After")])
    for entry in entries:
        text, changes = sentence_of(entry)
        before = "; ".join(f"{change.title}: {change.before}" if change.title else change.before for change in changes)
        after = "; ".join(f"{change.title}: {change.after}" if change.title else change.after for change in changes)
        when = entry.created_at.astimezone(zone).isoformat(timespec="seconds")
        who = entry.by_name or _("the service itself")
        writer.writerow([defused(cell) for cell in (when, who, entry.place_title, text, before, after)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def defused(cell: str) -> str:
    """The cell as text, whatever a spreadsheet program would make of its first sign."""
    return f"'{cell}" if cell.lstrip(" \n").startswith(FORMULA_SIGNS) else cell
