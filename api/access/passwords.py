"""Passwords: hashed with argon2id, checked in the same time whether the user exists or not, refused when guessable."""

import re
import threading
from functools import cache
from importlib.resources import files

import yaml
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from pydantic import BaseModel

SHORTEST = 12
LONGEST = 200
_ENOUGH_LEFT = 6
_RUN = 4
_HASHER = PasswordHasher()
# One hash takes 64 MiB: a flood of sign-ins may not take the memory of the machine.
_AT_ONCE = threading.BoundedSemaphore(2)
_READ_AS = str.maketrans("013457@$!", "oieastasi")


class WeakPassword(ValueError):
    """A password that may not be set; the message says why."""


class _Words(BaseModel):
    words: list[str]
    runs: list[str]


@cache
def _words() -> _Words:
    text = files(__package__).joinpath("common_words.yaml").read_text(encoding="utf-8")
    found = _Words.model_validate(yaml.safe_load(text))
    found.words.sort(key=len, reverse=True)
    return found


def check_strength(password: str, *own: str) -> None:
    """Refuse a password that is short, or made of what people guess first; `own` are the user's login and name.

    Raises:
        WeakPassword: it may not be set.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(f"a password has at least {SHORTEST} characters; a few words that do not belong together do")
    if len(password) > LONGEST:
        raise WeakPassword(f"a password has at most {LONGEST} characters")
    if len(set(password)) < _ENOUGH_LEFT:
        raise WeakPassword("it repeats too few characters")
    if _uncommon(password, own) < _ENOUGH_LEFT:
        raise WeakPassword(
            "little is left of it without words, names and runs that are guessed first; choose other words"
        )


def hashed(password: str) -> str:
    """Hash a password (argon2id, the library's parameters)."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password is the one of a hash. Without a hash the answer is no, after the same work."""
    with _AT_ONCE:
        try:
            _HASHER.verify(stored or _nobodys(), password[:LONGEST])
        except (VerifyMismatchError, InvalidHashError):
            return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than today's, and should be made anew."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _HASHER.hash("the password of nobody")


def _uncommon(password: str, own: tuple[str, ...]) -> float:
    """Count what is left of a password without common words, own names and runs: letters whole, the rest half."""
    lowered = password.lower()
    left = lowered
    for run in _words().runs:
        left = _without_run(left, run)
    left = left.translate(_READ_AS)
    own_words = [word for text in own for word in re.split(r"[^a-z]+", text.lower()) if len(word) > 2]
    for word in [*sorted(own_words, key=len, reverse=True), *_words().words]:
        left = left.replace(word, " " * len(word))
    return sum(1 if typed.isalpha() else 0.5 for typed, kept in zip(lowered, left, strict=False) if kept != " ")


def _without_run(text: str, run: str) -> str:
    """Blank out every stretch of at least four characters that follow each other in `run`."""
    at = 0
    while at + _RUN <= len(text):
        length = 0
        while at + length < len(text) and text[at : at + length + 1] in run:
            length += 1
        if length >= _RUN:
            text = text[:at] + " " * length + text[at + length :]
        at += max(length, 1)
    return text
