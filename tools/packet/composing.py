"""Compose a letter from a case: fixed wording, slots filled from evidence, each sentence cited and held to it.

A sentence that cannot be filled, or that says what no evidence states, is left out. When it is a core sentence,
there is no letter: the case goes to a person.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from knowledge.types.evidence import Evidence, EvidenceKind
from knowledge.types.letters import LetterCase, LetterContent, LetterKind, Paragraph, Table
from tools.packet.law import law_sentences, with_law
from tools.packet.letterhead import frame
from tools.packet.printing import dates_in_words
from tools.packet.support import Support, support_of
from tools.packet.verification import Unsupported, administrative, is_factual, unsupported_in, verify
from tools.packet.wording import SLOT, LetterWording, Section, Sentence, wording_for

_REQUESTS: dict[LetterKind, str] = {
    "reconsideration": "Request for reconsideration",
    "appeal": "Appeal",
    "authorization_request": "Authorization request",
    "reopening": "Request for reopening",
    "records_response": "Response to records request",
    "payment_dispute": "Payment dispute",
    "other_payer_notice": "Claim for primary payment",
    "corrected_claim_notice": "Corrected claim",
}
_CORRECTIONS: dict[LetterKind, str] = {
    "reopening": "reopen the claim and correct it",
    "corrected_claim_notice": "process the corrected claim",
}
"""What a payer is asked to do: one that takes no replacement claims corrects the claim it has."""
# Kinds of evidence a table of doses and units is made from: shown with it wherever they state any of it.
_OF_THE_DOSE = frozenset({"chart", "claim", "calculation", "remit"})
_LONG_WORD = re.compile(r"[a-z]{4,}")
_ONE = re.compile(r"(?<![\d.,])1 (unit|dose|vial|day|week)s\b")
_CLOSING = "Please call if anything further is needed before a decision is made."


class LetterIncomplete(ValueError):
    """The letter cannot be written from the evidence: a person must complete the case.

    `missing` names the slots that a core part needs; `unsupported` what it says that no evidence states.
    """

    def __init__(
        self, cause: str, kind: str, missing: Iterable[str] = (), unsupported: Iterable[Unsupported] = ()
    ) -> None:
        self.missing = tuple(dict.fromkeys(missing))
        self.unsupported = tuple(unsupported)
        reasons = [f"no value for {', '.join(self.missing)}"] if self.missing else []
        reasons += [f"{u.where}: {u.text!r} {u.says}" for u in self.unsupported]
        says = "; ".join(reasons) or "there is no wording for it"
        super().__init__(f"The {kind.replace('_', ' ')} letter for {cause} cannot be written: {says}.")


# What a sentence says and some evidence does not: its kind and its words.
_Problem = tuple[str, str]


@dataclass(frozen=True)
class _Said:
    """A sentence as said, with its citation, and the ids cited."""

    text: str
    ids: tuple[str, ...]


def compose(case: LetterCase) -> LetterContent:
    """Return the letter for a case, a draft to be signed, every word of it supported by `case.evidence`.

    Raises LetterIncomplete when there is no wording for this cause and kind, when a core sentence lacks a value,
    or when anything in the finished letter, its tables included, does not stand in the evidence.
    """
    wording = wording_for(case.root_cause, case.kind)
    if wording is None:
        raise LetterIncomplete(case.root_cause, case.kind)
    blank = frame(case)
    writer = _Writer(case, wording, administrative(blank))
    content = blank.model_copy(
        update={
            "subject": writer.line(wording.subject),
            "ask": writer.ask(),
            "paragraphs": with_law([p for one in wording.sections for p in writer.section(one)], *writer.law()),
            "tables": tuple(writer.sourced(_placed(table, wording)) for table in case.tables),
            "closing": wording.closing or _CLOSING,
        }
    )
    unsupported = verify(content, case.evidence, case.facts)
    if unsupported:
        raise LetterIncomplete(case.root_cause, case.kind, unsupported=unsupported)
    return content


class _Writer:
    def __init__(self, case: LetterCase, wording: LetterWording, given: tuple[str, ...]) -> None:
        self.case = case
        self.wording = wording
        self.given = given
        self.slots = _slots(case)
        self.supports = {item.id: support_of([item]) for item in case.evidence}

    def line(self, text: str) -> str:
        """Fill a line that must be said; LetterIncomplete names the slots that have no value."""
        missing = [slot for slot in SLOT.findall(text) if slot not in self.slots]
        if missing:
            raise LetterIncomplete(self.case.root_cause, self.case.kind, missing)
        return _filled(text, self.slots)

    def ask(self) -> str:
        """Fill the first request whose condition holds; LetterIncomplete when none can be made."""
        applying = [sentence.text for sentence in self.wording.ask if self._applies(sentence)]
        filled = [text for text in applying if all(slot in self.slots for slot in SLOT.findall(text))]
        return self.line((filled or applying or [self.wording.ask[-1].text])[0])

    def section(self, section: Section) -> list[Paragraph]:
        """Write a section's paragraphs; one of which nothing can be said is left out."""
        out: list[Paragraph] = []
        for sentences in section.paragraphs:
            said = [one for sentence in sentences if (one := self._sentence(sentence)) is not None]
            ids = tuple(dict.fromkeys(id_ for one in said for id_ in one.ids))
            text = " ".join(one.text for one in said)
            if text and (ids or not is_factual(text)):
                out.append(Paragraph(heading=section.heading, text=text, evidence=ids))
            elif text and out:
                # It draws a conclusion from the paragraph before, and so stands on what that one cites.
                out[-1] = out[-1].model_copy(update={"text": f"{out[-1].text} {text}"})
            elif any(sentence.core for sentence in sentences):
                raise LetterIncomplete(self.case.root_cause, self.case.kind, [f"evidence for {text!r}"])
        return out

    def law(self) -> tuple[list[Paragraph], list[Paragraph]]:
        """Write what the letter says of the law: what closes its argument, and what opens its request."""
        placed: dict[str, list[Paragraph]] = {"argument": [], "request": []}
        for one in law_sentences():
            if self.case.kind not in one.kinds or (one.causes and self.case.root_cause not in one.causes):
                continue
            wanted = Sentence(text=one.say, rests_on=("authority",), when=dict.fromkeys(one.when, ()))
            if self._applies(wanted) and (said := self._sentence(wanted)) is not None:
                placed[one.place].append(Paragraph(text=said.text, evidence=said.ids))
        return placed["argument"], placed["request"]

    def sourced(self, table: Table) -> Table:
        """Keep of a table's sources those that state something of it: what shows nothing of it need not go along."""
        texts = [table.title, *table.columns, *(cell for row in table.rows for cell in row)]
        if not table.evidence or self.case.kind == "records_response":
            return table
        carried = {id_: set[_Problem]() for id_ in table.evidence if id_ in self.supports}
        for text in texts:
            every = self._carried(text)
            for id_, stated in carried.items():
                stated |= every[id_]
        first = [item.id for item in self.case.evidence if item.id in carried and item.kind in _OF_THE_DOSE]
        covered = set[_Problem]().union(*(carried[id_] for id_ in first)) if first else set()
        kept = {id_ for id_ in first if carried[id_]}
        for id_ in (id_ for id_ in table.evidence if id_ in carried and id_ not in kept):
            if carried[id_] - covered:
                kept.add(id_)
                covered |= carried[id_]
        trimmed = table.model_copy(update={"evidence": tuple(id_ for id_ in table.evidence if id_ in kept)})
        fits = kept and not unsupported_in_table(trimmed, self.case, self.given)
        return trimmed if fits else table

    def _sentence(self, sentence: Sentence) -> _Said | None:
        texts = [sentence.text] if self._applies(sentence) else []
        texts += [sentence.alternative] if sentence.alternative else []
        problems: list[Unsupported] = []
        for text in texts:
            if any(slot not in self.slots for slot in SLOT.findall(text)):
                continue
            said, unsupported = self._cited(_filled(text, self.slots), sentence.rests_on)
            if said is not None:
                return said
            problems += unsupported
        if sentence.core:
            missing = [s for s in (*SLOT.findall(sentence.text), *sentence.when) if s not in self.slots]
            raise LetterIncomplete(self.case.root_cause, self.case.kind, missing, problems)
        return None

    def _applies(self, sentence: Sentence) -> bool:
        for slot, values in sentence.when.items():
            value = self.slots.get(slot)
            allowed = [_substituted(text, self.slots) for text in values]
            if value is None or (values and value not in allowed):
                return False
        return True

    def _cited(self, text: str, kinds: tuple[EvidenceKind, ...]) -> tuple[_Said | None, tuple[Unsupported, ...]]:
        """Cite the fewest pieces of evidence that carry `text`, preferred kinds first; None = it is not said."""
        carried = self._carried(text)
        ranked = sorted(self.case.evidence, key=lambda item: self._rank(text, item, carried))
        # What it rests on: the best piece of each preferred kind; of any use only when something is stated.
        stated = any(carried.values())
        chosen = [
            best
            for kind in kinds
            if (best := next((e for e in ranked if e.kind == kind and (carried[e.id] or not stated)), None))
        ]
        covered = {problem for item in chosen for problem in carried[item.id]}
        for item in sorted(ranked, key=lambda e: e.kind not in kinds):
            if item.kind not in kinds and not self._open(text, chosen):
                break
            if carried[item.id] - covered:
                chosen.append(item)
                covered |= carried[item.id]
        if open_ := self._open(text, chosen):
            return None, open_
        order = [item.id for item in self.case.evidence if item in chosen]
        mark = f" [{', '.join(order)}]" if order else ""
        return _Said(text=f"{text[:-1]}{mark}{text[-1]}", ids=tuple(order)), ()

    def _carried(self, text: str) -> dict[str, set[_Problem]]:
        """Return what each piece of evidence states of the checkable things in `text`."""
        wanted = _problems(unsupported_in(text, Support()))
        return {id_: wanted - _problems(unsupported_in(text, one)) for id_, one in self.supports.items()}

    def _rank(self, text: str, item: Evidence, carried: Mapping[str, set[_Problem]]) -> tuple[int, int]:
        """Order evidence for a sentence: what carries most of it first, then what shares most words with it."""
        words = set(_LONG_WORD.findall(text.casefold()))
        shared = words & set(_LONG_WORD.findall(f"{item.says} {item.quote or ''}".casefold()))
        return -len(carried[item.id]), -len(shared)

    def _open(self, text: str, chosen: list[Evidence]) -> tuple[Unsupported, ...]:
        return unsupported_in(text, support_of(chosen, self.case.facts, self.given))


def unsupported_in_table(table: Table, case: LetterCase, given: tuple[str, ...]) -> tuple[Unsupported, ...]:
    """Return what a table says beyond the evidence it names."""
    support = support_of([item for item in case.evidence if item.id in table.evidence], case.facts, given)
    texts = (table.title, table.section, *table.columns, *(cell for row in table.rows for cell in row))
    return tuple(fault for text in texts for fault in unsupported_in(text, support))


def _problems(unsupported: Iterable[Unsupported]) -> set[_Problem]:
    return {(u.kind, u.text) for u in unsupported}


def _slots(case: LetterCase) -> dict[str, str]:
    """Merge slots, the case's own first; a slot on which pieces of evidence disagree is no slot."""
    found: dict[str, set[str]] = {}
    for item in case.evidence:
        for slot, value in item.values.items():
            found.setdefault(slot, set()).add(value)
    slots = {slot: values.pop() for slot, values in found.items() if len(values) == 1}
    for fact in case.facts:
        slots.setdefault(re.sub(r"\W+", "_", fact.label.casefold()).strip("_"), fact.value)
    slots |= case.values
    slots.setdefault("amount", f"${case.amount:,.2f}")
    slots |= {"payer_name": case.payer_name, "request": _REQUESTS[case.kind]}
    slots |= {"has_table": "yes"} if case.tables else {}
    slots |= {"correction": _CORRECTIONS[case.kind]} if case.kind in _CORRECTIONS else {}
    return {slot: value.strip() for slot, value in slots.items() if value.strip()}


def _substituted(text: str, slots: Mapping[str, str]) -> str:
    return SLOT.sub(lambda match: slots.get(match.group(1), ""), text)


def _filled(text: str, slots: Mapping[str, str]) -> str:
    """Fill the slots and print the result as a sentence: dates in words, a singular after 1, a capital first."""
    filled = " ".join(dates_in_words(_substituted(text, slots)).split())
    filled = _ONE.sub(r"1 \1", filled)
    return filled[0].upper() + filled[1:] if filled else filled


def _placed(table: Table, wording: LetterWording) -> Table:
    """Put a table that names no section under the one that shows the record: the second, when there are two."""
    if table.section:
        return table
    headings = [section.heading for section in wording.sections]
    return table.model_copy(update={"section": headings[min(1, len(headings) - 1)]})
