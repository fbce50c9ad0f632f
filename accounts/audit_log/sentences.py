"""Entries of the audit log as people read them. An action's words are registered where its details are written: those
of prices and themes on the floor above."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import AuditAction, AuditEntry, Organisation
from accounts.roles import Role

NOTHING = "—"
# An entry of many changes is cut here: it is a line in a list.
MOST_CHANGES = 12


class Change(NamedTuple):
    """What was, and what is; without a title where the sentence says it."""

    title: str
    before: str
    after: str


class Sentence(NamedTuple):
    text: str
    changes: tuple[Change, ...] = ()


Reader = Callable[[AuditEntry], Sentence]
_readers: dict[str, Reader] = {}


def reads(*actions: AuditAction) -> Callable[[Reader], Reader]:
    """The decorated function puts these actions into words, in the reader's language and without a query."""

    def register(reader: Reader) -> Reader:
        _readers.update(dict.fromkeys(actions, reader))
        return reader

    return register


def sentence_of(entry: AuditEntry) -> Sentence:
    return _readers.get(entry.action, _plain)(entry)


def changes_of(
    entry: AuditEntry, show: Callable[[Any], str] | None = None, title: Callable[[str], str] | None = None
) -> tuple[Change, ...]:
    """`before` and `after` of the entry's details, one pair or several by name."""
    details = entry.details
    if "before" not in details and "after" not in details:
        return ()
    before, after = details.get("before"), details.get("after")
    say = show or shown
    if isinstance(before, Mapping) or isinstance(after, Mapping):
        before, after = before or {}, after or {}
        names = list(dict.fromkeys([*before, *after]))[:MOST_CHANGES]
        return tuple(
            Change(title(name) if title else str(name), say(before.get(name)), say(after.get(name))) for name in names
        )
    return (Change("", say(before), say(after)),)


def shown(value: Any) -> str:
    """Any value of the details in words."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if value is None or value in ("", [], {}):
        return NOTHING
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    return str(value)


def role_title(value: Any) -> str:
    return str(Role(value).label) if value in Role.values else shown(value)


def _plain(entry: AuditEntry) -> Sentence:
    title = entry.get_action_display()
    text = f"{title}: {entry.subject}" if entry.subject else str(title)
    return Sentence(text[:1].upper() + text[1:], changes_of(entry))


@reads(AuditAction.MEMBER_INVITED)
def _invited(entry: AuditEntry) -> Sentence:
    words = {"who": entry.subject, "role": role_title(entry.details.get("after"))}
    return Sentence(_("Invitation of %(who)s: %(role)s") % words)


@reads(AuditAction.MEMBER_JOINED)
def _joined(entry: AuditEntry) -> Sentence:
    words = {"who": entry.subject, "role": role_title(entry.details.get("after"))}
    return Sentence(_("%(who)s joined: %(role)s") % words)


@reads(AuditAction.ROLE_CHANGED)
def _role(entry: AuditEntry) -> Sentence:
    return Sentence(_("Role of %(who)s") % {"who": entry.subject}, changes_of(entry, role_title))


@reads(AuditAction.MEMBER_REMOVED)
def _removed(entry: AuditEntry) -> Sentence:
    words = {"who": entry.subject, "role": role_title(entry.details.get("before"))}
    return Sentence(_("%(who)s is no longer a member; was: %(role)s") % words)


@reads(AuditAction.SECURITY_CHANGED)
def _two_step(entry: AuditEntry) -> Sentence:
    return Sentence(entry.subject or _("Two-step sign-in for everyone"), changes_of(entry))


@reads(AuditAction.ORGANISATION_CHANGED)
def _card(entry: AuditEntry) -> Sentence:
    return Sentence(_("Organisation card"), changes_of(entry, title=_field_title))


def _field_title(name: str) -> str:
    try:
        title = str(Organisation._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name
    return title[:1].upper() + title[1:]


@reads(AuditAction.DATA_EXPORTED)
def _exported(entry: AuditEntry) -> Sentence:
    if entry.details.get("what") == "audit_log":
        return Sentence(_("Export of the audit log"))
    return Sentence(_("Export: %(what)s") % {"what": entry.subject})


@reads(AuditAction.DATA_IMPORTED)
def _imported(entry: AuditEntry) -> Sentence:
    details = entry.details
    if details.get("what") == "orders":
        return _imported_orders(entry)
    text = _("Import: %(file)s") % {"file": entry.subject}
    if "total" in details:
        stopped = _("stopped after %(done)s of %(total)s rows") % {
            "done": details.get("done"),
            "total": details["total"],
        }
        return Sentence(f"{text}, {stopped}")
    if "added" in details:
        counts = _("added %(added)s, changed %(changed)s, withdrawn %(withdrawn)s") % {
            name: details.get(name, 0) for name in ("added", "changed", "withdrawn")
        }
        return Sentence(f"{text}, {counts}")
    return Sentence(text)


def _imported_orders(entry: AuditEntry) -> Sentence:
    details = entry.details
    if "total" in details:
        text = _("Orders of an old till: %(file)s, stopped after %(done)s of %(total)s")
        return Sentence(text % {"file": entry.subject, "done": details.get("done"), "total": details["total"]})
    count = details.get("orders", 0)
    if details.get("undo"):
        text = ngettext(
            "Orders of an old till taken back: %(file)s, %(count)d order",
            "Orders of an old till taken back: %(file)s, %(count)d orders",
            count,
        )
    else:
        text = ngettext(
            "Orders of an old till: %(file)s, %(count)d order",
            "Orders of an old till: %(file)s, %(count)d orders",
            count,
        )
    return Sentence(text % {"file": entry.subject, "count": count})
