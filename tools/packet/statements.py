"""Find what can be checked in a text: dates, amounts, numbers, codes, identifiers, names, quotations.

Each finder takes what it recognises out of the text, so that nothing is read twice: a date is not also
three numbers. What no finder takes is plain language.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from tools.packet.normalising import normalise
from tools.packet.vocabulary import Vocabulary, vocabulary

Kind = Literal["date", "month", "month-day", "number", "code", "reason", "word", "name"]


@dataclass(frozen=True)
class Statement:
    """One checkable thing as `text` wrote it; `key` is its value in one form, `unit` of a number or ""."""

    kind: Kind
    key: str
    text: str
    unit: str = ""


_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_MONTH_OF = {name: i for i, name in enumerate(_MONTHS, 1)} | {name[:3]: i for i, name in enumerate(_MONTHS, 1)}
_MONTH_OF["sept"] = 9
_MONTH = r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|" + (
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_DATE_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<![\w/.-])(?P<year>\d{4})-(?P<m>\d{2})-(?P<day>\d{2})(?![\w/-])",
        r"(?<![\w/.-])(?P<year>\d{4})/(?P<m>\d{1,2})/(?P<day>\d{1,2})(?![\w/-])",
        r"(?<![\w/.-])(?P<m>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}|\d{2})(?![\w/-])",
        r"(?<![\w/.-])(?P<m>\d{1,2})-(?P<day>\d{1,2})-(?P<year>\d{4})(?![\w/-])",
        rf"\b{_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}\b",
        rf"(?<![\w.-]){_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}\b",
        rf"(?<![\w.-]){_DAY}-{_MONTH}-{_YEAR}\b",
    )
)
_COMPACT_DATE = re.compile(r"(?<![\w.-])(?P<year>(?:19|20)\d{2})(?P<m>\d{2})(?P<day>\d{2})(?![\w-])")
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+{_DAY}\b(?!\s*,?\s*\d{{4}})", re.IGNORECASE)
_MONTH_YEAR = re.compile(rf"\b{_MONTH},?\s+(?:of\s+)?{_YEAR}\b", re.IGNORECASE)
_REASON = re.compile(r"\b(?P<group>CO|PR|OA|PI|CR)\s?-\s?(?P<carc>[A-Z]?\d{1,3})\b")
_EVERY = re.compile(r"\bq\s?(?P<n>\d{1,3})\s?(?P<unit>d|w|wk|wks|h|days|weeks)\b", re.IGNORECASE)
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_MONEY = re.compile(rf"(?P<sign>-?)\$\s?(?P<figure>{_FIGURE})(?![\w,]*\d)")
_UNIT_WORD = r"%|mg/m[2²]|mg/kg|mg/ml|m[2²](?!\w)|[A-Za-zμ]+"
_NUMBER = re.compile(
    rf"(?<![\w./$:-])(?P<figure>{_FIGURE})(?:\s?-?\s?(?P<unit>{_UNIT_WORD}))?(?![\w/:]|[.,-]\d|-[A-Za-z])"
)
_CODE = re.compile(r"(?<![\w])[A-Za-z0-9](?:[\w./:#+-]*[\w#])?")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['-](?=[^\W\d_]))*")


class _Text:
    """A text from which findings are taken out as they are recognised."""

    def __init__(self, text: str) -> None:
        self.rest = text
        self.found: list[tuple[int, Statement]] = []

    def take(self, pattern: re.Pattern[str], read: Callable[[re.Match[str]], Statement | None]) -> None:
        for match in list(pattern.finditer(self.rest)):
            statement = read(match)
            if statement is not None:
                self.found.append((match.start(), statement))
                self.blank(match.start(), match.end())

    def blank(self, start: int, end: int) -> None:
        # A full stop keeps neighbours apart without looking like part of them.
        self.rest = self.rest[:start] + "\x00" * (end - start) + self.rest[end:]


def statements(text: str) -> tuple[Statement, ...]:
    """Return everything checkable in `text`, in order of appearance. The text is normalised first."""
    return tuple(statement for _, statement in placed_statements(text))


@lru_cache(maxsize=8192)
def placed_statements(text: str) -> tuple[tuple[int, Statement], ...]:
    """Return everything checkable with the place in the normalised text at which it starts."""
    words = vocabulary()
    reading = _Text(normalise(text))
    for form in _DATE_FORMS:
        reading.take(form, _date)
    reading.take(_COMPACT_DATE, _date)
    reading.take(_MONTH_DAY, _month_day)
    reading.take(_MONTH_YEAR, _month_year)
    reading.take(_REASON, lambda m: Statement("reason", f"{m['group']}-{m['carc']}", m[0]))
    reading.take(_EVERY, lambda m: _number(m["n"], words.unit(m["unit"]), m[0]))
    reading.take(_MONEY, lambda m: _number(m["sign"] + m["figure"], "$", m[0]))
    _take_numbers(reading, words)
    reading.take(_CODE, _code)
    _take_number_words(reading, words)
    _take_words(reading, words)
    return tuple(sorted(reading.found, key=lambda pair: pair[0]))


def _date(match: re.Match[str]) -> Statement | None:
    groups = match.groupdict()
    month = int(groups["m"]) if groups.get("m") else _MONTH_OF[groups["month"].casefold()]
    year = int(groups["year"])
    # Two-digit years are of this century: none of our documents is older.
    year += 2000 if year < 100 else 0
    try:
        day = date(year, month, int(groups["day"]))
    except ValueError:
        return None
    return Statement("date", day.isoformat(), match[0])


def _month_day(match: re.Match[str]) -> Statement | None:
    # "may 10" is a date only as "May 10".
    if not match["month"][0].isupper() or not 1 <= int(match["day"]) <= 31:
        return None
    return Statement("month-day", f"{_MONTH_OF[match['month'].casefold()]:02}-{int(match['day']):02}", match[0])


def _month_year(match: re.Match[str]) -> Statement | None:
    if not match["month"][0].isupper():
        return None
    return Statement("month", f"{match['year']}-{_MONTH_OF[match['month'].casefold()]:02}", match[0])


def decimal_key(figure: str) -> str | None:
    """Return a figure ("1,234.50") in one form ("1234.5"), or None when it is none."""
    try:
        value = Decimal(figure.replace(",", ""))
    except InvalidOperation:
        return None
    return f"{value.normalize():f}"


def _number(figure: str, unit: str, text: str) -> Statement | None:
    digits = figure.lstrip("-")
    if not unit and digits.isdigit() and (len(digits) > 6 or (digits[0] == "0" and len(digits) > 1)):
        return Statement("code", figure, text)  # an identifier: its leading zeros count, its size does not
    key = decimal_key(figure)
    return None if key is None else Statement("number", key, text, unit)


def _take_numbers(reading: _Text, words: Vocabulary) -> None:
    for match in list(_NUMBER.finditer(reading.rest)):
        end, unit = match.end("figure"), ""
        if match["unit"]:
            unit = words.unit(match["unit"])
            glued = match.start("unit") == match.end("figure")
            if glued and not unit:
                continue  # "2nd", "4e2", "99XYZ": a code, not a number with its unit
            end = match.end("unit") if unit else end
        if not unit:
            unit = _unit_after(reading.rest, match.end("figure"), words)
        statement = _number(match["figure"], unit, match.group(0) if unit else match["figure"])
        if statement is not None:
            reading.found.append((match.start(), statement))
            reading.blank(match.start(), end)


def _unit_after(text: str, at: int, words: Vocabulary) -> str:
    """Return the unit that follows a number, past words that do not change it ("200 billing units")."""
    for word in re.findall(r"^[\s-]*([A-Za-z-]+)[\s-]+([A-Za-z]+)", text[at : at + 60]):
        if word[0].casefold() in words.unit_qualifiers:
            return words.unit(word[1])
    return ""


def _code(match: re.Match[str]) -> Statement | None:
    text = match[0]
    return Statement("code", text.upper(), text) if any(c.isdigit() for c in text) else None


def _take_number_words(reading: _Text, words: Vocabulary) -> None:
    tokens = [(m[0].casefold(), m.start(), m.end()) for m in re.finditer(r"[A-Za-z]+", reading.rest)]
    at = 0
    while at < len(tokens):
        value, used = _spelled(reading.rest, tokens[at:], words)
        if not used:
            at += 1
            continue
        start, end = tokens[at][1], tokens[at + used - 1][2]
        following = tokens[at + used][0] if at + used < len(tokens) else ""
        unit = words.unit(following) or _unit_after(reading.rest, end, words)
        lone_one = used == 1 and value == 1
        if not (lone_one and not unit):
            text = reading.rest[start:end] + (f" {following}" if words.unit(following) else "")
            reading.found.append((start, Statement("number", str(value), text, unit)))
        reading.blank(start, end)
        at += used


def _spelled(text: str, tokens: list[tuple[str, int, int]], words: Vocabulary) -> tuple[int, int]:
    """Return the number spelled at the start of `tokens` and how many words it takes (0 = none)."""
    total = current = used = 0
    for i, (word, start, _) in enumerate(tokens):
        if i and text[tokens[i - 1][2] : start].strip() not in ("", "-"):
            break
        if word in words.number_words:
            current += words.number_words[word]
        elif word in words.number_scales and used:
            scale = words.number_scales[word]
            total, current = (total + current * scale, 0) if scale > 100 else (total, current * scale)
        elif word == "and" and used and i + 1 < len(tokens) and tokens[i - 1][0] in words.number_scales:
            if tokens[i + 1][0] not in words.number_words:
                break
            continue
        else:
            break
        used = i + 1
    return total + current, used


def _take_words(reading: _Text, words: Vocabulary) -> None:
    tokens = list(_WORD.finditer(reading.rest))
    for i, match in enumerate(tokens):
        text = match[0]
        following = tokens[i + 1][0].casefold() if i + 1 < len(tokens) else ""
        for statement in _word_statements(text, following, words):
            reading.found.append((match.start(), statement))


def _word_statements(text: str, following: str, words: Vocabulary) -> Iterator[Statement]:
    bare = text.removesuffix("'s")
    parts = [part for part in bare.split("-") if part]
    for part in (bare, *parts) if len(parts) > 1 else (bare,):
        low = part.casefold()
        if low in words.quantity_words or (low in words.ordinal_words and following in words.ordinal_nouns):
            yield Statement("word", low, part)
    if all(_plain(part, words) for part in parts):
        return
    yield Statement("name", bare.casefold(), text)


def _plain(word: str, words: Vocabulary) -> bool:
    low = word.casefold()
    if low in words.ordinary or low in words.factual or low in words.unit_of or len(word) == 1:
        return True
    if word.isupper():
        return word in words.capitals
    if word[0].isupper() or any(c.isupper() for c in word):
        return False
    return low not in words.drug_names and not (len(low) > 5 and low.endswith(words.drug_stems))
