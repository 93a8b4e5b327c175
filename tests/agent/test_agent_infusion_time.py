"""Infusion lines: hours proven or not by record and note, and a second drug billed as a first hour."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from agent_builders import SERVED, asked, case, chart, claim, diagnosed, dose, line, note, payer

from agent.diagnosis.case import Case
from knowledge.types.chart import Document, DoseGiven

OXALIPLATIN = {"hcpcs": "J9263", "drug": "oxaliplatin", "route": "intravenous infusion"}


def at(clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(SERVED.year, SERVED.month, SERVED.day, int(hour), int(minute), tzinfo=UTC)


def ran(start: str = "", stop: str = "", number: int = 1, **changed: Any) -> DoseGiven:
    times = {"start": at(start) if start else None, "stop": at(stop) if stop else None}
    return dose(350, resource=f"MedicationAdministration/{number}", **{**OXALIPLATIN, **times, **changed})


def denied(
    code: str,
    units: int,
    *doses: DoseGiven,
    documents: tuple[Document, ...] = (),
    others: tuple[str, ...] = (),
    codes: str = "CO-152",
    remarks: tuple[str, ...] = ("N443",),
) -> Case:
    lines = [line(units, hcpcs=code, modifiers=(), drug=None)]
    lines += [line(1, number=str(n), hcpcs=other, modifiers=(), drug=None) for n, other in enumerate(others, start=2)]
    return case(codes, remarks, sent=claim(*lines), chart=chart(*doses, documents=documents))


def supports(of: Case) -> str:
    return asked(of).fact("infusion-time-supports-units").truth


@pytest.mark.parametrize(
    ("code", "units", "start", "stop", "truth"),
    [
        ("96413", 1, "09:35", "11:35", "confirmed"),
        ("96413", 1, "09:35", "09:50", "refuted"),  # 15 minutes are a push
        ("96413", 1, "09:35", "09:51", "confirmed"),
        ("96415", 1, "09:35", "11:05", "refuted"),  # 90 minutes
        ("96415", 1, "09:35", "11:06", "confirmed"),
        ("96415", 2, "09:35", "12:05", "refuted"),
        ("96415", 2, "09:35", "12:06", "confirmed"),
        ("96413", 1, "09:35", "", "refuted"),
        ("96413", 1, "", "", "refuted"),
        ("96413", 1, "11:35", "09:35", "refuted"),
    ],
)
def test_the_minutes_decide(code: str, units: int, start: str, stop: str, truth: str) -> None:
    assert supports(denied(code, units, ran(start, stop))) == truth


def test_a_stop_missing_in_the_record_and_written_in_the_note_counts() -> None:
    nursing = note("Nursing flow sheet", text="Oxaliplatin 350 mg via port 09:35 to 11:35.")
    assert supports(denied("96415", 1, ran("09:35"), documents=(nursing,))) == "confirmed"


def test_a_flow_sheet_alone_with_a_start_and_no_stop_supports_nothing() -> None:
    nursing = note("Nursing flow sheet", text="Oxaliplatin 350 mg in D5W via port, start 09:35. Pt comfortable.")
    found = denied("96413", 1, documents=(nursing,))
    assert supports(found) == "refuted"
    named = diagnosed(found)
    assert named.root_cause == "infusion-time-unsupported"
    assert "stop is missing for oxaliplatin" in named.says


def test_a_note_of_another_day_or_a_drug_held_tells_nothing() -> None:
    held = note("Nursing flow sheet", text="Oxaliplatin held today for low platelets.")
    before = note("Nursing flow sheet", SERVED - timedelta(days=21), "Oxaliplatin 09:35 to 11:35.")
    assert supports(denied("96413", 1, documents=(held, before))) == "unknown"


def test_hours_of_two_drugs_are_counted_each_by_itself() -> None:
    second = ran("11:45", "13:20", number=2, hcpcs="J9206", drug="irinotecan")
    assert supports(denied("96415", 2, ran("09:35", "11:10"), second)) == "confirmed"
    third = ran("11:45", "12:45", number=2, hcpcs="J9206", drug="irinotecan")
    assert supports(denied("96415", 2, ran("09:35", "11:10"), third)) == "refuted"


def test_an_injection_without_times_leaves_the_infusion_alone() -> None:
    injected = ran(number=2, hcpcs="Q5108", drug="pegfilgrastim-jmdb", route="subcutaneous")
    assert supports(denied("96415", 1, ran("09:35", "11:35"), injected)) == "confirmed"


def test_an_antiemetic_is_not_the_chemotherapy_hour() -> None:
    antiemetic = ran("09:00", "11:35", number=2, hcpcs="J1453", drug="fosaprepitant")
    assert supports(denied("96415", 1, ran("09:35", "10:35"), antiemetic)) == "refuted"


def test_a_sequential_drug_needs_sixteen_minutes_after_the_first() -> None:
    second = ran("11:45", "12:30", number=2, hcpcs="J9206", drug="irinotecan")
    assert supports(denied("96417", 1, ran("09:35", "11:35"), second)) == "confirmed"
    assert supports(denied("96417", 1, ran("09:35", "11:35"))) == "refuted"


def test_concurrent_infusions_overlap() -> None:
    beside = ran("10:00", "11:00", number=2, hcpcs="J0640", drug="leucovorin")
    after = ran("11:45", "12:45", number=2, hcpcs="J0640", drug="leucovorin")
    assert supports(denied("96368", 1, ran("09:35", "11:35"), beside)) == "confirmed"
    assert supports(denied("96368", 1, ran("09:35", "11:35"), after)) == "refuted"


@pytest.mark.parametrize(("stop", "truth"), [("10:05", "refuted"), ("10:06", "confirmed")])
def test_hydration_of_half_an_hour_is_not_billed(stop: str, truth: str) -> None:
    saline = ran("09:35", stop, hcpcs="J7030", drug="sodium chloride 0.9% 1000 mL")
    assert supports(denied("96360", 1, saline)) == truth


def test_a_push_needs_no_stop() -> None:
    assert asked(denied("96411", 1, ran("09:35"))).fact("infusion-times-answer").truth == "refuted"


@pytest.mark.parametrize("reason", ["OA-18", "CO-18", "CO-97"])
def test_a_second_drug_under_the_first_hours_code_is_a_hierarchy_fault(reason: str) -> None:
    second = ran("11:45", "12:30", number=2, hcpcs="J9206", drug="irinotecan")
    found = denied("96413", 1, ran("09:35", "11:35"), second, others=("96413",), codes=reason, remarks=())
    assert asked(found).fact("infusion-hierarchy-broken").truth == "confirmed"


def test_the_same_hour_keyed_twice_is_a_duplicate_and_no_second_drug() -> None:
    found = denied("96413", 1, ran("09:35", "11:35"), others=("96413",), codes="OA-18", remarks=())
    assert asked(found).fact("infusion-hierarchy-broken").truth == "refuted"
    assert diagnosed(found).root_cause != "infusion-hierarchy-wrong"


def test_what_ran_is_unknown_without_a_record() -> None:
    found = denied("96413", 1, others=("96413",), codes="OA-18", remarks=())
    assert asked(found).fact("infusion-hierarchy-broken").truth == "unknown"
    assert payer().id == "CASC1"


def test_a_brand_in_the_note_is_the_drug_of_the_record() -> None:
    nursing = note("Nursing flow sheet", text="Eloxatin 350 mg 09:35 to 11:35.")
    found = denied(
        "96413", 1, ran("09:35", "11:35"), documents=(nursing,), others=("96413",), codes="OA-18", remarks=()
    )
    assert asked(found).fact("infusion-hierarchy-broken").truth == "refuted"
    assert supports(denied("96415", 1, ran("09:35"), documents=(nursing,))) == "confirmed"


def test_two_bags_of_one_drug_are_one_drug() -> None:
    again = ran("11:45", "12:45", number=2)
    found = denied("96413", 1, ran("09:35", "11:35"), again, others=("96413",), codes="OA-18", remarks=())
    assert asked(found).fact("infusion-hierarchy-broken").truth == "refuted"


def test_a_subcutaneous_drug_in_the_note_is_no_second_infusion() -> None:
    nursing = note("Nursing flow sheet", text="Oxaliplatin 09:35 to 11:35. Pegfilgrastim 6 mg SC at 12:00.")
    found = denied("96413", 1, documents=(nursing,), others=("96413",), codes="OA-18", remarks=())
    assert asked(found).fact("infusion-hierarchy-broken").truth == "refuted"


@pytest.mark.parametrize(
    ("start", "stop", "cause"),
    [
        ("09:30", "10:32", "infusion-time-unsupported"),  # 62 minutes are the first hour
        ("09:30", "11:20", "unknown"),  # the hour was run: bundling is the question
        ("09:30", "", "unknown"),  # what was not written down proves nothing here
    ],
)
def test_an_added_hour_bundled_by_the_payer_is_judged_by_sure_minutes_only(start: str, stop: str, cause: str) -> None:
    made = denied("96415", 1, ran(start, stop), others=("96413", "J9263"), codes="CO-97", remarks=("M15",))
    assert diagnosed(made).root_cause == cause


def test_a_bundled_first_hour_is_not_judged_by_its_minutes() -> None:
    made = denied("96413", 1, ran("09:30", "09:40"), others=("J9263",), codes="CO-97", remarks=("M15",))
    assert diagnosed(made).root_cause == "unknown"
