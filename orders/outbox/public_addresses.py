"""Which address a name stands for, and whether the service may call there.

An owner may have the service call any address they like; without this check one of them could have it call the
installation's own database, its neighbours or a cloud's metadata.
"""

import ipaddress
import socket

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# IPv4 in the clothes of IPv6, as translators between the two write it.
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class NotPublicError(Exception):
    """The name stands for an address of an inner network."""


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses to connect to; the name is asked for once, so that what was checked is what is called.

    Raises `NotPublicError`, and OSError when there is no such name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    # One inner address among them is one too many: which of them answers is not ours to say.
    if not settings.WEBHOOKS_MAY_BE_PRIVATE and not all(is_public(address) for address in addresses):
        raise NotPublicError
    return addresses


def is_address(host: str) -> bool:
    """Whether it is an address already and no name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    try:
        meant = _meant(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return meant.is_global and not (meant.is_multicast or meant.is_reserved or meant.is_unspecified)


def _meant(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one, where that is all it is."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None) or address
