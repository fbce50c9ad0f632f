"""What each role may do, in words, read off the one table of capabilities."""

from typing import Any

from accounts.roles import CAPABILITIES, Capability, Role


def capabilities_of(role: Role) -> list[Any]:
    """Titles in the order of the table; “orders only” goes without saying where the whole desk is open."""
    held = CAPABILITIES[role]
    return [
        capability.label
        for capability in Capability
        if capability in held and not (capability == Capability.ORDERS and Capability.DESK in held)
    ]


def roles() -> list[tuple[Role, list[Any]]]:
    return [(role, capabilities_of(role)) for role in Role]
