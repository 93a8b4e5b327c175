"""How people sign in, as settings: how long sessions last, the second factor, a practice's own sign-on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from api.access.loopback import host_named, is_loopback
from api.access.providers import BadProviders, Provider, read_providers
from api.access.sessions import Limits


class BadAccessSettings(ValueError):
    """A setting cannot be; the message names it and says what it may be."""


@dataclass(frozen=True)
class AccessSettings:
    """Settings of signing in.

    `address` is where browsers and programs reach the server ("https://overturn.example"); None = what they name as
    the host. `providers` are practices' own sign-ons.
    """

    limits: Limits = field(default_factory=Limits)
    second_factor_required: bool = True
    address: str | None = None
    providers: tuple[Provider, ...] = ()

    @classmethod
    def read(cls, environment: Mapping[str, str], home: Path) -> "AccessSettings":
        """Read OVERTURN_SESSION_IDLE_MINUTES, _SESSION_HOURS, _SECOND_FACTOR, _ADDRESS and _SIGN_ON.

        Raises:
            BadAccessSettings: one of them cannot be.
        """
        idle = _number(environment, "OVERTURN_SESSION_IDLE_MINUTES", 15, at_most=12 * 60)
        absolute = _number(environment, "OVERTURN_SESSION_HOURS", 12, at_most=24 * 7)
        factor = environment.get("OVERTURN_SECOND_FACTOR") or "required"
        if factor not in ("required", "optional"):
            raise BadAccessSettings("OVERTURN_SECOND_FACTOR is `required` or `optional`")
        address = (environment.get("OVERTURN_ADDRESS") or "").rstrip("/") or None
        if address is not None and not _is_safe(address):
            raise BadAccessSettings("OVERTURN_ADDRESS begins with https://: who signs in over http can be listened to")
        named = environment.get("OVERTURN_SIGN_ON")
        sign_on = Path(named) if named else home / "sign_on.yaml"
        if named and not sign_on.is_file():
            raise BadAccessSettings(f"OVERTURN_SIGN_ON names {sign_on}, which is no file")
        try:
            providers = read_providers(sign_on, environment) if sign_on.is_file() else ()
        except BadProviders as error:
            raise BadAccessSettings(str(error)) from error
        return cls(
            limits=Limits(timedelta(minutes=idle), timedelta(hours=absolute)),
            second_factor_required=factor == "required",
            address=address,
            providers=providers,
        )


def _is_safe(address: str) -> bool:
    """Tell whether what is sent to an address cannot be listened to on its way: over TLS, or to this machine."""
    scheme, _, rest = address.partition("://")
    return scheme == "https" or (scheme == "http" and is_loopback(host_named(rest.partition("/")[0])))


def _number(environment: Mapping[str, str], name: str, default: int, at_most: int) -> int:
    given = environment.get(name) or str(default)
    if not given.isdecimal() or not 1 <= int(given) <= at_most:
        raise BadAccessSettings(f"{name} is a whole number from 1 to {at_most}, not {given}")
    return int(given)
