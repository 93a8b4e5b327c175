"""Hold a finished letter against its evidence: what it says and the evidence does not is unsupported.

Nothing is taken on trust but the administrative block (who writes to whom, the RE block, the signature).
Every date, number, code, name and quotation elsewhere must stand in the evidence that its sentence cites, or
in that block. The check fails closed: what it cannot place is unsupported.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Field, LetterContent, Paragraph, Table
from knowledge.types.practice import Frozen
from tools.packet.assertions import QUOTED, Frame, unproven
from tools.packet.citations import cited_ids, without_markers
from tools.packet.framing import strange_words
from tools.packet.law import stray_law
from tools.packet.normalising import describe, foreign_characters, hidden_characters, normalise
from tools.packet.sentences import sentences
from tools.packet.standings import standing_carried
from tools.packet.statements import Statement, statements
from tools.packet.support import Support, support_of
from tools.packet.vocabulary import vocabulary

UnsupportedKind = Literal["date", "number", "code", "name", "quote", "citation", "uncited", "character", "assertion"]


class Unsupported(Frozen):
    """Something a letter says that its evidence does not. `where` names the part of the letter."""

    kind: UnsupportedKind
    text: str
    where: str
    says: str


_KINDS: dict[str, UnsupportedKind] = {
    "date": "date", "month": "date", "month-day": "date", "number": "number",
    "code": "code", "reason": "code", "word": "number", "name": "name",
}  # fmt: skip


def verify(
    content: LetterContent, evidence: Sequence[Evidence], given: Sequence[Field] | None = None
) -> tuple[Unsupported, ...]:
    """Return everything in the letter that its evidence does not support; empty = it may be released.

    A paragraph is held against the evidence it cites; a sentence with citations of its own against those
    alone; the request, closing and uncited tables against all evidence. `given`, when passed, are the
    administrative facts as established elsewhere: each of the letter's own must then be one of them. A paragraph not
    written by the house's own wording is held sentence by sentence: each asserts only what it cites (see assertions).
    """
    return tuple(dict.fromkeys(_Check(content, evidence).run(given)))


def verify_text(
    text: str, evidence: Sequence[Evidence], facts: Sequence[Field] = (), furniture: Sequence[str] = ()
) -> tuple[Unsupported, ...]:
    """Return everything in a plain text that neither evidence nor `facts` support.

    For text taken out of a rendered letter: `furniture` are strings of the layout to pass over (page numbers
    are passed over anyway); citations as printed ("[Ex. 3, p. 7]") and as written ("[E3]") are no statements.
    """
    support = support_of(evidence, facts, furniture)
    for pattern in _FURNITURE:
        text = pattern.sub(" ", text)
    return tuple(dict.fromkeys(_unsupported(without_markers(text), support, "text")))


_FURNITURE = (
    re.compile(r"\[\s*Ex\.[^\]]*\]"),
    re.compile(r"Page \d+ of \d+"),
    re.compile(r"\bOVT-[A-Z0-9]+-\d{6}\b"),
)


class _Check:
    def __init__(self, content: LetterContent, evidence: Sequence[Evidence]) -> None:
        self.content = content
        self.evidence = {item.id: item for item in evidence}
        self.given = administrative(content)
        self.everything = support_of(evidence, content.facts, self.given)
        self._cited: dict[tuple[str, ...], Support] = {}

    def run(self, given: Sequence[Field] | None) -> Iterator[Unsupported]:
        content = self.content
        yield from self._administrative(given)
        for where, text in (
            ("subject", content.subject),
            ("request", content.ask),
            ("closing", content.closing),
        ):
            yield from self._unknown_ids(cited_ids(text), where)
            yield from _unsupported(without_markers(text), self.everything, where)
            yield from self._law(text, tuple(self.evidence), where)
            yield from self._framing(text, where)
        for number, paragraph in enumerate(content.paragraphs, start=1):
            yield from self._paragraph(paragraph, f"paragraph {number}")
        for number, table in enumerate(content.tables, start=1):
            yield from self._table(table, f"table {number}")
        yield from self._standing()

    def _administrative(self, given: Sequence[Field] | None) -> Iterator[Unsupported]:
        for text in (*self.given, *(f"{f.label} {f.value}" for f in self.content.facts)):
            yield from _characters(text, self.everything, "administrative block")
        if given is None:
            return
        known = {(f.label, f.value) for f in given}
        for fact in self.content.facts:
            if (fact.label, fact.value) not in known:
                says = f"{fact.label} {fact.value!r} is not among the facts the letter was composed from"
                yield Unsupported(kind="code", text=fact.value, where="administrative block", says=says)

    def _paragraph(self, paragraph: Paragraph, where: str) -> Iterator[Unsupported]:
        inline = cited_ids(paragraph.text)
        cited = tuple(dict.fromkeys((*paragraph.evidence, *inline)))
        yield from self._unknown_ids(cited, where)
        yield from _unsupported(paragraph.heading, self.everything, f"{where}, heading")
        yield from self._framing(paragraph.heading, f"{where}, heading")
        yield from self._law(paragraph.heading, (), f"{where}, heading")
        plain = without_markers(paragraph.text)
        if not any(id_ in self.evidence for id_ in cited) and is_factual(plain):
            says = "states a fact of the patient or the claim and cites no evidence"
            yield Unsupported(kind="uncited", text=plain[:80], where=where, says=says)
        yield from _characters(plain, self._support(cited), where)
        yield from _quotes(plain, self._support(cited), where)
        for sentence in sentences(paragraph.text):
            own = cited_ids(sentence)
            text = QUOTED.sub(" ", normalise(without_markers(sentence)))
            yield from _statements(text, self._support(own or cited), where)
            yield from self._law(without_markers(sentence), own or cited, where)
            if paragraph.written_by != "wording" or sentence in self.content.person_wrote:
                yield from self._assertions(sentence, own, where)

    def _framing(self, text: str, where: str) -> Iterator[Unsupported]:
        """Hold what a person wrote into subject, request, heading or closing to the words such parts are made of."""
        for sentence in sentences(text) if self.content.person_wrote else ():
            strange = strange_words(sentence, self.everything.words) if sentence in self.content.person_wrote else ()
            if strange:
                says = f"{', '.join(map(repr, strange))}: no words of a request, and no evidence has them"
                yield Unsupported(kind="assertion", text=sentence[:80], where=where, says=says)

    def _assertions(self, sentence: str, own: Sequence[str], where: str) -> Iterator[Unsupported]:
        cited = [self.evidence[id_] for id_ in own if id_ in self.evidence]
        for says in unproven(without_markers(sentence), cited, frame_of(self.content)):
            yield Unsupported(kind="assertion", text=without_markers(sentence)[:80], where=where, says=says)

    def _standing(self) -> Iterator[Unsupported]:
        standing = self.content.criteria
        for says in standing_carried(standing, tuple(self.evidence.values())) if standing else ():
            yield Unsupported(kind="assertion", text=says, where="criteria", says=says)

    def _table(self, table: Table, where: str) -> Iterator[Unsupported]:
        yield from self._unknown_ids(table.evidence, where)
        support = self._support(table.evidence) if table.evidence else self.everything
        for text in (
            table.title,
            table.section,
            *table.columns,
            *(cell for row in table.rows for cell in row),
        ):
            yield from _unsupported(text, support, where)
            yield from self._law(text, table.evidence or tuple(self.evidence), where)

    def _law(self, text: str, ids: Sequence[str], where: str) -> Iterator[Unsupported]:
        cited = [self.evidence[id_] for id_ in ids if id_ in self.evidence]
        for said in stray_law(without_markers(text), cited):
            says = "law is cited only from the authorities table, in force for this payer, or as a cited record has it"
            yield Unsupported(kind="citation", text=said, where=where, says=says)

    def _unknown_ids(self, ids: Sequence[str], where: str) -> Iterator[Unsupported]:
        for id_ in ids:
            if id_ not in self.evidence:
                yield Unsupported(kind="citation", text=id_, where=where, says=f"no evidence has the id {id_}")

    def _support(self, ids: Sequence[str]) -> Support:
        key = tuple(sorted(set(ids) & self.evidence.keys()))
        if key not in self._cited:
            chosen = [self.evidence[id_] for id_ in key]
            self._cited[key] = support_of(chosen, self.content.facts, self.given)
        return self._cited[key]


def unsupported_in(text: str, support: Support, where: str = "") -> tuple[Unsupported, ...]:
    """Return what one sentence, its citations taken out, says beyond `support`."""
    return tuple(dict.fromkeys(_unsupported(without_markers(text), support, where)))


def administrative(content: LetterContent) -> tuple[str, ...]:
    """Return the texts of the administrative block outside its facts: parties, date, signer, contact."""
    return (
        content.sender.name,
        *content.sender.lines,
        content.addressee.name,
        *content.addressee.lines,
        content.date.isoformat(),
        content.channel,
        content.level,
        content.contact,
        f"{content.signature.name}, {content.signature.role}",
        content.signature.npi,
        content.signature.signed,
        content.signature.signed_on.isoformat() if content.signature.signed_on else "",
        content.signature.approved,
    )


def frame_of(content: LetterContent) -> Frame:
    """Return what a freely written sentence of this letter may use beside the evidence it cites."""
    names = (content.addressee.name, content.sender.name)
    return Frame(facts=content.facts, names=names, criteria=content.criteria)


def is_factual(text: str) -> bool:
    """Tell whether a paragraph states something of a patient, a treatment or a claim, and so must cite."""
    found = {word.casefold() for word in re.findall(r"[A-Za-z']+", normalise(text))}
    if found & vocabulary().factual or '"' in normalise(text):
        return True
    return any(s.kind != "name" for s in statements(text))


def _unsupported(text: str, support: Support, where: str) -> Iterator[Unsupported]:
    yield from _characters(text, support, where)
    yield from _quotes(text, support, where)
    yield from _statements(QUOTED.sub(" ", normalise(text)), support, where)


def _statements(text: str, support: Support, where: str) -> Iterator[Unsupported]:
    for statement in statements(text):
        if not support.holds(statement):
            yield Unsupported(kind=_KINDS[statement.kind], text=statement.text, where=where, says=_why(statement))


def _why(statement: Statement) -> str:
    unit = f" {statement.unit}" if statement.unit and statement.unit != "$" else ""
    value = f"${statement.key}" if statement.unit == "$" else f"{statement.key}{unit}"
    return f"{value} does not stand in the evidence cited or in the administrative facts"


def _quotes(text: str, support: Support, where: str) -> Iterator[Unsupported]:
    plain = normalise(text)
    if plain.count('"') % 2:
        yield Unsupported(kind="quote", text=plain[:80], where=where, says="a quotation mark has no partner")
    for match in QUOTED.finditer(plain):
        passage = (match[1] if match[1] is not None else match[2]).strip()
        # A comma or full stop set inside the marks belongs to the sentence, not to the source.
        if not passage or not (support.quoted(passage) or support.quoted(passage.rstrip(".,"))):
            says = "the quoted words do not stand so in a quote of the evidence cited"
            yield Unsupported(kind="quote", text=passage, where=where, says=says)


def _characters(text: str, support: Support, where: str) -> Iterator[Unsupported]:
    for char in hidden_characters(text):
        says = f"{describe(char)} cannot be seen and may hide something"
        yield Unsupported(kind="character", text=describe(char), where=where, says=says)
    for word in normalise(text).split():
        strange = foreign_characters(word)
        if strange and word.strip(".,;:()[]\"'").casefold() not in support.words:
            says = f"{describe(strange[0])} in {word!r} may pass for a Latin letter or a plain digit"
            yield Unsupported(kind="character", text=word, where=where, says=says)
