"""A claim to another payer: what was sent, under the other coverage, with the first payer's answer or without."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from evals.corrected_claims.cases import CONTROL
from evals.corrected_claims.other_payers import made, other_payer_trials
from evals.corrected_claims.samples import Sample, samples
from knowledge.types.claim import SubmittedClaim
from knowledge.types.corrections import CorrectedClaim
from knowledge.types.remit import Adjustment
from tools.corrected_claim import CorrectionRefused
from tools.corrected_claim.source import find_claim
from tools.other_payer_claim import FirstAnswer, OtherPlan, other_payer_claim
from tools.x12.claims import read_claims

ALL = {sample.name: sample for sample in samples()}
PLAIN = ALL["plain"]


def tried(sample: Sample, title: str) -> tuple[OtherPlan, FirstAnswer | None]:
    return next((plan, first) for name, plan, first in other_payer_trials(sample) if name == title)


def sent(sample: Sample, plan: OtherPlan, first: FirstAnswer | None) -> CorrectedClaim:
    return other_payer_claim(sample.data, sample.name, sample.claim_id, plan, CONTROL, "why", first=first)


def read(edi: bytes) -> SubmittedClaim:
    (claim,) = (found for found in read_claims(edi, "made.837") if isinstance(found, SubmittedClaim))
    return claim


@pytest.mark.parametrize("name", [name for name in ALL if name != "secondary"])
def test_services_stay_and_the_first_plan_is_not_named_where_nobody_pays_before(name: str) -> None:
    sample = ALL[name]
    plan, first = tried(sample, "to another payer")
    made_claim = read(sent(sample, plan, first).edi)
    before = next(c for c in read_claims(sample.data, name) if getattr(c, "claim_id", "") == sample.claim_id)
    assert isinstance(before, SubmittedClaim)
    assert (made_claim.payer_id, made_claim.payer_name, made_claim.sequence) == ("OTHR7", "NORTHFIELD MUTUAL", "P")
    assert made_claim.member_id == "NFM-220417"
    assert (made_claim.patient_last, made_claim.birth_date) == (before.patient_last, before.birth_date)
    assert (made_claim.frequency, made_claim.original_reference, made_claim.authorizations) == ("1", "", ())
    assert made_claim.other_insurance == ()
    assert made_claim.diagnoses == before.diagnoses
    services = [(line.hcpcs, line.modifiers, line.units, line.charge, line.start_date) for line in before.lines]
    assert [(one.hcpcs, one.modifiers, one.units, one.charge, one.start_date) for one in made_claim.lines] == services


def test_a_second_plan_is_told_how_the_first_adjudicated_every_line() -> None:
    plan, first = tried(PLAIN, "to another payer, a part paid")
    assert first is not None
    text = sent(PLAIN, plan, first).edi.decode()
    made_claim = read(text.encode())
    assert made_claim.sequence == "S"
    assert [(o.sequence, o.payer_id, o.member_id) for o in made_claim.other_insurance] == [("P", "CASC1", "CHP1001")]
    assert f"AMT*D*{first.claim.paid.normalize():f}~" in text
    assert "SVD*CASC1*13080*HC:J9271:JZ**400~CAS*CO*45*6540*400~CAS*PR*2*2180~DTP*573*D8*20260414~AMT*EAF*2180~" in text
    assert text.index("NM1*PR*2*CASCADE HEALTH PLAN*****PI*CASC1~REF*F8*26079CX4410") < text.index("LX*1~")


@given(st.integers(0, 1), st.sampled_from(["paid", "adjusted", "claim"]), st.integers(1, 10_000))
@settings(max_examples=40, deadline=None)
def test_an_answer_that_is_a_cent_out_makes_no_claim(line: int, where: str, cents: int) -> None:
    plan, first = tried(PLAIN, "to another payer, a part paid")
    assert first is not None
    off = Decimal(cents) / 100
    lines = list(first.claim.lines)
    if where == "claim":
        wrong = replace(first.claim, paid=first.claim.paid + off)
    else:
        one = lines[line]
        extra = (*one.adjustments, Adjustment("OA", "94", off))
        lines[line] = replace(one, paid=one.paid - off) if where == "paid" else replace(one, adjustments=extra)
        wrong = replace(first.claim, lines=tuple(lines))
    with pytest.raises(CorrectionRefused, match=r"adjusted|by its lines"):
        sent(PLAIN, plan, replace(first, claim=wrong))


def test_a_line_the_first_payer_did_not_answer_makes_no_claim() -> None:
    plan, first = tried(PLAIN, "to another payer, a part paid")
    assert first is not None
    short = replace(first.claim, lines=first.claim.lines[:1])
    with pytest.raises(CorrectionRefused, match="answers line 2 no times"):
        sent(PLAIN, plan, FirstAnswer("CASC1", date(2026, 4, 14), short))


def test_a_claim_that_names_other_payers_already_is_left_to_a_person() -> None:
    plan, first = tried(ALL["secondary"], "to another payer")
    with pytest.raises(CorrectionRefused, match="names another payer already"):
        sent(ALL["secondary"], plan, first)


def test_a_dependent_stands_as_the_plans_own_member_and_that_is_said() -> None:
    sample = ALL["a dependent among others"]
    plan, first = tried(sample, "to another payer")
    found = sent(sample, plan, first)
    assert "HL*3" not in found.edi.decode()
    assert "SBR*P*18*******CI~NM1*IL*1*MORALES*IVO****MI*NFM-220417~N3*4 ELM ST~" in found.edi.decode()
    assert "patient-as-subscriber" in [finding.code for finding in found.findings]


def test_the_receiver_is_that_of_a_claim_that_reached_the_plan_and_else_it_is_said() -> None:
    plan, first = tried(PLAIN, "to another payer")
    assert "receiver-as-sent" in [finding.code for finding in sent(PLAIN, plan, first).findings]
    other = PLAIN.data.replace(b"84001          *260320", b"77777          *260320").replace(b"46*84001", b"46*77777")
    route = find_claim(other, "other.837", "AL-1001")
    args = (PLAIN.data, "plain", "AL-1001", plan, CONTROL, "why")
    found = other_payer_claim(*args, first=first, route=route)
    assert b"*ZZ*77777          *" in found.edi
    assert b"NM1*40*2*CASCADE HEALTH PLAN*****46*77777" in found.edi
    assert "receiver-as-sent" not in [finding.code for finding in found.findings]


def test_equal_inputs_make_equal_bytes() -> None:
    plan, first = tried(PLAIN, "to another payer, nothing paid")
    assert made(PLAIN, plan, first) == made(PLAIN, plan, first)
