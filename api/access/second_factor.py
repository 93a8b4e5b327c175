"""The second factor: codes of an authenticator (TOTP, RFC 6238), and recovery codes for who lost it."""

import io
import secrets

import pyotp
import segno

from api.access.tokens import hash_of, same

ISSUER = "Overturn"
PERIOD = 30
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """Make a secret for an authenticator (160 bits, base32)."""
    return pyotp.random_base32()


def address(secret: str, login: str) -> str:
    """Give the otpauth address that authenticators read."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def picture(secret: str, login: str) -> bytes:
    """Draw the address as a QR code (SVG)."""
    out = io.BytesIO()
    segno.make(address(secret, login), error="m").save(out, kind="svg", scale=5, border=3, light="#ffffff")
    return out.getvalue()


def step_of(secret: str, code: str, now: float) -> int | None:
    """Give the 30-second step whose code this is: the present one or a neighbour. None: it is none of them.

    `now` in seconds since 1970. Whoever calls takes the step, so that the same code is not taken again.
    """
    shown = code.replace(" ", "")
    present = int(now) // PERIOD
    totp = pyotp.TOTP(secret)
    found = None
    for step in (present - 1, present, present + 1):
        if same(totp.at(step * PERIOD), shown):
            found = step
    return found


def new_recovery_codes() -> tuple[str, ...]:
    """Make ten recovery codes (about 50 bits each) to be written down."""
    made = ("".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES))
    return tuple(f"{code[:5]}-{code[5:]}" for code in made)


def recovery_hash(user_id: str, code: str) -> str:
    """Give the hash a recovery code is kept as, however it was typed."""
    squeezed = "".join(letter for letter in code.lower() if letter.isalnum())
    return hash_of(f"{user_id}:{squeezed}")
