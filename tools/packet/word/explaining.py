"""Why an edited letter does not stand: each sentence that fails, what is wrong with it, what would carry it."""

from collections.abc import Iterable, Iterator, Sequence

from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent
from knowledge.types.practice import Frozen
from tools.packet.assertions import QUOTED, unproven
from tools.packet.citations import without_markers
from tools.packet.normalising import collapsed, normalise
from tools.packet.sentences import sentences
from tools.packet.statements import statements
from tools.packet.support import Support, support_of
from tools.packet.verification import Unsupported, administrative, frame_of, unsupported_in

_Known = Sequence[tuple[Evidence, Support, Support]]

_SEARCHED = 40
"""For so many sentences the evidence is searched for what would carry them; for more it would take too long."""

_FREE = ("subject", "request", "closing")


class FailedSentence(Frozen):
    """A sentence that does not stand: where it is, why, the evidence that carries it whole, and what to do."""

    where: str
    sentence: str
    says: tuple[str, ...]
    carried_by: tuple[str, ...] = ()
    advice: str = ""


def explain(
    faults: Sequence[Unsupported], content: LetterContent, evidence: Sequence[Evidence]
) -> tuple[FailedSentence, ...]:
    """Put a verifier's findings to the sentences they are about, in the order of the letter."""
    found: dict[tuple[str, str], list[Unsupported]] = {}
    cut: dict[str, _Cut] = {}
    for fault in faults:
        if fault.where not in cut:
            cut[fault.where] = _cut(_part(fault.where, content))
        for sentence in _sentences(fault, cut[fault.where]):
            found.setdefault((fault.where, sentence), []).append(fault)
    known = tuple(
        (item, support_of([item], content.facts, administrative(content)), support_of([item], (), ()))
        for item in evidence
    )
    return tuple(
        _failed(where, sentence, own, content, known if at < _SEARCHED else ())
        for at, ((where, sentence), own) in enumerate(found.items())
    )


_Cut = tuple[tuple[str, str, str], ...]


def _sentences(fault: Unsupported, cut: _Cut) -> Iterable[str]:
    """Find the sentences of a part that a finding is about: those with its words, else with its marks."""
    wanted = collapsed(fault.text).casefold()
    for place in (1, 2):
        holding = [one[0] for one in cut if wanted and wanted in one[place]]
        if holding:
            return holding
    return [cut[0][0]] if len(cut) == 1 else [fault.text]


def _cut(text: str) -> _Cut:
    """Cut a part into sentences, each with the form its words, and its words and marks, are compared in."""
    return tuple(
        (one, collapsed(without_markers(one)).casefold(), collapsed(one).casefold()) for one in sentences(text)
    )


def _part(where: str, content: LetterContent) -> str:
    parts = {"subject": content.subject, "request": content.ask, "closing": content.closing}
    if where in parts:
        return parts[where]
    name, _, rest = where.partition(" ")
    number = rest.partition(",")[0]
    if name == "paragraph" and number.isdigit() and int(number) <= len(content.paragraphs):
        paragraph = content.paragraphs[int(number) - 1]
        return paragraph.heading if where.endswith("heading") else paragraph.text
    return ""


def _failed(
    where: str, sentence: str, faults: Sequence[Unsupported], content: LetterContent, known: _Known
) -> FailedSentence:
    says = tuple(dict.fromkeys(fault.says for fault in faults))
    framing = where in _FREE or where.endswith("heading")
    carried = () if framing else tuple(_carrying(sentence, content, known))
    figures = {fault.text for fault in faults if fault.kind in ("date", "number", "code", "name")}
    return FailedSentence(
        where=where,
        sentence=sentence,
        says=says,
        carried_by=carried,
        advice=_advice(framing, carried, tuple(_figures_in(sentence, known)), figures),
    )


def _advice(framing: bool, carried: Sequence[str], holding: Sequence[str], figures: set[str]) -> str:
    if carried:
        marks = " or ".join(f"[{id_}]" for id_ in carried[:4])
        return f"Put {marks} behind it, and no other mark: that evidence says it."
    if framing:
        return "Tell facts in a sentence of the argument that names its evidence; here only ask."
    if holding and figures:
        return f"Its figures stand together in {', '.join(holding[:4])}: say it as that evidence does, with its mark."
    if holding:
        return f"Its figures stand in {', '.join(holding[:4])}, its words do not: say no more than that evidence does."
    return (
        "No evidence of this denial says it. Add the document that does (note, report, authorization, policy) to the "
        "practice's folder and work it again, or take the sentence out."
    )


def _carrying(sentence: str, content: LetterContent, known: _Known) -> Iterator[str]:
    """Give the ids of the evidence that carries the sentence whole, alone."""
    plain = without_markers(sentence)
    for item, support, _own in known:
        if not unsupported_in(plain, support) and not unproven(plain, [item], frame_of(content)):
            yield item.id


def _figures_in(sentence: str, known: _Known) -> Iterator[str]:
    wanted = statements(QUOTED.sub(" ", normalise(without_markers(sentence))))
    for item, _support, own in known:
        if wanted and all(own.holds(one) for one in wanted):
            yield item.id
