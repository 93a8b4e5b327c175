"""A long stream sealed piece by piece (AES-256-GCM): no piece changed, moved or left out, and no end cut off, opens."""

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from knowledge.sealing import BrokenSeal, HomeKey, WrongKey

MARK = b"OVTNB1"
_PIECE = 1024 * 1024
_SALT, _LENGTH, _TAG, _ID = 16, 4, 16, 8


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))


class SealedWriter:
    """Writes a sealed stream. `finish` writes the last piece: a stream without it does not open."""

    def __init__(self, file: BinaryIO, key: HomeKey) -> None:
        """Begin a stream; it has a key of its own, made from the home's and a salt."""
        salt = os.urandom(_SALT)
        self._file, self._held, self._number = file, bytearray(), 0
        self._cipher = AESGCM(key.derived(f"backup/{salt.hex()}"))
        file.write(MARK + bytes.fromhex(key.id) + salt)

    def write(self, data: bytes) -> int:
        """Take plain bytes."""
        self._held += data
        while len(self._held) > _PIECE:
            self._put(bytes(self._held[:_PIECE]), last=False)
            del self._held[:_PIECE]
        return len(data)

    def finish(self) -> None:
        """Write what is left, marked as the last piece."""
        self._put(bytes(self._held), last=True)

    def _put(self, piece: bytes, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last), piece, MARK)
        self._file.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        self._number += 1


class SealedReader:
    """Reads a sealed stream; what it gives has been verified piece by piece."""

    def __init__(self, file: BinaryIO, key: HomeKey, name: str) -> None:
        """Begin to read.

        Raises:
            BrokenSeal: it is no such stream.
            WrongKey: another key sealed it.
        """
        head = file.read(len(MARK) + _ID + _SALT)
        if not head.startswith(MARK) or len(head) != len(MARK) + _ID + _SALT:
            raise BrokenSeal(f"{name} is no backup of overturn")
        found = head[len(MARK) : len(MARK) + _ID].hex()
        if found != key.id:
            raise WrongKey(f"{name} was sealed with key {found}; the one given is {key.id}")
        self._file, self._name = file, name
        self._cipher = AESGCM(key.derived(f"backup/{head[-_SALT:].hex()}"))
        self._held, self._number, self._ended = b"", 0, False

    def read(self, size: int = -1) -> bytes:
        """Give up to `size` plain bytes, all that is left when negative.

        Raises:
            BrokenSeal: a piece was changed, moved or left out, or the end is lacking.
        """
        parts, wanted = [], size
        while wanted != 0 and (self._held or self._next()):
            taken = self._held if wanted < 0 else self._held[:wanted]
            self._held = self._held[len(taken) :]
            parts.append(taken)
            wanted -= len(taken) if wanted > 0 else 0
        return b"".join(parts)

    def _next(self) -> bool:
        if self._ended:
            return False
        length = int.from_bytes(self._file.read(_LENGTH), "big")
        sealed = self._file.read(length) if _TAG <= length <= _PIECE + _TAG else b""
        if not sealed or len(sealed) != length:
            raise BrokenSeal(f"{self._name} is cut off, or was changed, after {self._number} MiB")
        for last in (False, True):
            try:
                self._held = self._cipher.decrypt(_nonce(self._number, last), sealed, MARK)
            except InvalidTag:
                continue
            self._number, self._ended = self._number + 1, last
            if last and self._file.read(1):
                raise BrokenSeal(f"{self._name} goes on after its end")
            return bool(self._held) or self._next()
        raise BrokenSeal(f"{self._name} was changed at {self._number} MiB")
