"""Where a webhook may lead: to programs out in the world over TLS, never to machines beside this one.

Whoever may name an address would otherwise have this server knock on doors that are open to it alone (SSRF). An
address is judged twice: as it is written, when it is named, and as it is resolved, at every delivery; the connection
then goes to the very address that was judged.
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

LONGEST_URL = 2000
Resolve = Callable[[str, int], list[str]]


class DestinationRefused(ValueError):
    """Nothing may be sent there; the message says why."""


class Destination(NamedTuple):
    """Where to connect: `address` is the resolved one, `host` what the certificate is for."""

    scheme: str
    host: str
    address: str
    port: int
    target: str

    @property
    def url(self) -> str:
        """Give the URL of the resolved address."""
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{address}:{self.port}{self.target}"

    @property
    def host_header(self) -> str:
        """Give the name that was asked for, with its port where that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


_PORTS = {"https": 443, "http": 80}


def check_written(url: str, *, loopback: bool) -> SplitResult:
    """Judge a URL as it is written. `loopback` lets it lead to this machine, and be http there.

    Raises:
        DestinationRefused: it is no URL that a webhook may have.
    """
    if len(url) > LONGEST_URL or not url.isascii() or any(mark <= " " or mark in "\\\x7f" for mark in url):
        raise DestinationRefused(f"a URL of at most {LONGEST_URL} plain characters, without spaces or backslashes")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise DestinationRefused(f"it is no URL: {error}") from error
    if not host or parts.scheme not in _PORTS or port == 0:
        raise DestinationRefused("it begins with https:// and names a host")
    if parts.username is not None or parts.password is not None:
        raise DestinationRefused("a name or password in a URL would be stored and logged: leave it out")
    if parts.fragment:
        raise DestinationRefused("what follows # is never sent: leave it out")
    if parts.scheme == "http" and not (loopback and _names_loopback(host)):
        raise DestinationRefused("https only")
    numeric = _numeric(host)
    if numeric is not None:
        _judge(numeric, loopback=loopback)
    elif not loopback and (host == "localhost" or host.endswith((".localhost", ".local", ".internal"))):
        raise DestinationRefused(f"{host} is a name of this machine or its network")
    return parts


def resolve_system(host: str, port: int) -> list[str]:
    """Ask the system for the addresses of a host.

    Raises:
        OSError: it knows none.
    """
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def resolved(url: str, *, loopback: bool, resolve: Resolve = resolve_system) -> Destination:
    """Give where to connect for a URL, judged; every address of the host must be one that may be sent to.

    Raises:
        DestinationRefused: it may not be sent to.
        OSError: the host has no address now.
    """
    parts = check_written(url, loopback=loopback)
    host = str(parts.hostname)
    port = parts.port or _PORTS[parts.scheme]
    found = resolve(host, port)
    if not found:
        raise OSError(f"{host} has no address")
    judged = [_judge(ipaddress.ip_address(one.partition("%")[0]), loopback=loopback) for one in found]
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, host, str(judged[0]), port, target)


Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")


def _judge(address: Address, *, loopback: bool) -> Address:
    inner = _carried(address)
    for one in (address,) if inner is None else (address, inner):
        if one.is_loopback and loopback:
            continue
        mapped = one is address and inner is not None
        shut = any(one in network for network in _SHUT[one.version]) or not (mapped or _in_use(one))
        if one.is_multicast or one.is_unspecified or (not one.is_global and not mapped) or shut:
            raise DestinationRefused(f"{address} is not out in the world: it is an address of this machine or network")
    return address


def _in_use(address: Address) -> bool:
    """Tell whether an address is of those given out: of version 6 one eighth is; elsewhere lie old ways to IPv4."""
    return isinstance(address, ipaddress.IPv4Address) or address in _GIVEN_OUT


_GIVEN_OUT = ipaddress.ip_network("2000::/3")
_SHUT: dict[int, tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]] = {
    4: (
        ipaddress.ip_network("168.63.129.16/32"),  # Azure's host: global by number, this machine's in fact
        ipaddress.ip_network("192.0.0.0/24"),  # kept for protocols
        ipaddress.ip_network("192.88.99.0/24"),  # relays from 6to4
    ),
    6: (ipaddress.ip_network("3fff::/20"),),  # for documentation
}


def _carried(address: Address) -> ipaddress.IPv4Address | None:
    """Give the IPv4 address that one of version 6 stands for, if it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or address in _NAT64_LOCAL:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _numeric(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        pass
    try:  # "127.1", "0x7f000001", "2130706433": numbers to the system, names to us
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _names_loopback(host: str) -> bool:
    numeric = _numeric(host)
    return host == "localhost" if numeric is None else numeric.is_loopback
