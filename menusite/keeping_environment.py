"""What the service is told from outside of how long it keeps what people leave behind: docs/privacy.md."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

# Variable: default, lowest, highest. The lowest leave the service's own work its time: the days of guests are counted
# again for a week, and a session may save what it holds two weeks late.
PERIODS = {
    "KEEP_GUEST_SESSION_HOURS": (24, 1, 24),
    "KEEP_GUEST_EVENT_DAYS": (90, 22, 3650),
    "KEEP_OUTBOX_DAYS": (30, 2, 365),
    "KEEP_SIGN_UP_DAYS": (7, 0, 30),
    "KEEP_INVITATION_DAYS": (30, 0, 365),
    "KEEP_IMPORT_DAYS": (30, 1, 365),
}


@dataclass(frozen=True)
class KeepingEnvironment:
    """The checked periods, each in the unit its variable names."""

    guest_session_hours: int
    guest_event_days: int
    outbox_days: int
    sign_up_days: int
    invitation_days: int
    import_days: int


def read_keeping_environment(source: Mapping[str, str]) -> KeepingEnvironment:
    """Make it of the variables in `source`; an empty variable counts as absent.

    Raises ImproperlyConfigured, which names the variable, its value and what is expected.
    """
    found = {}
    for name, (default, lowest, highest) in PERIODS.items():
        value = source.get(name, "").strip() or str(default)
        if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
            raise ImproperlyConfigured(f"{name} is {value!r}, but should be a whole number from {lowest} to {highest}.")
        found[name.removeprefix("KEEP_").lower()] = int(value)
    return KeepingEnvironment(**found)
