"""A patient's loops in X12 files replaced by filler of the same length: every other byte stays where it stood."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast

import yaml

from agent.erasure.patient import Patient
from agent.erasure.traces import FILLER
from tools.denials.identity import squeeze
from tools.x12.delimiters import delimiters_of_isa

_PEOPLE = frozenset({"QC", "IL", "74"})
_ENDS_CLAIM = frozenset({"CLP", "LX", "TS2", "TS3", "PLB", "SE", "ST", "GE", "GS", "IEA", "ISA"})
_ENDS_LEVEL = frozenset({"HL", "SE", "ST", "GE", "GS", "IEA", "ISA"})
_PERSON_LEVELS = frozenset({"22", "23", "PT"})


class Part(NamedTuple):
    """One segment: where it stands in the text, its elements (tag first), and what separates them."""

    start: int
    end: int
    elements: tuple[str, ...]
    marks: str

    @property
    def tag(self) -> str:
        """Return its tag."""
        return self.elements[0]


Loop = list[Part]
Theirs = Callable[[Loop], bool]


def mask_x12(content: bytes, patient: Patient) -> bytes:
    """Return a remittance, claim or acknowledgement file with the patient's loops masked, as long as it was."""
    text = content.decode("latin-1")
    masked = bytearray(content)
    parts = list(_parts(text))
    for loop, keeps in (*_remit_claims(parts, patient), *_levels(parts, patient)):
        for part in loop:
            _fill(masked, part, keeps)
    return bytes(masked)


def _parts(text: str) -> Iterator[Part]:
    at, element, component, segment, repetition = 0, "*", ":", "~", ""
    while at < len(text):
        while at < len(text) and text[at] in "\r\n\t ":
            at += 1
        if text.startswith("ISA", at) and (found := delimiters_of_isa(text, at)) is not None:
            marks = found[0]
            element, component, segment, repetition = marks.element, marks.component, marks.segment, marks.repetition
            at = found[2] + 1
            continue
        end = text.find(segment, at)
        end = len(text) if end < 0 else end
        body = text[at:end]
        if body.strip():
            yield Part(at, end, tuple(body.split(element)), element + component + segment + repetition)
        at = end + 1


def _remit_claims(parts: list[Part], patient: Patient) -> Iterator[tuple[Loop, bool]]:
    """Give the patient's CLP loops, of which amounts stay."""
    loop: Loop = []
    for part in (*parts, Part(0, 0, ("SE",), "")):
        if part.tag in _ENDS_CLAIM:
            if loop and _is_theirs(loop, patient, _of(loop[0], 1), (_of(loop[0], 7),)):
                yield loop, True
            loop = []
        if part.tag == "CLP" or loop:
            loop.append(part)


def _levels(parts: list[Part], patient: Patient) -> Iterator[tuple[Loop, bool]]:
    """Give the patient's levels (HL) of claims and acknowledgements: the person's own segments, and their claims."""
    level: Loop = []
    for part in (*parts, Part(0, 0, ("SE",), "")):
        if part.tag in _ENDS_LEVEL:
            if level:
                yield from _of_level(level, patient)
            level = []
        if (part.tag == "HL" and _of(part, 3) in _PERSON_LEVELS) or level:
            level.append(part)


def _of_level(level: Loop, patient: Patient) -> Iterator[tuple[Loop, bool]]:
    head, claims = level, []
    starts = [at for at, part in enumerate(level) if part.tag == "CLM"]
    if starts:
        head = level[: starts[0]]
        claims = [level[at:end] for at, end in zip(starts, [*starts[1:], len(level)], strict=True)]
        own = [loop for loop in claims if _is_theirs([*head, *loop], patient, _of(loop[0], 1), ())]
        yield from ((loop, False) for loop in own)
        if len(own) == len(claims) or _is_theirs(head, patient, "", ()):
            yield head[1:], False
        return
    traces = [_of(part, 2) for part in level if part.tag in ("TRN", "REF")]
    if any(_is_theirs(level, patient, trace, ()) for trace in (*traces, "")):
        yield head[1:], False


def _is_theirs(loop: Loop, patient: Patient, claim: str, numbers: tuple[str, ...]) -> bool:
    """Tell by claim number and person: of a number that is theirs the person must not be another."""
    people = [part for part in loop if part.tag == "NM1" and _of(part, 1) in _PEOPLE]
    ids = {squeeze(_of(part, 9)) for part in people if _of(part, 9).strip()}
    names = {(" ".join(_of(p, 3).casefold().split()), " ".join(_of(p, 4).casefold().split())) for p in people}
    named = bool(names & patient.names)
    numbered = bool(claim.strip()) and squeeze(claim) in patient.claims
    numbered = numbered or any(number.strip() and squeeze(number) in patient.numbers for number in numbers)
    if numbered and (not people or not ids or ids & patient.members or named):
        return True
    return bool(ids & (patient.members - patient.shared)) or (named and bool(ids & patient.members))


def _of(part: Part, number: int) -> str:
    return part.elements[number] if number < len(part.elements) else ""


def _fill(masked: bytearray, part: Part, amounts_stay: bool) -> None:
    kept = _kept().get(part.tag, ()) if amounts_stay else ()
    at = part.start + len(part.elements[0])
    for number, element in enumerate(part.elements[1:], start=1):
        at += 1
        if kept != "all" and number not in kept:
            for place in range(at, at + len(element)):
                if chr(masked[place]) not in part.marks + "\r\n":
                    masked[place] = ord(FILLER)
        at += len(element)


@cache
def _kept() -> dict[str, tuple[int, ...] | Literal["all"]]:
    read = yaml.safe_load(Path(__file__).with_name("kept_elements.yaml").read_text(encoding="utf-8"))
    return {str(tag): "all" if kept == "all" else tuple(cast("list[int]", kept)) for tag, kept in dict(read).items()}
