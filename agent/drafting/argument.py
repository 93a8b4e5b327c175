"""Have a model write the argument of a clinical letter, and keep only the sentences its evidence carries.

The model sees evidence and criteria as data and nothing else of the case. At most two askings a letter: the draft, and
once more the sentences that failed. Whatever it answers, the letter says nothing that is not proven.
"""

import json
from collections.abc import Sequence
from typing import Any, get_args

from pydantic import ValidationError

from agent.model.asking import Message, Model, ModelFault, Reply, ResponseSchema, Usage
from knowledge.types.letters import LetterCase, LetterContent
from knowledge.types.practice import Frozen
from prompts import render
from tools.packet.arguing import ArgumentSection, ArgumentSentence, argued, faults_of, single_sentences

CALL_SECONDS = 90.0
"""Wall clock of one asking, retries included."""
MOST_SENTENCES = 40
"""More than any letter needs; what comes after is left unread."""
SECTIONS: tuple[ArgumentSection, ...] = get_args(ArgumentSection)

_SENTENCE: dict[str, Any] = {
    "type": "object",
    "properties": {"text": {"type": "string"}, "evidence": {"type": "array", "items": {"type": "string"}}},
    "required": ["text", "evidence"],
    "additionalProperties": False,
}
DRAFT_SCHEMA = ResponseSchema(
    name="letter_argument",
    schema={
        "type": "object",
        "properties": {section: {"type": "array", "items": _SENTENCE} for section in SECTIONS},
        "required": list(SECTIONS),
        "additionalProperties": False,
    },
)
AGAIN_SCHEMA = ResponseSchema(
    name="letter_argument_again",
    schema={
        "type": "object",
        "properties": {
            "sentences": {
                "type": "array",
                "items": {
                    **_SENTENCE,
                    "properties": {"number": {"type": "integer"}, **_SENTENCE["properties"]},
                    "required": ["number", "text", "evidence"],
                },
            }
        },
        "required": ["sentences"],
        "additionalProperties": False,
    },
)


class Argument(Frozen):
    """What a model's argument came to: sentences that stand, and in `notes` what was dropped and why.

    `prompts` are the names and versions of the prompts used; `fault` is the kind of fault that ended the asking, "" =
    none; `written` counts the sentences drafted, for the rate of those that were not supported.
    """

    sentences: tuple[ArgumentSentence, ...] = ()
    notes: tuple[str, ...] = ()
    usages: tuple[Usage, ...] = ()
    prompts: tuple[str, ...] = ()
    fault: str = ""
    written: int = 0


def write_argument(model: Model, material: LetterCase, *, seconds: float = CALL_SECONDS) -> Argument:
    """Ask for the argument, hold every sentence to its evidence, ask once more for those that failed, drop the rest.

    A fault of the model never raises: what stands by then is kept, and `fault` and `notes` say what happened.
    """
    prompt = render("letter_argument")
    messages: list[Message] = [
        {"role": "system", "content": prompt.text},
        {"role": "user", "content": material_text(material)},
    ]
    used: tuple[str, ...] = (prompt.version,)
    try:
        reply = model.ask(messages, schema=DRAFT_SCHEMA, seconds=seconds)
    except ModelFault as fault:
        return Argument(fault=fault.kind, notes=(f"The model wrote no argument: {fault.kind}",), prompts=used)
    drafted = _drafted(reply)
    good, failed = _held(drafted, material)
    usages: tuple[Usage, ...] = (reply.usage,)
    notes: list[str] = []
    kind = ""
    if failed:
        used = (*used, render("letter_argument_again").version)
        try:
            second = model.ask(_again(messages, reply, failed), schema=AGAIN_SCHEMA, seconds=seconds)
        except ModelFault as fault:
            kind = fault.kind
            notes.append(f"The model redrafted nothing: {fault.kind}")
        else:
            usages = (*usages, second.usage)
            good, failed = _redrafted(second, good, failed, material)
    # Their text is not kept: it may say what no record says, of anyone.
    notes += ["A sentence of the model was left out of the letter: its evidence does not say it" for _ in failed]
    ordered = tuple(one for _, one in sorted(good, key=lambda pair: pair[0]))
    return Argument(
        sentences=ordered, notes=tuple(notes), usages=usages, prompts=used, fault=kind, written=len(drafted)
    )


def argued_letter(
    model: Model, material: LetterCase, *, seconds: float = CALL_SECONDS
) -> tuple[LetterContent, Argument]:
    """Return the letter with the model's argument where it stands, else by the house's wording; and the argument.

    Raises:
        LetterIncomplete: neither makes a letter: a person writes it.
    """
    argument = write_argument(model, material, seconds=seconds)
    return argued(material, argument.sentences), argument


def material_text(material: LetterCase) -> str:
    """Return what the model is given: dispute, evidence and criteria as one JSON document, in a fixed order."""
    criteria = material.criteria
    shown = {
        "dispute": {"letter": material.kind, "cause": material.root_cause, "payer": material.payer_name},
        "evidence": [item.model_dump(include={"id", "kind", "says", "quote", "values"}) for item in material.evidence],
        "criteria": [
            {
                "asks": row.text,
                "outcome": row.outcome,
                "policy_evidence": row.policy_evidence,
                "chart_evidence": list(row.chart_evidence),
            }
            for row in (criteria.rows if criteria else ())
        ],
    }
    return json.dumps(shown, ensure_ascii=False, indent=1)


_Numbered = tuple[int, ArgumentSentence]
_Failed = tuple[int, ArgumentSentence, tuple[str, ...]]


def _drafted(reply: Reply) -> tuple[ArgumentSentence, ...]:
    """Read the sentences of an answer; what has not their form is passed over."""
    found: list[ArgumentSentence] = []
    for section in SECTIONS:
        given = (reply.parsed or {}).get(section)
        for item in given if isinstance(given, list) else ():
            found += _read(section, item)
    return tuple(found[:MOST_SENTENCES])


def _read(section: ArgumentSection, item: object) -> tuple[ArgumentSentence, ...]:
    if not isinstance(item, dict) or not str(item.get("text", "")).strip():
        return ()
    try:
        one = ArgumentSentence(section=section, text=item["text"], evidence=tuple(item.get("evidence") or ()))
    except (TypeError, ValidationError):
        return ()
    return single_sentences(one)


def _held(drafted: Sequence[ArgumentSentence], material: LetterCase) -> tuple[list[_Numbered], list[_Failed]]:
    good: list[_Numbered] = []
    failed: list[_Failed] = []
    for number, one in enumerate(drafted, start=1):
        why = faults_of(one, material)
        if why:
            failed.append((number, one, why))
        else:
            good.append((number, one))
    return good, failed


def _again(messages: Sequence[Message], reply: Reply, failed: Sequence[_Failed]) -> list[Message]:
    struck = [
        {"number": number, "text": one.text, "evidence": list(one.evidence), "faults": list(why[:4])}
        for number, one, why in failed
    ]
    told = f"{render('letter_argument_again').text}\n{json.dumps(struck, ensure_ascii=False, indent=1)}"
    return [*messages, reply.message, {"role": "user", "content": told}]


def _redrafted(
    reply: Reply, good: list[_Numbered], failed: list[_Failed], material: LetterCase
) -> tuple[list[_Numbered], list[_Failed]]:
    """Take in what stands now in place of what failed; a number not asked for is passed over."""
    given = (reply.parsed or {}).get("sentences")
    again: dict[int, tuple[ArgumentSentence, ...]] = {}
    sections = {number: one.section for number, one, _ in failed}
    for item in given if isinstance(given, list) else ():
        number = item.get("number") if isinstance(item, dict) else None
        if isinstance(number, int) and number in sections and number not in again:
            again[number] = _read(sections[number], item)
    kept, lost = list(good), []
    for number, one, why in failed:
        stands = [new for new in again.get(number, ()) if not faults_of(new, material)]
        kept += [(number, new) for new in stands]
        if not stands:
            lost.append((number, one, why))
    return kept, lost
