"""Whose clock an organisation's own pages show. Its places have time zones, and live on the floor above: that floor
says here how to find one."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")

_find: Callable[[int], ZoneInfo | None] | None = None


def found_by(find: Callable[[int], ZoneInfo | None]) -> None:
    """Ask `find` for the zone of the organisation with this id; it may answer that it has none."""
    global _find
    _find = find


def zone_of(organisation_id: int) -> ZoneInfo:
    """The zone its times are shown in: that of its first place, or UTC. One query at most."""
    return (_find(organisation_id) if _find else None) or UTC
