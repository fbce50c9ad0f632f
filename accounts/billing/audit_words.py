"""What happened to a subscription, as the audit log's readers read it."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit_log.sentences import Change, Sentence, changes_of, reads, shown
from accounts.billing.models import PlanCode, Subscription, SubscriptionState
from accounts.billing.periods import local
from accounts.models import AuditAction, AuditEntry


@reads(AuditAction.PLAN_CHANGED)
def _subscription(entry: AuditEntry) -> Sentence:
    states = entry.details.get("before"), entry.details.get("after")
    if all(state in SubscriptionState.values for state in states):
        before, after = (str(SubscriptionState(state).label) for state in states)
        return Sentence(_("Subscription"), (Change(_title("state"), before, after),))
    return Sentence(_("Subscription"), changes_of(entry, _value, _title))


def _title(name: str) -> str:
    try:
        title = str(Subscription._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name
    return title[:1].upper() + title[1:]


def _value(value: Any) -> str:
    if value in PlanCode.values:
        return str(PlanCode(value).label)
    moment = _moment(value)
    return date_format(local(moment), "DATE_FORMAT") if moment else shown(value)


def _moment(value: Any) -> Any:
    try:
        return parse_datetime(value) if isinstance(value, str) else None
    except ValueError:
        return None
