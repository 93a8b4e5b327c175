"""Find the four delimiters of an X12 interchange, from its ISA or, without one, from its segments."""

import re
from collections import Counter

from msgspec import Struct

_ISA_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_ISA_FIELDS = 16
_STRETCHED_ISA = 600  # an ISA padded beyond this is no ISA
_SAMPLE = 50_000
_TAGS = "GS|ST|BPR|TRN|N1|N3|N4|LX|CLP|CAS|NM1|SVC|DTM|REF|AMT|PLB|SE|BHT|HL|CLM|SV1|HI|SBR|DTP|STC|GE|IEA"
_FIRST_TAG = re.compile(rf"(?:^|[^A-Za-z0-9])({_TAGS})([^A-Za-z0-9 \t\r\n.,;()/'\"-])")
_AFTER_ISA = ("GS", "TA1", "ST", "IEA")
_BLANK = " \t\r\n"  # not str.isspace: the control characters 1C to 1F are delimiters, and Python calls them spaces


class Delimiters(Struct, frozen=True):
    """The characters that separate elements, components and repetitions, and the one that ends a segment."""

    element: str
    component: str
    segment: str
    repetition: str = ""


def delimiters_of_isa(text: str, at: int) -> tuple[Delimiters, list[str], int] | None:
    """Read the ISA that starts at `at`: delimiters, elements (ISA01 first) and where its terminator stands.

    By position when the ISA has the fixed 106 characters; by counting fields when it is shorter, stretched or
    wrapped. None when what stands there is no ISA.
    """
    element = text[at + 3 : at + 4]
    if not element or element.isalnum() or element in _BLANK:
        return None
    last = _sixteenth_separator(text, at, element)
    if last is None:
        return None
    fields = [field.strip("\r\n") for field in text[at:last].split(element)][1:]
    if not _plausible(fields):
        return None
    component, terminator_at = _tail(text, last + 1, element)
    terminator = text[terminator_at : terminator_at + 1]
    if not terminator or terminator.isalnum() or terminator in (element, component, " "):
        return None
    if terminator == "\r" and text[terminator_at + 1 : terminator_at + 2] == "\n":
        terminator, terminator_at = "\n", terminator_at + 1
    repetition = fields[10] if len(fields[10]) == 1 and not fields[10].isalnum() else ""
    return Delimiters(element, component or ":", terminator, repetition), [*fields, component], terminator_at


def _sixteenth_separator(text: str, at: int, element: str) -> int | None:
    if all(text[at + offset : at + offset + 1] == element for offset in _ISA_SEPARATORS):
        return at + _ISA_SEPARATORS[-1]
    position = at + 2
    for _ in range(_ISA_FIELDS):
        position = text.find(element, position + 1, at + _STRETCHED_ISA)
        if position < 0:
            return None
    return position


def _plausible(fields: list[str]) -> bool:
    """Tell an ISA from a name or a word: its usage letter, or its version and control number, fit."""
    version, control, usage = fields[11].strip(), fields[12].strip(), fields[14].strip()
    return usage in ("P", "T", "I") or (version.isdecimal() and control.isdecimal())


def _tail(text: str, at: int, element: str) -> tuple[str, int]:
    """Return ISA16 and the position of the terminator; ISA16 may be blank, and a line break may follow it."""
    after = at + 1
    following = _skip_newlines(text, after)
    tags = "|".join(_AFTER_ISA) + "|GE|SE|BPR|BHT"
    tag_follows = re.compile(f"(?:{tags}){re.escape(element)}")
    if tag_follows.match(text, following):
        # The character is the terminator if it ends a later segment too; else it is ISA16 before a line break.
        ends = re.compile(rf"{re.escape(text[at])}[\r\n]*(?:{tags}){re.escape(element)}")
        return ("", at) if following == after or ends.search(text, following) else (text[at], after)
    wrapped = following > after and not text[following : following + 1].isalnum()
    return text[at : at + 1], following if wrapped and following < len(text) else after


def _skip_newlines(text: str, at: int) -> int:
    while text[at : at + 1] in ("\r", "\n"):
        at += 1
    return at


def guess_delimiters(text: str) -> tuple[Delimiters, int] | None:
    """Find the delimiters of a file without an ISA, and where its first segment starts.

    The element separator is what follows the first segment tag; the terminator is the character that stands
    before most of the later tags. None when no character stands before at least two thirds of them.
    """
    sample = text[:_SAMPLE]
    first = _FIRST_TAG.search(sample)
    if first is None:
        return None
    element = first.group(2)
    before: Counter[str] = Counter()
    newlines = total = 0
    for match in re.finditer(rf"([^\r\n])([\r\n \t]*)(?:{_TAGS}){re.escape(element)}", sample[first.start(1) :]):
        if match.group(2) == "" and match.group(1).isalnum():
            continue
        total += 1
        newlines += "\n" in match.group(2) or "\r" in match.group(2)
        if not match.group(1).isalnum() and match.group(1) not in (element, " "):
            before[match.group(1)] += 1
    candidate, count = before.most_common(1)[0] if before else ("", 0)
    if total == 0:
        candidate = _closing_character(sample)
    elif count * 3 < total * 2:
        candidate = "\n" if newlines * 3 >= total * 2 else ""
    if not candidate:
        return None
    component = _component(sample, element, candidate)
    return Delimiters(element, component, candidate), first.start(1)


def _closing_character(sample: str) -> str:
    """A file of a single segment: its terminator can only be the last character, unless that is data."""
    last = sample.rstrip("\r\n \t")[-1:]
    return "\n" if last.isalnum() and sample.endswith("\n") else "" if last.isalnum() else last


def _component(sample: str, element: str, segment: str) -> str:
    """Read the component separator off the first SVC01, SV101, HI01 or STC01; else a colon."""
    tag = re.escape(element)
    match = re.search(rf"(?:SVC|SV1|HI|STC){tag}[A-Z0-9]{{2,3}}([^A-Za-z0-9 \t\r\n{tag}])", sample)
    return match.group(1) if match and match.group(1) != segment else ":"
