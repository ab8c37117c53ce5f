"""Addresses of hosts: public ones, and those of this machine and its own network."""

import ipaddress
import re
import socket

_OWN_NAMES = re.compile(r"(?:.*\.)?(?:localhost|local|internal|home\.arpa|lan)\.?", re.IGNORECASE)


def is_own_network(host: str) -> bool:
    """Return whether a host is loopback, link-local, private or otherwise not public.

    A name is resolved; one that cannot be resolved here, as behind a proxy, counts as public.
    """
    if _OWN_NAMES.fullmatch(host):
        return True
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(not _is_public(str(address[0])) for *_, address in found)


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_global and not address.is_multicast
