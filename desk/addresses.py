"""Under which addresses this machine is reached in its own networks."""

from __future__ import annotations

import fcntl
import ipaddress
import socket
import struct
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address
SIOCGIFADDR = 0x8915


def own_addresses() -> list[Address]:
    """Return the IPv4 addresses of this machine's interfaces, loopback last; [127.0.0.1] where none can be told."""
    found: set[Address] = {IPv4Address("127.0.0.1")}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:
                continue  # an interface without an IPv4 address
            found.add(IPv4Address(answer[20:24]))
    return sorted(found, key=lambda each: (each.is_loopback, int(each)))


def reached_at(host: str) -> list[Address]:
    """Return the addresses at which a server bound to `host` is reached; [] for a name that is no address."""
    if host == "localhost":
        return [IPv4Address("127.0.0.1")]
    try:
        bound = ipaddress.ip_address(host)
    except ValueError:
        return own_addresses()
    return own_addresses() if bound.is_unspecified else [bound]


def shown(address: Address) -> str:
    """Return an address as it stands in a link."""
    return f"[{address}]" if address.version == 6 else str(address)
