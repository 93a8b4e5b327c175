"""What a case becomes by the other remedies: records asked for, an authorization request, a physician's call."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from agent_builders import AS_OF, CODES, PAID_ON, auth, case, chart, claim, diagnosed, dose, line, note, order, payer

from agent.diagnosis.case import Case
from agent.diagnosis.inquiry import Inquiry
from agent.drafting.pas import PENDED, pas_request
from agent.drafting.records import attachment_number, records_answer, records_table
from agent.peer_to_peer import open_clock, peer_to_peer_clock
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent, Party, Signature
from knowledge.types.practice import SendTo


def asked(*remarks: str, carc: str = "CO-252", **changed: Any) -> tuple[Inquiry, Diagnosis]:
    q = Inquiry(case(carc, remarks, **changed), CODES, AS_OF)
    q.fact("records-asked-for")
    found = Diagnosis(
        root_cause="records-request-unanswered",
        category="documentation",
        says="",
        confidence=1,
        remedy="send_records",
        evidence=q.ledger.all(),
    )
    return q, found


CHART = chart(
    dose(),
    orders=(order(),),
    documents=(
        note("Progress note"),
        note("Treatment summary"),
        note("Psychology note", on=date(2026, 3, 1)),
        note("Genetic counselling letter"),
        note("Pathology report", on=date(2025, 12, 1)),
    ),
)


FAX = SendTo(fax="2085550100")


def resources(q: Inquiry, found: Diagnosis, send_to: SendTo | None = FAX) -> list[str]:
    table = records_table(q, found)[0]
    answer, _ = records_answer(q, found, table.evidence, send_to)
    return [file.resource for file in answer.files]


def test_of_a_full_chart_only_what_was_asked_for_is_sent() -> None:
    q, found = asked("M127", chart=CHART)
    assert resources(q, found) == ["MedicationAdministration/ma-1", "DocumentReference/Progress note-2026-03-16"]


def test_a_pathology_report_asked_for_is_all_that_goes() -> None:
    q, found = asked("M30", chart=CHART)
    assert resources(q, found) == ["DocumentReference/Pathology report-2025-12-01"]


def test_the_letters_table_names_each_record_and_what_is_not_enclosed() -> None:
    q, found = asked("M127", "M30", chart=chart(dose()))
    assert records_table(q, found)[0].rows == (
        ("Infusion", "administration record of 2026-03-16"),
        ("Note", "not enclosed: not in our chart"),
        ("Pathology", "not enclosed: not in our chart"),
    )
    table = records_table(q, found)[0]
    assert records_answer(q, found, table.evidence, None)[0].missing == ("note", "pathology")


def test_an_invoice_asked_for_sends_no_clinical_notes_instead() -> None:
    q, found = asked("M23", chart=CHART)
    assert resources(q, found) == []
    assert q.fact("records-asked-for").missing == ("invoice records for 2026-03-16",)


def test_a_record_of_the_chart_that_nobody_asked_for_stops_the_answer() -> None:
    q, found = asked("M30", chart=CHART)
    stray = Evidence(
        id="X1", kind="chart", source="s", says="s", exhibit="chart:DocumentReference/Treatment summary-2026-03-16"
    )
    more = found.model_copy(update={"evidence": (*found.evidence, stray)})
    with pytest.raises(ValueError, match="Treatment summary"):
        records_answer(q, more, [item.id for item in more.evidence], None)


def test_without_a_way_to_the_payer_that_is_missing_and_said() -> None:
    q, found = asked("M30", chart=CHART)
    answer, missing = records_answer(q, found, records_table(q, found)[0].evidence, None)
    assert answer.transmission == ""
    assert missing == (
        "how Cascade Health Plan takes records: a fax, portal or address (payers.yaml appeals, send_to)",
    )


@pytest.mark.parametrize(
    ("attachments", "number"),
    [
        ((("OZ", "EL", "", "", "AC", "ACN77"),), "ACN77"),
        ((("OZ", "EL", "", "", "AC", "ACN77"), ("OZ", "EL", "", "", "AC", "ACN78")), None),
        ((("OZ", "AA"),), None),
    ],
)
def test_the_control_number_is_the_claims_own_where_it_names_one(
    attachments: tuple[tuple[str, ...], ...], number: str | None
) -> None:
    found = attachment_number(case("CO-252", sent=claim(attachments=attachments)))
    assert found[0] == (number or attachment_number(case("CO-252"))[0])


def letter(q: Inquiry) -> LetterContent:
    return LetterContent(
        kind="authorization_request",
        denial_id="den_1",
        date=AS_OF,
        sender=Party(name="Larkspur Oncology"),
        addressee=Party(name="Cascade"),
        subject="",
        facts=(),
        ask="We ask that authorization A-1 be amended.",
        paragraphs=(),
        signature=Signature(name="", role=""),
    )


def requested(**changed: Any) -> tuple[Case, Any]:
    given: dict[str, Any] = {
        "sent": claim(line(400, place_of_service="11", diagnosis_pointers=(1,)), sex="F"),
        "chart": chart(dose(400), orders=(order(),), documents=(note("Progress note"), note("Psychology note"))),
        "auths": (auth(),),
    }
    built = case("CO-198", **{**given, **changed})
    practice = built.practice.model_copy(update={"tax_id": "841234567"})
    built = replace(built, practice=practice)
    q = Inquiry(built, CODES, AS_OF)
    found = diagnosed(built)
    return built, pas_request(q, found, letter(q), frozenset())


def test_a_request_for_more_units_is_written_from_the_records_alone() -> None:
    _, made = requested()
    assert made.missing == ()
    data = json.loads(made.bundle)
    kinds = [entry["resource"]["resourceType"] for entry in data["entry"]]
    assert kinds[0] == "Claim"
    # No document was cited by the letter, so none goes along.
    assert "DocumentReference" not in kinds
    assert data["entry"][0]["resource"]["item"][0]["quantity"]["value"] == 400


def test_no_request_is_written_for_units_that_were_not_given() -> None:
    _, made = requested(chart=chart(dose(200), orders=(order(200),)))
    assert made.bundle is None


def test_a_dependents_request_names_the_subscriber_as_missing() -> None:
    sent = claim(line(400, place_of_service="11"), sex="F", text="HL*3*2*23*0~NM1*QC*1*VOSS*ADA~CLM*C1*22800~")
    _, made = requested(sent=sent)
    assert made.bundle is None
    assert any("subscriber" in one for one in made.missing)


def test_what_is_pended_is_not_asked_for_again() -> None:
    pended = auth(status="pended")
    built, _ = requested(auths=(pended,))
    q = Inquiry(replace(built, authorization=pended), CODES, AS_OF)
    assert pas_request(q, diagnosed(built), letter(q), frozenset()).missing == (PENDED,)


def clinical(remedy: str = "appeal", cause: str = "called-experimental") -> Diagnosis:
    return Diagnosis.model_validate(
        {"root_cause": cause, "category": "medical_necessity", "says": "", "confidence": 1, "remedy": remedy}
    )


def test_a_call_is_due_by_the_payers_own_days_from_the_remit() -> None:
    clocks = peer_to_peer_clock(case("CO-50", payer=payer(peer_to_peer_days=14)), clinical(), PAID_ON)
    assert [(clock.action, clock.date.isoformat()) for clock in clocks] == [("peer_to_peer", "2026-04-17")]
    assert open_clock(clocks) == clocks[0]


def test_a_clock_that_has_run_out_is_told_and_no_longer_open() -> None:
    clocks = peer_to_peer_clock(case("CO-50", payer=payer(peer_to_peer_days=14)), clinical(), AS_OF)
    assert clocks[0].expired
    assert open_clock(clocks) is None


@pytest.mark.parametrize(
    ("days", "remedy", "cause"),
    [
        (None, "appeal", "called-experimental"),
        (14, "write_off", "called-experimental"),
        (14, "hold", "criteria-not-met-in-chart"),
        (14, "appeal", "unknown"),
        (14, "corrected_claim", "jw-jz-missing"),
        (14, "reconsideration", "auth-valid-payer-error"),
    ],
)
def test_no_call_where_none_is_of_use(days: int | None, remedy: str, cause: str) -> None:
    assert (
        peer_to_peer_clock(case("CO-50", payer=payer(peer_to_peer_days=days)), clinical(remedy, cause), PAID_ON) == ()
    )
