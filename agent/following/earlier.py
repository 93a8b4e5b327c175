"""What was sent before and what the payer decided, as a letter at the next level tells and encloses it."""

from collections.abc import Iterator

from agent.diagnosis.case import Case
from agent.diagnosis.printed import day
from agent.following.levels import lost_rounds
from agent.sending.kept import Altered, Kept
from knowledge.types.evidence import Evidence
from knowledge.types.letters import Exhibit, Field, LetterContent, LetterKind, Paragraph
from knowledge.types.outcomes import PayerDecision, Round
from tools.packet.printing import dates_in_words
from tools.packet.printing import day as day_in_words

HEADING = "Earlier decision"
_TOLD_IN: frozenset[LetterKind] = frozenset({"reconsideration", "appeal", "payment_dispute"})
_DECIDED = {
    "upheld": "upheld its denial",
    "partly_overturned": "overturned its denial in part",
    "dismissed": "dismissed the request without a decision on its merits",
}


def round_evidence(case: Case) -> tuple[Evidence, ...]:
    """Return evidence of each appeal decided against us: S1 that it was sent, D1 what was decided."""
    return tuple(item for lost in lost_rounds(case) for item in _of_round(case, lost))


def _of_round(case: Case, lost: Round) -> Iterator[Evidence]:
    if lost.sent_on is not None:
        values = {"sent_on": day(lost.sent_on), "level": lost.level}
        says = f"{_level(lost)} sent to {_payer(case)} on {day(lost.sent_on)}"
        source = f"send of {day(lost.sent_on)} by {lost.channel}, approval {(lost.approval_sha256 or '')[:16]}"
        yield Evidence(
            id=f"S{lost.number}",
            kind="acknowledgement",
            source=source,
            says=says,
            values=values,
            exhibit=_sent_key(lost),
        )
    if (decided := lost.decision) is not None:
        reference = f", reference {decided.reference}" if decided.reference else ""
        codes = f", naming {', '.join(decided.codes)}" if decided.codes else ""
        values = {"decided_on": day(decided.on), "reference": decided.reference, "codes": " ".join(decided.codes)}
        yield Evidence(
            id=f"D{lost.number}",
            kind="acknowledgement",
            source=decided.source,
            quote=decided.says or None,
            says=f"{_payer(case)} {_DECIDED[decided.result]} on {day(decided.on)}{reference}{codes}",
            values={name: value for name, value in values.items() if value},
            exhibit=_decision_key(lost),
        )


def with_earlier(content: LetterContent, case: Case) -> LetterContent:
    """Return a letter of the next level with what went before told first; any other letter as it is."""
    lost = lost_rounds(case)
    if not lost or content.kind not in _TOLD_IN or any(p.heading == HEADING for p in content.paragraphs):
        return content
    told = tuple(_paragraph(case, one) for one in lost)
    return content.model_copy(update={"paragraphs": (*told, *content.paragraphs)})


def _paragraph(case: Case, lost: Round) -> Paragraph:
    sentences, cited = [], []
    if lost.sent_on is not None:
        sentences.append(f"Our {_level(lost).lower()} was sent on {day(lost.sent_on)} [S{lost.number}].")
        cited.append(f"S{lost.number}")
    if (decided := lost.decision) is not None:
        mark = f"[D{lost.number}]"
        cited.append(f"D{lost.number}")
        reference = f" under reference {decided.reference}" if decided.reference else ""
        codes = f", naming {', '.join(decided.codes)}" if decided.codes else ""
        sentences.append(f"{_payer(case)} {_DECIDED[decided.result]} on {day(decided.on)}{reference}{codes} {mark}.")
        if decided.says:
            sentences.append(f'The decision gives this reason: "{decided.says}" {mark}.')
        sentences.append("The paragraphs that follow answer it.")
    return Paragraph(heading=HEADING, text=dates_in_words(" ".join(sentences)), evidence=tuple(cited))


def enclosures(rounds: tuple[Round, ...], kept: Kept) -> tuple[Exhibit, ...]:
    """Return what was sent and what was decided as exhibits: letters whole where they are kept, else what is known."""
    out = []
    for one in rounds:
        if one.level_index is None or one.decision is None:
            continue
        if one.sent_on is not None:
            out.append(_exhibit(one, kept))
        out.append(_decision_exhibit(one, one.decision, kept))
    return tuple(out)


def _exhibit(one: Round, kept: Kept) -> Exhibit:
    return Exhibit(
        key=_sent_key(one),
        title=f"{_level(one)} as sent",
        source=f"sent on {day_in_words(one.sent_on)}",
        fields=(
            Field(label="Sent on", value=day_in_words(one.sent_on)),
            Field(label="Level", value=one.level or one.remedy),
        ),
        pdf=_kept(kept, one.letter_sha256 if one.letter_kind != "corrected_claim" else None),
    )


def _decision_exhibit(one: Round, decided: PayerDecision, kept: Kept) -> Exhibit:
    told = (
        ("Decided on", day_in_words(decided.on)),
        ("Decision", decided.result.replace("_", " ")),
        ("Reference", decided.reference),
        ("Codes", ", ".join(decided.codes)),
    )
    pdf = _kept(kept, decided.letter_sha256)
    return Exhibit(
        key=_decision_key(one),
        title=f"Decision of {day_in_words(decided.on)}{'' if pdf else ', as recorded'}",
        source=decided.letter_name or decided.source,
        fields=tuple(Field(label=label, value=value) for label, value in told if value),
        text="" if pdf else decided.says,
        pdf=pdf,
    )


def _kept(kept: Kept, sha256: str | None) -> bytes:
    """Return a kept letter; nothing where it is gone or altered: the exhibit then shows what is known of it."""
    if sha256 is None:
        return b""
    try:
        content = kept.get(sha256)
    except (FileNotFoundError, Altered):
        return b""
    return content if content.startswith(b"%PDF") else b""


def _sent_key(one: Round) -> str:
    return f"round:{one.number}:sent"


def _decision_key(one: Round) -> str:
    return f"round:{one.number}:decision"


def _level(one: Round) -> str:
    return (one.level or one.remedy.replace("_", " ")).capitalize()


def _payer(case: Case) -> str:
    return case.payer.name if case.payer else case.denial.remit.payer_name or "the payer"
