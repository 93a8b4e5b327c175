"""An edited Word file as the letter's content again: what a person may change, and what comes back as it went."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, unified_diff

from knowledge.types.letters import LetterContent, Paragraph, Table
from knowledge.types.practice import Frozen
from tools.packet.citations import cited_ids
from tools.packet.sentences import sentences
from tools.packet.word.archive import WordRefused
from tools.packet.word.outline import EDITABLE, WHOLE, Block, guide, letter_print, outline, reference, shown, table_rows
from tools.packet.word.reading import read_blocks

_REFERENCE = re.compile(r"Letter ([0-9a-f]{16}) of denial (\S+), for editing")
_WHOLE = re.compile(rf"\s*\[{WHOLE}\s*([^\]]*)\]\s*$")
_LONGEST_PARAGRAPH = 20_000
_LONGEST_LETTER = 60_000


class Edited(Frozen):
    """An edited letter: its content with the person's sentences named, and what changed, as a text to read."""

    content: LetterContent
    diff: str


def read_edit(data: bytes, before: LetterContent) -> Edited:
    """Return the letter of an edited Word file made from `before`; nothing in it has been verified yet.

    Raises:
        WordRefused: the file cannot be read whole, is of another letter, changes what comes from the records, or
            changes nothing.
    """
    blocks = read_blocks(data)
    _check_reference(blocks, before)
    if sum(len(block.text) for block in blocks) > _LONGEST_LETTER:
        raise WordRefused(f"the letter has more than {_LONGEST_LETTER:,} characters: enclose documents instead")
    parts = _sorted(_with_roles(blocks, before), before)
    _check_fixed(parts.fixed, before)
    _check_facts(parts.facts, before)
    after = _content(parts, before)
    diff = difference(before, after)
    if not diff:
        raise WordRefused("the letter is as it was made: nothing has been changed in it")
    return Edited(content=_told_apart(before, after), diff=diff)


def edit_of(
    before: LetterContent, *, subject: str, request: str, body: Sequence[tuple[str, str]], closing: str
) -> Edited:
    """Return the letter with these words in place of its own; nothing in it has been verified yet.

    `body` are heading and text of each paragraph, the text with its marks as `outline.shown` gives them; a paragraph
    left out is taken out. Everything else stays as it was: address, numbers, tables, signature. `diff` is blank where
    nothing differs.

    Raises:
        WordRefused: subject, request or every paragraph is missing, or a part goes on for too long.
    """
    kept = [(_plain(heading), _plain(text)) for heading, text in body if _plain(text)]
    if sum(len(text) for _, text in kept) > _LONGEST_LETTER:
        raise WordRefused(f"the letter has more than {_LONGEST_LETTER:,} characters: enclose documents instead")
    for text in (subject, request, closing, *(text for _, text in kept)):
        if len(text) > _LONGEST_PARAGRAPH:
            raise WordRefused(f"{text[:60]!r} goes on for {len(text):,} characters: no paragraph of a letter does")
    parts = _Parts(
        subject=[_plain(subject)] if _plain(subject) else [],
        request=[_plain(request)] if _plain(request) else [],
        closing=[_plain(closing)] if _plain(closing) else [],
        body=kept,
        tables=list(before.tables),
    )
    after = _content(parts, before)
    diff = difference(before, after)
    if not diff:
        return Edited(content=before, diff="")
    return Edited(content=_told_apart(before, after), diff=diff)


def difference(before: LetterContent, after: LetterContent) -> str:
    """Return what differs between two letters, sentence by sentence, as a text with lines of "-" and "+"."""
    lines = unified_diff(_lines(before), _lines(after), "as made", "as edited", n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith("@@"))


@dataclass
class _Parts:
    subject: list[str] = field(default_factory=list)
    request: list[str] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    facts: tuple[tuple[str, ...], ...] | None = None
    body: list[tuple[str, str]] = field(default_factory=list)  # heading, text
    tables: list[Table] = field(default_factory=list)


def _check_reference(blocks: Sequence[Block], before: LetterContent) -> None:
    found = next((match for block in blocks if (match := _REFERENCE.search(block.text))), None)
    if found is None:
        raise WordRefused(f"the line {reference(before)!r} is missing: without it nobody knows which letter this is")
    if found[2] != before.denial_id:
        raise WordRefused(f"this is the letter of denial {found[2]}, not of {before.denial_id}")
    if found[1] != letter_print(before):
        says = (
            "the letter was made or edited anew since this file was made: get the new one (overturn letter) and edit it"
        )
        raise WordRefused(says)


def _with_roles(blocks: Sequence[Block], before: LetterContent) -> Iterator[Block]:
    """Give each block its role: by its style, else by its words where an editor has dropped the styles."""
    known = {(block.role, _plain(block.text)) for block in outline(before)}
    roles = {
        text: role for role, text in known if role in ("fixed", "heading", "caption", "subject", "request", "closing")
    }
    for block in blocks:
        if _REFERENCE.fullmatch(block.text) or block.text == guide():
            continue
        own = block.role not in ("text", "notice")  # what was written into the notice is text like any other
        yield block if own else block.model_copy(update={"role": roles.get(block.text, "text")})


def _sorted(blocks: Iterator[Block], before: LetterContent) -> _Parts:
    parts, heading, facts = _Parts(), "", _facts_of(before)
    for block in blocks:
        match block.role:
            case "subject":
                parts.subject.append(block.text)
            case "request":
                parts.request.append(block.text)
            case "closing":
                parts.closing.append(block.text)
            case "fixed":
                parts.fixed.append(block.text)
            case "heading":
                heading = block.text
            case "table" if parts.facts is None and _alike(block.rows, facts):
                parts.facts = block.rows
            case "table":
                parts.tables.append(_table(block, before))
            case "caption":
                _check_caption(block.text, before)
            case _:
                _check_place(block.text, parts)
                parts.body.append((heading, block.text))
    return parts


def _check_place(text: str, parts: _Parts) -> None:
    if not parts.request and not parts.subject:
        raise WordRefused(f"{text[:60]!r} stands before the letter's subject: only sender, addressee and date do")
    if parts.closing:
        raise WordRefused(f"{text[:60]!r} stands after the closing: put it under one of the headings")
    if len(text) > _LONGEST_PARAGRAPH:
        raise WordRefused(f"{text[:60]!r} goes on for {len(text):,} characters: no paragraph of a letter does")


def _check_caption(text: str, before: LetterContent) -> None:
    if text not in {_plain(block.text) for block in outline(before) if block.role == "caption"}:
        raise WordRefused(f"the title of a table, {text[:60]!r}, was changed: tables are made from the evidence")


def _check_fixed(found: Sequence[str], before: LetterContent) -> None:
    wanted = [_plain(block.text) for block in outline(before) if block.role == "fixed"]
    for kind, first, last, at, to in SequenceMatcher(None, wanted, list(found), autojunk=False).get_opcodes():
        if kind != "equal":
            was, now = " / ".join(wanted[first:last]), " / ".join(found[at:to])
            says = f"{was!r} became {now!r}" if was and now else f"{was!r} is gone" if was else f"{now!r} was put in"
            where = "address, date, channel and signature come from the practice's and the payer's settings"
            raise WordRefused(f"a part that is not for editing was changed: {says}; {where}")


def _check_facts(found: tuple[tuple[str, ...], ...] | None, before: LetterContent) -> None:
    wanted = _facts_of(before)
    if found is None and wanted:
        raise WordRefused("the table of the claim's numbers under the subject is gone: put it back")
    for was, now in zip(wanted, found or (), strict=False):
        if was != now:
            raise WordRefused(f"{': '.join(was)} became {': '.join(now)}: the claim's numbers come from the records")
    if len(found or ()) != len(wanted):
        raise WordRefused("a row of the claim's numbers was taken out or put in: they come from the records")


def _facts_of(content: LetterContent) -> tuple[tuple[str, ...], ...]:
    return next((_plain_rows(block.rows) for block in outline(content) if block.role == "facts"), ())


def _table(block: Block, before: LetterContent) -> Table:
    known = [(table, _plain_rows(table_rows(table))) for table in before.tables]
    for table, rows in known:
        if rows == block.rows:
            return table
    for table, rows in known:
        if _alike(block.rows, rows):
            pairs = ((a, b) for was, now in zip(rows, block.rows, strict=False) for a, b in zip(was, now, strict=False))
            was, now = next(((a, b) for a, b in pairs if a != b), ("a row or column", "another number of them"))
            raise WordRefused(
                f"the table {table.title!r} was changed ({was!r} became {now!r}): tables are made from the evidence; "
                "take the whole table out, or leave it"
            )
    raise WordRefused("a table of your own cannot be verified: say it in sentences that name their evidence")


def _alike(found: Sequence[Sequence[str]], wanted: Sequence[Sequence[str]]) -> bool:
    """Tell whether a table is one of ours, perhaps changed: it has the same first column, or most of the same cells."""
    ours, theirs = {cell for row in wanted for cell in row if cell}, [cell for row in found for cell in row if cell]
    return bool(theirs) and sum(cell in ours for cell in theirs) * 2 >= len(theirs)


def _content(parts: _Parts, before: LetterContent) -> LetterContent:
    subject = " ".join(parts.subject).removeprefix("RE:").strip()
    request = " ".join(parts.request)
    if not subject or not request:
        raise WordRefused(f"the letter has no {'subject' if not subject else 'request'}: put it back")
    paragraphs = tuple(_paragraphs(parts.body, before))
    if not paragraphs:
        raise WordRefused("the letter has no sentence between its request and its closing")
    kept = [table for table in before.tables if table in parts.tables]
    if len(parts.tables) != len(kept):
        raise WordRefused("a table stands twice in the letter: take one out")
    headings = {one.heading for one in paragraphs}
    return before.model_copy(
        update={
            "subject": before.subject if subject == _plain(before.subject) else subject,
            "ask": before.ask if request == _plain(before.ask) else request,
            "closing": before.closing if " ".join(parts.closing) == _plain(before.closing) else " ".join(parts.closing),
            "paragraphs": paragraphs,
            "tables": tuple(_in_section(table, headings) for table in kept),
        }
    )


def _in_section(table: Table, headings: set[str]) -> Table:
    """A table whose section was renamed or taken out stands where tables without a section do."""
    return table if not table.section or table.section in headings else table.model_copy(update={"section": ""})


def _paragraphs(body: Sequence[tuple[str, str]], before: LetterContent) -> Iterator[Paragraph]:
    """Give the paragraphs: as they were where their words are the same, else as edited from the one most alike."""
    section, sectioned = "", []
    for one in before.paragraphs:
        section = one.heading or section
        sectioned.append((section, one))
    sectioned += [(one.heading, one) for one in before.set_aside]
    for heading, text in body:
        same = [one for where, one in sectioned if _plain(shown(one)) == text]
        if same:
            found = next((one for where, one in sectioned if one in same and where == heading), same[0])
            yield found.model_copy(update={"heading": heading})
            continue
        whole = _WHOLE.search(text)
        plain = _WHOLE.sub("", text)
        named = [id_.strip() for id_ in whole[1].split(",") if id_.strip()] if whole else []
        origin = _origin(plain, before)
        yield Paragraph(
            heading=heading,
            text=plain,
            evidence=tuple(dict.fromkeys((*named, *cited_ids(plain)))),
            written_by=origin.written_by if origin else "person",
        )


def _origin(text: str, before: LetterContent) -> Paragraph | None:
    """Find the paragraph of which a sentence still stands in an edited one."""
    kept = set(sentences(text))
    return next((one for one in before.paragraphs if kept & set(sentences(_plain(one.text)))), None)


def _told_apart(before: LetterContent, after: LetterContent) -> LetterContent:
    """Tell a person's sentences from the draft's, and keep what of the draft is in the letter no more."""
    drafted = [one for one in before.paragraphs if not _is_anothers(one, before)]
    stands = {one.text for one in after.paragraphs}
    aside = [one for one in (*before.set_aside, *drafted) if one.text not in stands]
    return after.model_copy(
        update={"person_wrote": _own_sentences(before, after), "set_aside": tuple(dict.fromkeys(aside))}
    )


def _is_anothers(one: Paragraph, content: LetterContent) -> bool:
    """Tell whether a person wrote a paragraph, or a sentence of it."""
    return one.written_by == "person" or any(sentence in content.person_wrote for sentence in sentences(one.text))


def _own_sentences(before: LetterContent, after: LetterContent) -> tuple[str, ...]:
    put_back = [one.text for one in after.paragraphs if one.text in {aside.text for aside in before.set_aside}]
    was = {sentence for text in (*_texts(before), *put_back) for sentence in sentences(text)}
    own = [sentence for text in _texts(after) for sentence in sentences(text) if sentence not in was]
    earlier = [sentence for text in _texts(after) for sentence in sentences(text) if sentence in before.person_wrote]
    return tuple(dict.fromkeys((*earlier, *own)))


def _texts(content: LetterContent) -> Iterator[str]:
    yield from (content.subject, content.ask, content.closing)
    for paragraph in content.paragraphs:
        yield paragraph.heading
        yield paragraph.text
        yield _plain(paragraph.text)


def _lines(content: LetterContent) -> list[str]:
    out: list[str] = []
    for block in outline(content):
        if block.role in EDITABLE:
            pieces = sentences(_WHOLE.sub("", block.text))
            out += [f"{block.role}: {piece}" for piece in pieces]
        elif block.role == "table":
            out.append(f"table: {block.text}")
    return out


def _plain(text: str) -> str:
    return " ".join(text.split())


def _plain_rows(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_plain(cell) for cell in row) for row in rows)
