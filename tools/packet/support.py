"""What a set of evidence supports: an index of everything it states, asked one statement at a time."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Field
from tools.packet.normalising import collapsed, normalise
from tools.packet.segments import looks_like_segments, segment_statements
from tools.packet.statements import Statement, statements
from tools.packet.vocabulary import vocabulary

# Rows of a practice's CSV files: the comma parts cells there, never thousands.
_ROW_KINDS = frozenset({"authorization", "coverage", "contract"})
_ICD = re.compile(r"[A-Z]\d[0-9A-Z]\.?[0-9A-Z]{0,4}")
# The unit of a number that may be said in any unit.
ANY = "*"
_WITH_MODIFIERS = re.compile(r"[A-Z0-9]\d{3}[A-Z0-9](?:-[A-Z0-9]{2})+")
_NDC = re.compile(r"(\d{4,5})-(\d{3,4})-(\d{1,2})")


@dataclass
class Support:
    """Everything stated by some evidence: dates, numbers with their units, codes, words, and its quotes.

    A number that evidence states in a unit supports that unit only; one stated bare ("line 2") supports no unit
    at all; the value of a slot without a unit of its own may be said in any.
    """

    dates: set[str] = field(default_factory=set)
    numbers: dict[str, set[str]] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    quotes: list[str] = field(default_factory=list)

    def holds(self, statement: Statement) -> bool:
        """Tell whether the evidence states this exactly; units must agree where both have one."""
        key = statement.key
        match statement.kind:
            case "date":
                return key in self.dates
            case "month":
                return any(day.startswith(key) for day in self.dates)
            case "month-day":
                return any(day.endswith(key) for day in self.dates)
            case "number":
                units = self.numbers.get(key)
                if not statement.unit:
                    return units is not None or statement.text in self.codes
                return units is not None and bool(units & {statement.unit, ANY})
            case "reason":
                return key in self.reasons
            case "code":
                return bool(_spellings(key) & self.codes) or self._coded(key)
            case _:
                return key in self.words or ("-" in key and all(part in self.words for part in key.split("-")))

    def _coded(self, key: str) -> bool:
        """Tell whether a procedure code joined to its modifiers ("J9271-JZ") is known part by part."""
        return bool(_WITH_MODIFIERS.fullmatch(key)) and all(part in self.codes for part in key.split("-"))

    def quoted(self, passage: str) -> bool:
        """Tell whether `passage` stands verbatim in a quote, runs of blanks aside."""
        wanted = collapsed(passage)
        return any(wanted in quote for quote in self.quotes)

    def add_text(self, text: str) -> None:
        """Add everything a text states."""
        for statement in statements(text):
            self._add(statement)
        self._add_words(text)

    def add_value(self, slot: str, value: str) -> None:
        """Add a slot's value; a bare number takes the unit its slot is named for."""
        self._add_words(value)
        for statement in statements(value):
            unit = statement.unit or vocabulary().slot_unit(slot) or ANY
            self._add(Statement(statement.kind, statement.key, statement.text, unit))

    def add_fact(self, fact: Field) -> None:
        """Add an administrative fact; a bare number in it ("12 Main St") is an identifier, never a quantity."""
        unit = vocabulary().slot_unit(fact.label.replace(" ", "_"))
        self._add_words(fact.value)
        for statement in statements(fact.value):
            if statement.kind == "number" and not (statement.unit or unit):
                self.codes.add(statement.text)
            else:
                self._add(Statement(statement.kind, statement.key, statement.text, statement.unit or unit))

    def _add_words(self, text: str) -> None:
        plain = normalise(text).casefold()
        found = re.findall(r"[^\W_]+(?:[.'/+-][^\W_]+)*\+?", plain)
        self.words.update(found)
        self.words.update(part for word in found for part in re.split(r"[.'/+-]", word) if part)
        self.codes.update(word.upper() for word in found)

    def _add(self, statement: Statement) -> None:
        match statement.kind:
            case "date" | "month" | "month-day":
                self.dates.add(statement.key)
            case "number":
                self.numbers.setdefault(statement.key, set()).add(statement.unit)
            case "reason":
                self.reasons.add(statement.key)
            case "code":
                self.codes |= _forms(statement.key)
            case "word" | "name":
                self.words.add(statement.key)

    def add_evidence(self, item: Evidence) -> None:
        """Add a piece of evidence: what it says, its values, and its quote read as what it is."""
        self.add_text(item.says)
        for slot, value in item.values.items():
            self.add_value(slot, value)
        if item.kind == "policy":
            self._add_words(item.source.partition(" section ")[2])
        if item.quote is None:
            return
        self.quotes.append(collapsed(item.quote))
        if looks_like_segments(item.quote):
            for statement in segment_statements(item.quote):
                self._add(statement)
        elif item.kind in _ROW_KINDS:
            self.add_text(item.quote.replace(",", " ; "))
        else:
            self.add_text(item.quote)


def same_code(said: str, known: str) -> bool:
    """Tell whether a code said is the one known, in any of its spellings, or it without its modifiers."""
    return bool(_spellings(said) & _forms(known))


def _forms(code: str) -> set[str]:
    """Return what a code in evidence supports: its spellings, a procedure code without its modifiers."""
    parts = code.split("-") if _WITH_MODIFIERS.fullmatch(code) else []
    return _spellings(code).union(parts)


def _spellings(code: str) -> set[str]:
    """Return the ways one code is written: ICD with and without dot, NDC with and without dashes."""
    forms = {code}
    if _ICD.fullmatch(code):
        forms.add(code.replace(".", ""))
    if ndc := _NDC.fullmatch(code):
        forms.add(ndc[1].zfill(5) + ndc[2].zfill(4) + ndc[3].zfill(2))
    return forms


def support_of(evidence: Iterable[Evidence], facts: Iterable[Field] = (), texts: Iterable[str] = ()) -> Support:
    """Return what evidence, administrative facts and given texts state together."""
    support = Support()
    for item in evidence:
        support.add_evidence(item)
    for fact in facts:
        support.add_fact(fact)
    for text in texts:
        support.add_fact(Field(label="", value=text))
    return support


def by_id(evidence: Sequence[Evidence]) -> Mapping[str, Evidence]:
    """Return evidence by its id."""
    return {item.id: item for item in evidence}
