"""Set proven sentences of an argument into a letter: code writes the rest, and holds the whole once more.

An argument is what somebody freely wrote, a model or a person. Only sentences that stand by what they cite enter; a
section of which none is left takes the house's wording, and without any argument left the whole letter does.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterCase, LetterContent, Paragraph, WrittenBy
from knowledge.types.practice import Frozen
from tools.packet.assertions import Frame, unproven
from tools.packet.citations import without_markers
from tools.packet.composing import LetterIncomplete, compose
from tools.packet.sentences import sentences
from tools.packet.standings import CRITERIA
from tools.packet.support import support_of
from tools.packet.verification import unsupported_in, verify

ArgumentSection = Literal["clinical_history", "criteria", "rebuttal"]

HEADINGS: dict[ArgumentSection, str] = {
    "clinical_history": "Clinical history",
    "criteria": CRITERIA,
    "rebuttal": "Why the stated reason does not hold",
}
CORE: frozenset[ArgumentSection] = frozenset({"criteria", "rebuttal"})
"""Sections of which one must be left: a history alone argues nothing."""
SPEAKING = frozenset({"chart", "authorization"})
"""Evidence that can speak against a denial; claim, remittance, policy and the payer's settings only say what it is."""
WORDING = "clinical-argument"
_LONGEST = 600


class ArgumentSentence(Frozen):
    """One sentence of an argument, its section, and the ids of the evidence it cites."""

    section: ArgumentSection
    text: str
    evidence: tuple[str, ...]


def single_sentences(sentence: ArgumentSentence) -> tuple[ArgumentSentence, ...]:
    """Cut what was given as one sentence into sentences; each cites the same. Markers written in the text go."""
    texts = sentences(" ".join(without_markers(sentence.text).split()))
    return tuple(sentence.model_copy(update={"text": text}) for text in texts)


def faults_of(sentence: ArgumentSentence, case: LetterCase) -> tuple[str, ...]:
    """Return why a sentence may not stand in the letter of this case; empty = it may. Each reason names its fault."""
    evidence = {item.id: item for item in case.evidence}
    unknown = [id_ for id_ in sentence.evidence if id_ not in evidence]
    cited: Sequence[Evidence] = [evidence[id_] for id_ in dict.fromkeys(sentence.evidence) if id_ in evidence]
    if unknown:
        return tuple(f"no evidence has the id {id_}" for id_ in unknown)
    if not cited:
        return ("it cites no evidence",)
    if len(sentence.text) > _LONGEST or "[" in sentence.text or "]" in sentence.text:
        return ("it is too long, or writes brackets: only code writes citations",)
    given = (case.payer_name, case.practice_name)
    plain = unsupported_in(sentence.text, support_of(cited, case.facts, given))
    found = [f"{fault.text!r} {fault.says}" for fault in plain]
    frame = Frame(facts=case.facts, names=given, criteria=case.criteria)
    return tuple(dict.fromkeys((*found, *unproven(sentence.text, cited, frame))))


def argued(case: LetterCase, argument: Iterable[ArgumentSentence], written_by: WrittenBy = "model") -> LetterContent:
    """Return the letter with those sentences of the argument that stand, else the one of the house's wording.

    Raises:
        LetterIncomplete: neither the argument nor the wording makes a letter.
    """
    standing = [one for one in argument if not faults_of(one, case)]
    if not argues(standing, case):
        return compose(case)
    try:
        frame = compose(case.model_copy(update={"root_cause": WORDING}))
    except LetterIncomplete:
        return compose(case)
    house = _house_paragraphs(case)
    first, last = frame.paragraphs[:1], frame.paragraphs[1:]
    middle: list[Paragraph] = []
    for section in get_args(ArgumentSection):
        own = [_paragraph(one, written_by) for one in standing if one.section == section]
        heading = HEADINGS[section]
        middle += own or [one for one in house if one.heading == heading]
    if case.criteria is not None and case.tables and not any(one.heading == CRITERIA for one in middle):
        frame = frame.model_copy(update={"tables": tuple(t for t in frame.tables if t.section != CRITERIA)})
    content = frame.model_copy(update={"paragraphs": (*first, *_joined(middle), *last)})
    return content if not verify(content, case.evidence, case.facts) else compose(case)


def argues(standing: Sequence[ArgumentSentence], case: LetterCase) -> bool:
    """Tell whether a core section rests on chart or approval, not on the denial and the rule alone."""
    speaking = {item.id for item in case.evidence if item.kind in SPEAKING}
    return any(one.section in CORE and speaking & set(one.evidence) for one in standing)


def _house_paragraphs(case: LetterCase) -> tuple[Paragraph, ...]:
    try:
        return compose(case).paragraphs
    except LetterIncomplete:
        return ()


def _paragraph(sentence: ArgumentSentence, written_by: WrittenBy) -> Paragraph:
    ids = tuple(dict.fromkeys(sentence.evidence))
    mark = f" [{', '.join(ids)}]"
    text = sentence.text
    text = f"{text[:-1]}{mark}." if text.endswith(".") else f"{text}{mark}" + ("" if text[-1] in '"!?' else ".")
    return Paragraph(heading=HEADINGS[sentence.section], text=text, evidence=ids, written_by=written_by)


def _joined(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Join sentences of a section written alike into one paragraph."""
    out: list[Paragraph] = []
    for one in paragraphs:
        before = out[-1] if out else None
        if before is None or before.heading != one.heading or before.written_by != one.written_by:
            out.append(one)
        elif one.written_by == "wording":
            out.append(one)
        else:
            ids = tuple(dict.fromkeys((*before.evidence, *one.evidence)))
            out[-1] = before.model_copy(update={"text": f"{before.text} {one.text}", "evidence": ids})
    return tuple(out)


def edited(before: LetterContent, after: LetterContent) -> LetterContent:
    """Return an edited letter with each changed paragraph marked as a person's: `verify` then holds its sentences."""
    known = {(paragraph.heading, paragraph.text, paragraph.evidence): paragraph for paragraph in before.paragraphs}
    paragraphs = tuple(
        known.get((one.heading, one.text, one.evidence)) or one.model_copy(update={"written_by": "person"})
        for one in after.paragraphs
    )
    return after.model_copy(update={"paragraphs": paragraphs, "criteria": before.criteria})
