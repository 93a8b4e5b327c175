"""Reads the keys of one YAML mapping as typed values; what does not fit is noted and becomes unknown."""

import re
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from knowledge.folder.located import Listing, Located, Mapping, Scalar
from knowledge.folder.notes import Notes
from knowledge.folder.written import as_amount, as_day, as_flag, as_whole


class Keys:
    """One mapping being read. `at` names it for people ("payer CASC1"); `finish` reports unread keys."""

    def __init__(self, mapping: Mapping, notes: Notes, at: str) -> None:
        self.mapping = mapping
        self.notes = notes
        self.at = at
        self._read: set[str] = set()

    def has(self, key: str) -> bool:
        """Tell whether `key` stands there with a value that is not null."""
        found = self.mapping.entries.get(key)
        return found is not None and not (isinstance(found, Scalar) and found.null)

    def null(self, key: str) -> bool:
        """Tell whether `key` stands there without a value."""
        return key in self.mapping.entries and not self.has(key)

    def line(self, key: str) -> int:
        """Give the line of `key`, or of the mapping when the key is missing."""
        return self.mapping.lines.get(key, self.mapping.line)

    def wrong(self, key: str, says: str) -> None:
        """Note that the value of `key` cannot be used."""
        self.notes.add("error", "value-wrong", f"{self.at}: {key}: {says}", self.line(key))

    def text(self, key: str) -> str:
        """Read a text as written, surrounding blanks removed; "" when missing or not a single value."""
        scalar = self._scalar(key)
        return scalar.text.strip() if scalar else ""

    def number_text(self, key: str, digits: Collection[int]) -> str:
        """Read an identifier made of digits, kept as text; a length not in `digits` is noted (lost zeros)."""
        text = self.text(key)
        plain = re.sub(r"[\s-]", "", text)
        if text and (not plain.isdigit() or len(plain) not in digits):
            expected = " or ".join(str(count) for count in sorted(digits))
            hint = "; a leading zero may be lost, write it in quotes" if plain.isdigit() else ""
            self.notes.add(
                "warning",
                "identifier-odd",
                f"{self.at}: {key}: {text!r} has not {expected} digits{hint}",
                self.line(key),
            )
        return text

    def whole(self, key: str) -> int | None:
        """Read a whole number of at least 0; None when missing or wrong."""
        scalar = self._scalar(key)
        if scalar is None:
            return None
        number = as_whole(scalar.text)
        if number is None:
            self.wrong(key, f"{scalar.text!r} is no whole number of 0 or more; it is unknown until corrected")
        return number

    def amount(self, key: str) -> Decimal | None:
        """Read a number of at least 0, exactly as written; None when missing or wrong."""
        scalar = self._scalar(key)
        if scalar is None:
            return None
        number = as_amount(scalar.text)
        if number is None:
            self.wrong(key, f"{scalar.text!r} is no plain number of 0 or more (like 400 or 12.50)")
        return number

    def flag(self, key: str) -> bool | None:
        """Read true or false; None when missing or wrong."""
        scalar = self._scalar(key)
        if scalar is None:
            return None
        flag = as_flag(scalar.text)
        if flag is None:
            self.wrong(key, f"{scalar.text!r} is neither true nor false; it is unknown until corrected")
        return flag

    def day(self, key: str) -> date | None:
        """Read a day written YYYY-MM-DD; None when missing or wrong."""
        scalar = self._scalar(key)
        if scalar is None:
            return None
        day = as_day(scalar.text)
        if day is None:
            self.wrong(key, f"{scalar.text!r} is no day; expected YYYY-MM-DD")
        return day

    def choice(self, key: str, allowed: Collection[str]) -> str | None:
        """Read one of `allowed` (upper and lower case alike); None when missing or another word."""
        scalar = self._scalar(key)
        if scalar is None:
            return None
        word = scalar.text.strip().lower()
        if word in allowed:
            return word
        self.wrong(key, f"{scalar.text!r} is not known; expected one of {', '.join(sorted(allowed))}")
        return None

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts; a single text counts as a list of one."""
        self._read.add(key)
        if not self.has(key):
            return ()
        found = self.mapping.entries[key]
        if isinstance(found, Scalar):
            return (found.text.strip(),)
        if isinstance(found, Mapping):
            self.wrong(key, "expected a list of texts, found keys")
            return ()
        words = tuple(item.text.strip() for item in found.items if isinstance(item, Scalar) and not item.null)
        if len(words) < len(found.items):
            self.wrong(key, f"{len(found.items) - len(words)} of its entries are no text and left out")
        return words

    def within(self, key: str) -> "Keys | None":
        """Enter a mapping; None when missing or something else."""
        self._read.add(key)
        if not self.has(key):
            return None
        found = self.mapping.entries[key]
        if isinstance(found, Mapping):
            return Keys(found, self.notes, f"{self.at}: {key}")
        self.wrong(key, "expected keys below it")
        return None

    def each(self, key: str) -> tuple["Keys", ...]:
        """Enter every mapping of a list; entries of another form are noted and left out."""
        self._read.add(key)
        if not self.has(key):
            return ()
        found = self.mapping.entries[key]
        if not isinstance(found, Listing):
            self.wrong(key, "expected a list (entries beginning with -)")
            return ()
        return mappings(found, self.notes, f"{self.at}: {key}")

    def finish(self, *tolerated: str) -> None:
        """Report the keys nobody read, once, as information."""
        for key in self.mapping.entries:
            if key not in self._read and key not in tolerated:
                says = f"{self.at}: key {key!r} is not known and left alone"
                self.notes.add("info", "unknown-key", says, self.mapping.lines[key])

    def _scalar(self, key: str) -> Scalar | None:
        self._read.add(key)
        if not self.has(key):
            return None
        found = self.mapping.entries[key]
        if isinstance(found, Scalar):
            return found
        self.wrong(key, "expected a single value, found a list or keys")
        return None


def mappings(listing: Listing, notes: Notes, at: str) -> tuple[Keys, ...]:
    """Enter every mapping of a list; entries of another form are noted and left out."""
    found = []
    for number, item in enumerate(listing.items, 1):
        name = f"{at} {number}"
        if isinstance(item, Mapping):
            found.append(Keys(item, notes, name))
        else:
            notes.add("error", "value-wrong", f"{name}: expected keys, found {_form(item)}", item.line)
    return tuple(found)


def _form(value: Located) -> str:
    if isinstance(value, Scalar):
        return "nothing" if value.null else f"{value.text[:40]!r}"
    return "a list" if isinstance(value, Listing) else "keys"
