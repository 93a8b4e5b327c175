"""What means this machine only, and which host a header names."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Tell whether an address or host name means this machine only."""
    bare = host.strip("[]")
    if bare.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def host_named(header: str) -> str:
    """Give the host that a `Host` header names, without its port; blank where it names none: anybody writes it."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""
