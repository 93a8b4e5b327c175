"""A model's argument: asked twice at most, held to the evidence, left out where it fails, never a reason to stop."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agent.drafting.argument import argued_letter, material_text, write_argument
from agent.model.asking import FaultKind, Message, ModelFault, Reply, ResponseSchema, Tool, Usage
from knowledge.types.evidence import Evidence
from knowledge.types.letters import Field, LetterCase, Signature
from knowledge.types.practice import Address

REMIT = Evidence(
    id="E1", kind="remit", source="r.835 segment 9", values={"remit_date": "2026-05-22", "amount": "$16,000.00"},
    says="North Shore Health denied J9063 of 2026-05-06 on 2026-05-22: CO-50 $16,000.00",
)  # fmt: skip
GIVEN = Evidence(
    id="E2", kind="chart", source="chart m1", says="mirvetuximab: 400 mg given on 2026-05-06, 0 mg discarded"
)
AUTH = Evidence(id="E3", kind="authorization", source="a.csv:2",
                says="Authorization NS-1, status approved on 2026-04-20, for J9063, 400 mg a dose")  # fmt: skip
MATERIAL = LetterCase(
    denial_id="d-1",
    kind="reconsideration",
    root_cause="no-such-wording",
    remedy="reconsideration",
    date=date(2026, 6, 1),
    practice_name="Cedar Oncology Associates",
    practice_address=Address(street="12 Main St", city="Denver", state="CO", zip="80202"),
    payer_name="North Shore Health",
    facts=(
        Field(label="Patient", value="Marguerite Whitfield"),
        Field(label="Service", value="J9063, 400 units"),
        Field(label="Denial codes", value="CO-50"),
    ),
    amount=Decimal(16000),
    evidence=(REMIT, GIVEN, AUTH),
    values={"hcpcs": "J9063", "service_date": "2026-05-06", "denial_codes": "CO-50"},
    signature=Signature(name="Dana Ruiz MD", role="Treating physician"),
)
RIGHT = ("clinical_history", "On May 6, 2026 the patient received 400 mg of mirvetuximab.", ["E2"])
CORE = ("rebuttal", "The payer approved 400 mg a dose of J9063.", ["E3"])
WRONG = ("rebuttal", "The patient responded to mirvetuximab.", ["E2"])
MENDED = "North Shore Health denied J9063 of May 6, 2026 with CO-50."


@dataclass
class Scripted:
    """A model that answers with what it was given, in order; a fault is raised."""

    answers: list[dict[str, Any] | FaultKind]
    name: str = "scripted"
    asked: list[list[Message]] = field(default_factory=list)

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        assert not tools
        assert schema is not None
        self.asked.append(list(messages))
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise ModelFault(answer, "scripted")
        return Reply(message={"role": "assistant", "content": ""}, parsed=answer, usage=Usage(input_tokens=10))


def draft(*sentences: tuple[str, str, list[str]]) -> dict[str, Any]:
    made: dict[str, Any] = {"clinical_history": [], "criteria": [], "rebuttal": []}
    for section, text, ids in sentences:
        made[section].append({"text": text, "evidence": ids})
    return made


def texts(argument_sentences: Sequence[Any]) -> list[str]:
    return [one.text for one in argument_sentences]


def test_what_stands_at_once_is_asked_for_once() -> None:
    model = Scripted([draft(RIGHT, CORE)])
    argument = write_argument(model, MATERIAL)
    assert texts(argument.sentences) == [RIGHT[1], CORE[1]]
    assert (len(model.asked), argument.notes, argument.written) == (1, (), 2)
    assert argument.prompts == ("letter_argument:1",)


def test_a_sentence_that_fails_is_redrafted_once_and_told_why() -> None:
    mended = {"sentences": [{"number": 3, "text": MENDED, "evidence": ["E1"]}]}
    model = Scripted([draft(RIGHT, CORE, WRONG), mended])
    argument = write_argument(model, MATERIAL)
    assert texts(argument.sentences) == [RIGHT[1], CORE[1], MENDED]
    assert len(model.asked) == 2
    told = str(model.asked[1][-1]["content"])
    assert WRONG[1] in told
    assert "'responded'" in told
    assert RIGHT[1] not in told
    assert argument.prompts == ("letter_argument:1", "letter_argument_again:1")
    assert sum(usage.input_tokens for usage in argument.usages) == 20


def test_what_fails_twice_is_left_out_and_noted() -> None:
    again = {"sentences": [{"number": 3, "text": WRONG[1], "evidence": ["E2"]}]}
    model = Scripted([draft(RIGHT, CORE, WRONG), again])
    letter, argument = argued_letter(model, MATERIAL)
    assert "responded" not in json.dumps(letter.model_dump(mode="json"))
    assert len(model.asked) == 2
    assert len(argument.notes) == 1
    assert WRONG[1] not in argument.notes[0]


def test_a_number_never_asked_for_brings_nothing_in() -> None:
    again = {"sentences": [{"number": 1, "text": "The order stood.", "evidence": ["E2"]},
                           {"number": 9, "text": MENDED, "evidence": ["E1"]}]}  # fmt: skip
    argument = write_argument(Scripted([draft(RIGHT, CORE, WRONG), again]), MATERIAL)
    assert texts(argument.sentences) == [RIGHT[1], CORE[1]]


@pytest.mark.parametrize("kind", ["rate_limited", "timed_out", "refusal", "not_json", "over_budget", "switched_off"])
def test_a_fault_of_the_model_leaves_what_stands_by_then(kind: FaultKind) -> None:
    first = write_argument(Scripted([kind]), MATERIAL)
    assert (first.sentences, first.fault) == ((), kind)
    second = write_argument(Scripted([draft(RIGHT, CORE, WRONG), kind]), MATERIAL)
    assert texts(second.sentences) == [RIGHT[1], CORE[1]]
    assert second.fault == kind
    assert len(second.notes) == 2


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"clinical_history": "text", "criteria": None, "rebuttal": 3},
        {
            "clinical_history": [
                None,
                1,
                {"text": 5, "evidence": "E1"},
                {"evidence": ["E1"]},
                {"text": "x", "evidence": 7},
            ]
        },
    ],
)
def test_an_answer_of_another_form_says_nothing(answer: dict[str, Any]) -> None:
    assert write_argument(Scripted([answer, {"sentences": "none"}]), MATERIAL).sentences == ()


def test_the_model_is_given_evidence_and_criteria_and_nothing_else_of_the_patient() -> None:
    shown = material_text(MATERIAL)
    assert set(json.loads(shown)) == {"dispute", "evidence", "criteria"}
    assert "Whitfield" not in shown
    assert {item["id"] for item in json.loads(shown)["evidence"]} == {"E1", "E2", "E3"}
    assert "source" not in json.loads(shown)["evidence"][0]
