"""The home's key, and bytes sealed with what is derived from it: AES-256-GCM, one key a purpose (HKDF, RFC 5869).

A sealed file starts with MARK and the id of its key, so that a reader tells a wrong key from a changed file. The
file's name is bound in: a sealed file put in another's place does not open.
"""

import base64
import binascii
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MARK = b"OVTN1"
_KEY, _ID, _NONCE, _TAG = 32, 8, 12, 16
_HEAD = len(MARK) + _ID + _NONCE
VARIABLE, FILE_VARIABLE = "OVERTURN_KEY", "OVERTURN_KEY_FILE"
_HOW = "32 bytes as 64 hex digits or as base64; `overturn keys new` makes one"


class BadKey(ValueError):
    """The key is none, or is kept where others can read it; the message says what to do."""


class WrongKey(ValueError):
    """What is sealed was sealed with another key, or a key is lacking."""


class BrokenSeal(ValueError):
    """The bytes are not those that were sealed under this name: somebody changed or moved them."""


@dataclass(frozen=True)
class HomeKey:
    """A home's key. It is never shown; `id` names it, and tells nothing of it."""

    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Hold the key to its length.

        Raises:
            BadKey: it is not 32 bytes, or all of one value.
        """
        if len(self.material) != _KEY or len(set(self.material)) == 1:
            raise BadKey(f"a key is {_HOW}")

    @property
    def id(self) -> str:
        """Return the key's name: 16 hex digits."""
        return self.derived("id", _ID).hex()

    def derived(self, purpose: str, length: int = _KEY) -> bytes:
        """Return the key for one purpose; from it nothing of the others can be told."""
        return HKDF(SHA256(), length, salt=None, info=f"overturn/{purpose}".encode()).derive(self.material)

    @classmethod
    def fresh(cls) -> "HomeKey":
        """Make a new key."""
        return cls(secrets.token_bytes(_KEY))

    @classmethod
    def read(cls, text: str) -> "HomeKey":
        """Read a key as it is written.

        Raises:
            BadKey: it is none.
        """
        plain = text.strip()
        try:
            if len(plain) == 2 * _KEY:
                return cls(bytes.fromhex(plain))
            return cls(base64.b64decode(plain.replace("-", "+").replace("_", "/"), validate=True))
        except (ValueError, binascii.Error) as fault:
            raise BadKey(f"a key is {_HOW}") from fault


def key_in(environment: Mapping[str, str]) -> HomeKey | None:
    """Read the home's key from OVERTURN_KEY, or the file that OVERTURN_KEY_FILE names; None where neither is set.

    Raises:
        BadKey: both are set, it is no key, or the file cannot be read, or others than its owner can read it.
    """
    text, path = environment.get(VARIABLE, "").strip(), environment.get(FILE_VARIABLE, "").strip()
    if text and path:
        raise BadKey(f"{VARIABLE} and {FILE_VARIABLE} are both set: unset one")
    if text:
        try:
            return HomeKey.read(text)
        except BadKey as fault:
            raise BadKey(f"{VARIABLE}: {fault}") from fault
    return key_in_file(Path(path)) if path else None


def key_in_file(path: Path) -> HomeKey:
    """Read a key from a file that its owner alone can read.

    Raises:
        BadKey: it cannot be read, others can read it, or it holds no key.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadKey(f"the key file {path} cannot be read ({type(fault).__name__})") from fault
    if stat.S_IMODE(mode) & 0o077:
        raise BadKey(f"others can read the key file {path}: chmod 600 {path}")
    try:
        return HomeKey.read(text)
    except BadKey as fault:
        raise BadKey(f"{path}: {fault}") from fault


def is_sealed(content: bytes) -> bool:
    """Tell whether bytes are sealed."""
    return content.startswith(MARK) and len(content) >= _HEAD + _TAG


def sealing_key(content: bytes) -> str | None:
    """Return the id of the key that sealed bytes name; None for plain ones."""
    return content[len(MARK) : len(MARK) + _ID].hex() if is_sealed(content) else None


def seal(content: bytes, key: HomeKey, purpose: str, name: str) -> bytes:
    """Seal bytes under a name."""
    head, nonce = MARK + bytes.fromhex(key.id), os.urandom(_NONCE)
    return head + nonce + AESGCM(key.derived(purpose)).encrypt(nonce, content, head + name.encode())


def unseal(content: bytes, key: HomeKey, purpose: str, name: str) -> bytes:
    """Open sealed bytes.

    Raises:
        WrongKey: another key sealed them.
        BrokenSeal: they are not sealed, or not as they were sealed, or were sealed under another name.
    """
    found = sealing_key(content)
    if found is None:
        raise BrokenSeal(f"{name} is not sealed")
    if found != key.id:
        raise WrongKey(f"{name} was sealed with key {found}; the one given is {key.id}")
    head, nonce = content[: len(MARK) + _ID], content[len(MARK) + _ID : _HEAD]
    try:
        return AESGCM(key.derived(purpose)).decrypt(nonce, content[_HEAD:], head + name.encode())
    except InvalidTag as fault:
        raise BrokenSeal(f"{name} is not as it was sealed: restore it from a backup") from fault
