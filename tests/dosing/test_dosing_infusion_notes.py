"""Infusion times in notes: many layouts, one drug or several, and what is missing."""

import pytest

from tools.dosing.infusion_notes import NotedRun, runs_in

NAMES = ("oxaliplatin", "pembrolizumab", "gemcitabine", "panitumumab", "irinotecan", "fosaprepitant", "pemetrexed")


def one(text: str) -> NotedRun:
    found = runs_in(text, NAMES)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "text",
    [
        "Oxaliplatin 0935-1135",
        "Oxaliplatin 350 mg IV 09:35-11:35, tolerated.",
        "Oxaliplatin 350 mg 09:35 to 11:35 via port",
        "oxaliplatin start 9:35 a.m., end 11:35",
        "oxaliplatin 09:35 → 11:35",
        "oxaliplatin 09:35 -> 11:35",
        "Oxaliplatin 09:35 until 11:35",
        "Oxaliplatin from 9:35 am to 11:35 am",
        "Oxaliplatin 9:35–11:35 AM",
        "Oxaliplatin 350 mg IV. Start: 9:35 AM Stop: 11:35 AM",
        "Oxaliplatin: start time 0935; stop time: 1135",
        "oxaliplatin hung @ 0935, down @ 1135",
        "Oxaliplatin started at 9:35 and completed at 11:35 am",
        "Start oxaliplatin 09:35, stop 11:35",
        "Oxaliplatin 350 mg | 09:35 | 11:35 |",
        "09:35 to 11:35 oxaliplatin 350 mg.",
        "Oxaliplatin infusion began 0935 hrs, finished 1135 hrs",
        "Oxaliplatin 350 mg in D5W\nstarted 09:35,\nended 11:35",
        "Oxaliplatin 09:35:00 - 11:35:00",
        "Oxaliplatin 09h35 to 11h35",
        "Oxaliplatin 09:35-10:05, paused for flushing, 10:15-11:45",
        "Oxaliplatin spiked 09:35, done 11:35",
        "Oxaliplatin 350 mg over 2 h, start/stop: 09:35/11:35",
        "Oxaliplatin 350 mg (start 0935/stop 1135)",
    ],
)
def test_two_hours_are_two_hours_however_written(text: str) -> None:
    found = one(text)
    assert (found.minutes, found.fault) == (120, "")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Oxaliplatin 11:10-12:40 pm", 90),
        ("oxaliplatin from 1:05 pm to 3:10 pm", 125),
        ("Oxaliplatin 9 am - 11 am", 120),
        ("Oxaliplatin 11:30 am to 1:00 pm", 90),
        ("Oxaliplatin 12:15 pm to 1:00 pm", 45),
    ],
)
def test_halves_of_the_day(text: str, minutes: int) -> None:
    assert one(text).minutes == minutes


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "Oxaliplatin 350 mg in D5W via port, start 09:35. Two 200 mg vials, 50 mg wasted.",
            "it has a start and no stop",
        ),
        ("Oxaliplatin: start time 0935; stop time: ____", "it has a start and no stop"),
        ("Oxaliplatin started 09:35; end time not recorded.", "it has a start and no stop"),
        ("Oxaliplatin hung at 0935", "it has a start and no stop"),
        ("Oxaliplatin done 11:35", "it has a stop and no start"),
        ("Oxaliplatin 350 mg given", "it has neither start nor stop"),
        ("Oxaliplatin 350 mg infused over 90 min", "it has neither start nor stop"),
        ("Oxaliplatin 09:35 - 09:05", "the stop is not after the start"),
        ("Oxaliplatin start 11:35, stop 09:35", "the stop is not after the start"),
        ("Oxaliplatin 350 mg, start 2026-03-01", "it has neither start nor stop"),
        ("Oxaliplatin in 1000 mL", "it has neither start nor stop"),
        ("Oxaliplatin NDC 00703-3986-01", "it has neither start nor stop"),
    ],
)
def test_what_is_missing_is_said(text: str, fault: str) -> None:
    assert one(text).minutes is None
    assert one(text).fault == fault


def test_a_duration_is_no_start_and_stop() -> None:
    assert one("Oxaliplatin infused over 1.5 h").minutes_said == 90


@pytest.mark.parametrize(
    "text",
    [
        "One port, right chest. Pembrolizumab 200 mg 09:40-10:10. Flush. Gemcitabine 1600 mg 11:10-11:45.",
        "Pembrolizumab 200 mg 09:40 to 10:10, flush, gemcitabine 1600 mg 11:10 to 11:45.",
        "09:40 to 10:10 pembrolizumab 200 mg, 11:10 to 11:45 gemcitabine 1600 mg.",
        "Pembrolizumab start 0940 stop 1010; gemcitabine start 1110 stop 1145",
        "Pembrolizumab | 09:40 | 10:10 |\nGemcitabine | 11:10 | 11:45 |",
        "Pembrolizumab 200 mg started 09:40, ended 10:10. Gemcitabine 1600 mg started 11:10, ended 11:45.",
    ],
)
def test_times_go_with_their_drug(text: str) -> None:
    assert {run.drug: run.minutes for run in runs_in(text, NAMES)} == {"pembrolizumab": 30, "gemcitabine": 35}


def test_a_note_without_the_drug_tells_nothing() -> None:
    assert runs_in("Patient in chair 09:35-11:35. Labs drawn 0900.", NAMES) == ()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1000 Pembrolizumab 200 mg started. 1030 infusion complete.", 30),
        ("10:00 - Pembrolizumab started via PIV. 10:30 - Pembrolizumab completed, line flushed.", 30),
        ("0930 port accessed. 1000 pembrolizumab hung; 1030 pembrolizumab down.", 30),
        ("Pembrolizumab started 0930 infusion completed 1000", 30),
        ("Pembrolizumab started 0930, rate 100 mL/h at 0940, 150 at 0950, complete 1000.", 30),
    ],
)
def test_a_log_writes_the_time_first(text: str, minutes: int) -> None:
    assert one(text).minutes == minutes


@pytest.mark.parametrize(
    "text",
    [
        "TIME START 10:10 TIME STOP 10:45 pembrolizumab 200 mg",
        "Pembrolizumab 200 mg given. 10:10 and 10:45 vitals.",
        "Pembrolizumab started 0930, started again 0950",
    ],
)
def test_times_that_are_not_read_leave_the_run_unread(text: str) -> None:
    assert one(text).minutes is None
    assert one(text).unread


def test_drugs_named_together_share_times_only_when_they_ran_together() -> None:
    shared = runs_in("Oxaliplatin and irinotecan given concurrently 10:00-11:30.", NAMES)
    assert [run.minutes for run in shared] == [90, 90]
    unsure = {run.drug: run for run in runs_in("Oxaliplatin and irinotecan 10:00-11:30.", NAMES)}
    assert unsure["oxaliplatin"].unread
    assert unsure["oxaliplatin"].minutes is None
