"""What means this machine only."""

import ipaddress


def is_loopback(host: str) -> bool:
    """Tell whether an address or host name means this machine only."""
    bare = host.strip("[]")
    if bare.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False
