"""Causes of units, coding, filing, duplicates, coverage and records: proven, refuted, or open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from agent_builders import (
    ALL_PARTS,
    AS_OF,
    MEDICARE,
    SERVED,
    accepted,
    case,
    chart,
    claim,
    coverage,
    diagnosed,
    dose,
    line,
    note,
    order,
    paid_before,
    payer,
    standing,
)
from msgspec import structs

from agent.decision import decide
from agent.diagnosis.case import Case

GIVEN = chart(dose(wasted=0), orders=(order(),))
NO_NDC = claim(line(drug=None))
UNMARKED = claim(line(modifiers=()))
WITH_WASTE = claim(line(150, hcpcs="J9299", modifiers=()), line(10, "2", hcpcs="J9299", modifiers=("JW",)))
WASTED = chart(dose(150, wasted=10, hcpcs="J9299", drug="nivolumab"))
LIMITED = payer(max_units={"J9271": Decimal(200)})
ENDED = claim(line(12, hcpcs="J2505"))
UNBORN = claim(line(400, hcpcs="J3263", start_date=date(2024, 6, 20)))
IN_TIME, LATE = SERVED + timedelta(days=89), SERVED + timedelta(days=91)
LAPSED = coverage(end_date=date(2026, 2, 28))
OTHER = coverage("MEDB")
SECOND = coverage(order="secondary")
FIRST_SENT = claim(line(200), claim_id="C0", submitted_on=SERVED)
SENT_ANEW = case("OA-18", sent=claim(claim_id="C2"), member_claims=(FIRST_SENT,))


@pytest.mark.parametrize(
    ("cause", "found"),
    [
        ("billed-units-wrong", case("CO-151", chart=chart(dose(200)))),
        ("billed-units-wrong", case("CO-16", ("M53",), chart=chart(dose(40)))),
        ("mue-exceeded-dose-right", case("CO-151", ("N362",), chart=GIVEN, payer=LIMITED)),
        ("mue-exceeded-dose-right", case("CO-151", ("N362",), chart=chart(dose()), payer=LIMITED)),  # the label's dose
        ("waste-units-wrong", case("CO-151", ("N519",), sent=WITH_WASTE, chart=chart(dose(150, 20, hcpcs="J9299")))),
        ("jw-jz-missing", case("CO-16", ("N822",), sent=UNMARKED, chart=GIVEN)),
        ("ndc-missing-or-invalid", case("CO-16", ("M119",), sent=NO_NDC, chart=GIVEN)),
        ("code-deleted", case("CO-181", sent=ENDED)),
        ("code-not-yet-effective", case("CO-181", sent=UNBORN)),
        ("filed-in-time-proof-exists", case("CO-29", acknowledgements=(accepted(IN_TIME),))),
        ("filed-late", case("CO-29", acknowledgements=(accepted(LATE),))),
        ("duplicate-of-paid-claim", case("OA-18", history=(paid_before(),))),
        (
            "repeat-line-called-duplicate",
            case("OA-18", sent=claim(line(330), line(70, "2", modifiers=("JW",))), denied=1),
        ),
        ("replacement-claim-mishandled", SENT_ANEW),
        ("replacement-claim-mishandled", case("CO-16", ("M47",), sent=claim(frequency="7"))),
        ("coverage-terminated", case("CO-27", coverage=(LAPSED,))),
        ("other-payer-primary", case("CO-22", coverage=(SECOND, OTHER))),
        ("records-request-unanswered", case("CO-252", ("N706",), chart=chart(documents=(note("Progress note"),)))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_cause_is_named_when_its_facts_stand(cause: str, found: Case) -> None:
    named = diagnosed(found)
    assert named.root_cause == cause, named.says
    assert named.says.endswith(".")


@pytest.mark.parametrize(
    ("cause", "found"),
    [
        ("billed-units-wrong", case(chart=GIVEN)),
        ("mue-exceeded-dose-right", case(chart=GIVEN, payer=payer(max_units={"J9271": Decimal(400)}))),
        ("mue-exceeded-dose-right", case(chart=chart(dose(200), orders=(order(200),)), payer=LIMITED)),
        ("mue-exceeded-dose-right", case(chart=chart(dose(), orders=(order(200),)), payer=LIMITED)),
        ("waste-units-wrong", case(sent=WITH_WASTE, chart=WASTED)),
        ("waste-units-wrong", case(chart=GIVEN)),
        ("jw-jz-missing", case(chart=GIVEN)),
        ("jw-jz-missing", case(sent=UNMARKED, payer=payer(wastage_modifiers=False))),
        ("ndc-missing-or-invalid", case()),
        ("ndc-missing-or-invalid", case(sent=NO_NDC, payer=payer(ndc_required=False))),
        ("code-deleted", case()),
        ("code-not-yet-effective", case()),
        ("filed-in-time-proof-exists", case(acknowledgements=(accepted(LATE),))),
        ("filed-in-time-proof-exists", case(acknowledgements=(accepted(IN_TIME, "A3"),))),
        ("filed-in-time-proof-exists", case(acknowledgements=(accepted(IN_TIME, source="AY"),))),
        ("filed-late", case(acknowledgements=(accepted(SERVED + timedelta(days=90)),))),
        ("duplicate-of-paid-claim", case()),
        ("duplicate-of-paid-claim", case(history=(paid_before(units=200),))),
        ("duplicate-of-paid-claim", case(history=(paid_before(date(2026, 2, 23)),))),
        ("repeat-line-called-duplicate", case()),
        ("repeat-line-called-duplicate", case(sent=claim(line(), line(number="2")), chart=GIVEN)),
        ("replacement-claim-mishandled", case("OA-18", member_claims=(claim(claim_id="C0", submitted_on=SERVED),))),
        ("replacement-claim-mishandled", case("OA-18", member_claims=(claim(line(200), claim_id="C0"),))),
        ("replacement-claim-mishandled", case(sent=claim(frequency="7", original_reference="ICN0"))),
        ("coverage-terminated", case(coverage=(coverage(end_date=SERVED),))),
        ("other-payer-primary", case(coverage=(coverage(),))),
        ("other-payer-primary", case(coverage=(SECOND, coverage("MEDB", end_date=date(2026, 3, 15))))),
        ("other-payer-primary", case(sent=claim(sequence="S"), coverage=(SECOND, OTHER))),
        ("records-request-unanswered", case()),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_cause_is_refuted_when_one_of_its_facts_is(cause: str, found: Case) -> None:
    assert standing(found, cause) == "refuted"


@pytest.mark.parametrize(
    ("cause", "found"),
    [
        ("billed-units-wrong", case()),  # no chart
        ("billed-units-wrong", case(chart=chart(dose(None)))),
        ("billed-units-wrong", case(chart=chart(dose(day=date(2026, 3, 15))))),
        ("billed-units-wrong", case(chart=chart(dose(status="not-done")))),
        ("billed-units-wrong", case(sent=claim(line(None)), chart=GIVEN)),
        ("mue-exceeded-dose-right", case(payer=LIMITED)),
        ("waste-units-wrong", case(sent=WITH_WASTE)),
        ("jw-jz-missing", case(sent=None)),
        ("jw-jz-missing", case(sent=UNMARKED, payer=payer(wastage_modifiers=None))),
        ("ndc-missing-or-invalid", case(sent=NO_NDC, payer=payer(ndc_required=None))),
        ("ndc-missing-or-invalid", case(sent=None)),
        ("code-deleted", case(sent=claim(line(hcpcs="X9999")))),
        ("code-not-yet-effective", case(sent=claim(line(hcpcs="J9999")))),
        ("filed-in-time-proof-exists", case(payer=payer(timely_filing_days=None))),
        ("filed-late", case(parts=ALL_PARTS - {"acks"})),
        ("filed-late", case(payer=payer(timely_filing_days=None), acknowledgements=(accepted(LATE),))),
        ("repeat-line-called-duplicate", case(sent=claim(line(), line(number="2")))),
        ("repeat-line-called-duplicate", case(sent=None)),
        ("coverage-terminated", case()),
        ("coverage-terminated", case(coverage=(OTHER,))),  # only another payer's span is verified
        ("other-payer-primary", case()),
        ("other-payer-primary", case(coverage=(coverage(), OTHER))),  # both say primary
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_cause_stays_open_without_what_would_settle_it(cause: str, found: Case) -> None:
    assert standing(found, cause) == "open"


@pytest.mark.parametrize(
    ("found", "remedy"),
    [
        (case("CO-151", chart=chart(dose(200))), "corrected_claim"),
        (case("CO-151", chart=chart(dose(200)), payer=MEDICARE), "reopening"),
        (case("CO-29", acknowledgements=(accepted(IN_TIME),)), "reconsideration"),
        (case("CO-29", acknowledgements=(accepted(IN_TIME),), payer=MEDICARE), "contact_payer"),
        (case("CO-29", acknowledgements=(accepted(LATE),)), "write_off"),
        (case("OA-18", history=(paid_before(),)), "close"),
        (case("CO-22", coverage=(SECOND, OTHER)), "bill_other_payer"),
        (case("CO-27", coverage=(LAPSED, OTHER)), "bill_other_payer"),
        (case("PR-27", coverage=(LAPSED,)), "bill_patient"),
        (case("CO-27", coverage=(LAPSED,)), "contact_payer"),
        (case("CO-252", ("N706",)), "send_records"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_remedy_follows_the_circumstances(found: Case, remedy: str) -> None:
    assert diagnosed(found).remedy == remedy


def test_the_dose_table_marks_the_units_that_are_wrong() -> None:
    (table,) = diagnosed(case("CO-151", chart=chart(dose(200)))).tables
    assert table.marked is not None
    row, column = table.marked
    assert (table.rows[row][0], table.rows[row][column]) == ("Billed", "400")


def test_a_reason_that_needs_its_remark_and_has_none_suggests_nothing() -> None:
    assert diagnosed(case("CO-16", sent=NO_NDC, chart=GIVEN)).root_cause == "unknown"


def test_a_remark_is_not_overheard_for_a_fault_the_payer_did_not_name() -> None:
    nobody_ordered = claim(providers=())
    named = diagnosed(case("CO-16", ("M53",), sent=nobody_ordered))
    assert (named.root_cause, named.remedy) == ("unknown", "hold")
    assert named.missing


def test_a_day_just_inside_and_just_outside_the_filing_limit() -> None:
    last = SERVED + timedelta(days=90)
    assert diagnosed(case("CO-29", acknowledgements=(accepted(last),))).root_cause == "filed-in-time-proof-exists"
    after = accepted(last + timedelta(days=1))
    assert diagnosed(case("CO-29", acknowledgements=(after,))).root_cause == "filed-late"


def test_a_sentence_says_what_decided_between_the_remedies() -> None:
    words = "Given for breast cancer, unrelated to the terminal illness"
    hospice = coverage("HOSP", plan_type="hospice", order=None)
    found = diagnosed(
        case("CO-B9", coverage=(coverage(), hospice), chart=chart(documents=(note("Progress note", text=words),)))
    )
    assert (found.root_cause, found.remedy) == ("hospice-enrolled", "corrected_claim")
    assert words in found.says


def test_a_code_the_payer_changed_is_a_downcoding_whatever_the_times_say() -> None:
    hour = line(1, hcpcs="96413", modifiers=(), drug=None)
    timed = chart(dose(start=datetime(2026, 3, 16, 9, tzinfo=UTC), stop=datetime(2026, 3, 16, 11, tzinfo=UTC)))
    denied = case("CO-150", sent=claim(hour), chart=timed)
    assert standing(denied, "infusion-time-unsupported") == "confirmed"
    assert denied.service is not None
    changed = replace(denied, service=structs.replace(denied.service, hcpcs="96365", submitted_hcpcs="96413"))
    assert diagnosed(changed).root_cause == "downcoded-by-payer"


def test_a_drug_line_is_never_a_question_of_infusion_hours() -> None:
    assert standing(case("CO-150", chart=GIVEN), "infusion-time-unsupported") == "refuted"


def test_of_a_visit_only_its_note_is_the_record_and_of_a_drug_what_lacks_is_for_a_person_to_get() -> None:
    written = chart(dose(wasted=0), documents=(note("Progress note"),))
    visit = case("CO-226", ("N102",), sent=claim(line(1, hcpcs="99215", modifiers=(), drug=None)), chart=written)
    drug = case("CO-226", ("N102",), chart=written)
    said = diagnosed(visit)
    assert said.root_cause == "records-request-unanswered"
    assert "infusion" not in said.says
    assert "document-missing" not in {reason.code for reason in decide(visit, said, AS_OF).review_reasons}
    lacking = decide(drug, diagnosed(drug), AS_OF)
    assert any(r.code == "document-missing" and "order" in r.says for r in lacking.review_reasons)
