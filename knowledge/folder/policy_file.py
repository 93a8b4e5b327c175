"""Reads policies/*.md: front matter that says when and for which drugs, then sections by heading."""

import re

from knowledge.folder.csv_records import lines_of
from knowledge.folder.keys import Keys
from knowledge.folder.located import Mapping, read_yaml
from knowledge.folder.notes import Notes
from knowledge.folder.written import as_codes
from knowledge.payers import PayerDirectory
from knowledge.types.practice import Policy, PolicySection
from knowledge.types.reading import ReadingFinding

_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*")
_FENCE = re.compile(r" {0,3}(```+|~~~+)")


def read_policy(
    text: str, file: str, payers: PayerDirectory | None = None
) -> tuple[Policy | None, tuple[ReadingFinding, ...]]:
    """Read one policy document; None, with the reason noted, when its front matter cannot be used.

    A payer named by an alias is written as the payer's own id. Section text stands as in the file, line
    ends as LF.
    """
    notes = Notes(file)
    lines = lines_of(text.removeprefix("\ufeff"))
    bounds = _front_matter(lines, notes)
    if bounds is None:
        return None, notes.findings
    first, last = bounds
    front = "\n".join(lines[first + 1 : last])
    document = read_yaml(front, notes, first + 2)
    if not isinstance(document, Mapping):
        if document is not None:
            says = "front matter must be keys (policy_id: ...)"
            notes.add("error", "front-matter-form", says, document.line)
        return None, notes.findings
    keys = Keys(document, notes, "policy")
    sections = cut_sections(lines, last + 1)
    return _policy(keys, front, sections, payers), notes.findings


def _front_matter(lines: list[str], notes: Notes) -> tuple[int, int] | None:
    """Find the indexes of the two lines that enclose the front matter; None, with the reason noted."""
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None:
        notes.add("warning", "file-empty", "empty; expected front matter and text")
        return None
    if lines[first].rstrip() != "---":
        says = "no front matter; expected ---, then policy_id, payer_id, drugs, effective_from, then ---"
        notes.add("error", "front-matter-missing", says, first + 1)
        return None
    last = next((at for at in range(first + 1, len(lines)) if lines[at].rstrip() in ("---", "...")), None)
    if last is None:
        notes.add("error", "front-matter-open", "front matter is not closed; expected a line ---", first + 1)
        return None
    return first, last


def _policy(
    keys: Keys, front: str, sections: tuple[PolicySection, ...], payers: PayerDirectory | None
) -> Policy | None:
    policy_id = keys.text("policy_id")
    payer_id = keys.text("payer_id")
    drugs = as_codes(" ".join(keys.texts("drugs")))
    title = keys.text("title") or next((section.heading for section in sections if section.heading), policy_id)
    effective_from, effective_to = keys.day("effective_from"), keys.day("effective_to")
    supersedes = keys.text("supersedes")
    keys.finish()
    # An end that cannot be read is not an open end: the version could be cited on a day it was not in force.
    unreadable = [
        name
        for name, day in (("effective_from", effective_from), ("effective_to", effective_to))
        if day is None and keys.has(name)
    ]
    missing = [name for name, text in (("policy_id", policy_id), ("payer_id", payer_id)) if not text]
    if missing or unreadable:
        which = ", ".join((*missing, *unreadable))
        says = f"{which} missing or not readable; the document is left out until corrected"
        keys.notes.add("error", "policy-unread", says, keys.mapping.line)
        return None
    for name, empty in (("drugs", not drugs), ("effective_from", effective_from is None)):
        if empty:
            says = f"{policy_id}: {name} is not given; the policy cannot be cited for any claim"
            keys.notes.add("warning", "policy-incomplete", says, keys.line(name))
    if effective_from and effective_to and effective_to < effective_from:
        says = f"{policy_id}: effective_to {effective_to} is before effective_from {effective_from}"
        keys.notes.add("warning", "end-before-start", says, keys.line("effective_to"))
    return Policy(
        source=f"{keys.notes.file}:{keys.mapping.line}",
        raw=front,
        policy_id=policy_id,
        title=title,
        payer_id=_payer_id(keys, payer_id, payers),
        drugs=drugs,
        effective_from=effective_from,
        effective_to=effective_to,
        supersedes=supersedes,
        sections=sections,
    )


def _payer_id(keys: Keys, payer_id: str, payers: PayerDirectory | None) -> str:
    if payers is None:
        return payer_id
    match = payers.find(payer_id)
    if match.payer is not None:
        return match.payer.id
    keys.notes.add("warning", "payer-unknown", f"policy: payer_id: {match.says}", keys.line("payer_id"))
    return payer_id


def cut_sections(lines: list[str], start: int = 0) -> tuple[PolicySection, ...]:
    """Cut markdown lines from index `start` at their headings (# or underlined), none within fenced code.

    `line` counts from 1 in the whole file. Text before the first heading has an empty heading. Text is
    verbatim, without blank lines around it.
    """
    heads = _headings(lines, start)
    if not heads or heads[0][0] > start:
        heads.insert(0, (start, start, ""))
    sections = []
    for number, (at, body, heading) in enumerate(heads):
        end = heads[number + 1][0] if number + 1 < len(heads) else len(lines)
        text = _trimmed(lines[body:end])
        if heading or text:
            line = at + 1 if heading else at + 1 + _blank_before(lines[body:end])
            sections.append(PolicySection(heading=heading, text=text, line=line))
    return tuple(sections)


def _headings(lines: list[str], start: int) -> list[tuple[int, int, str]]:
    """List headings as (first line index, index of the text below, words)."""
    found: list[tuple[int, int, str]] = []
    fence = ""
    for at in range(start, len(lines)):
        line = lines[at]
        marker = _FENCE.match(line)
        if marker:
            if not fence:
                fence = marker[1]
            elif marker[1].startswith(fence):
                fence = ""
            continue
        if fence:
            continue
        hashed = _HEADING.fullmatch(line)
        if hashed and (hashed[1] or "").strip():
            found.append((at, at + 1, hashed[1].strip()))
        elif _UNDERLINE.fullmatch(line) and _can_be_underlined(lines, at, start):
            found.append((at - 1, at + 1, lines[at - 1].strip()))
    return found


def _can_be_underlined(lines: list[str], at: int, start: int) -> bool:
    """Tell whether the line above is a one-line paragraph: an underline below it makes it a heading."""
    above = lines[at - 1] if at - 1 >= start else ""
    before = lines[at - 2] if at - 2 >= start else ""
    plain = bool(above.strip()) and not above.startswith(("#", "    ", "\t", "|", "-", "*", ">", "+"))
    return plain and not before.strip()


def _blank_before(lines: list[str]) -> int:
    return next((at for at, line in enumerate(lines) if line.strip()), 0)


def _trimmed(lines: list[str]) -> str:
    first = _blank_before(lines)
    last = len(lines)
    while last > first and not lines[last - 1].strip():
        last -= 1
    return "\n".join(lines[first:last])
