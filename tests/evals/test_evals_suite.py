"""The suite: labels and split, measures over cases, bars, the gate, and every report."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from eval_builders import decoy, folder, key, label, practice, raw_record

from evals import run as command
from evals.exported import as_exported
from evals.gate import regressions, write_baselines
from evals.labels import Label, LabelsBroken, load_practices
from evals.measure import Measure
from evals.report.jsonform import as_json
from evals.report.page import as_html
from evals.report.text import as_text
from evals.results import SuiteResult
from evals.scorecard import by_family, load_bars, measures, missed_bars
from evals.scoring import score
from evals.split import SplitRule, load_split, part_of
from evals.statistics import Rate
from evals.working import FolderRefused, run, score_export

TEST = (SplitRule(part="test"),)
LINE_TWO: dict[str, Any] = {"line__hcpcs": "96413", "line__line_control": "L2", "line__charge": "100.00"}


def suite(root: Path, labels: list[Label], records: list[dict[str, Any]], **given: Any) -> SuiteResult:
    exported = [as_exported(number, raw) for number, raw in enumerate(records, start=1)]
    return SuiteResult((score(practice(root, labels, **given), exported, rules=TEST),))


def measured(result: SuiteResult) -> dict[str, Measure]:
    return {found.name: found for found in measures(result.cases(), result.alarms(), result.unreadable())}


def second(**changed: Any) -> Label:
    return label(**{"case": "two", "hcpcs": "96413", "line_control": "L2", "charge": "100.00", **changed})


def test_a_perfect_run_is_right_in_every_measure(tmp_path: Path) -> None:
    found = measured(suite(tmp_path, [label()], [raw_record()]))

    nothing_counted = {name for name, measure in found.items() if measure.strict.total == 0}
    assert nothing_counted == {"escalation_recall", "escalation_precision", "files_sound"}
    assert all(m.strict.hits == m.strict.total and m.lenient.hits == m.lenient.total for m in found.values())


def test_missed_denials_and_false_alarms_lower_recall_and_precision(tmp_path: Path) -> None:
    stray = raw_record(remit__claim_id="C-9", denial_id="den_2")
    broken = {"denial_id": "den_3"}

    found = measured(suite(tmp_path, [label(), second()], [raw_record(), stray, broken]))

    assert found["detection_recall"].strict == Rate(1, 2)
    assert found["detection_precision"].strict == Rate(1, 3)
    assert found["root_cause"].strict == Rate(1, 2)
    assert found["valid_record"].strict == Rate(2, 3)


def test_escalation_counts_what_only_a_person_may_decide(tmp_path: Path) -> None:
    labels = [label(route="review"), second(route="review", also_right={"route": ["straight_through"]})]
    records = [raw_record(), raw_record(denial_id="den_2", **LINE_TWO)]

    found = measured(suite(tmp_path, labels, records))

    assert found["escalation_recall"].strict == Rate(0, 2)
    assert found["escalation_recall"].lenient == Rate(0, 1)
    assert found["straight_through_precision"].strict == Rate(0, 2)
    assert found["straight_through_precision"].lenient == Rate(1, 2)


def test_what_may_go_by_itself_and_went_to_a_person_lowers_coverage_not_precision(tmp_path: Path) -> None:
    held = raw_record(route="review", review_reasons=[{"code": "c", "says": "s"}])
    other = raw_record(denial_id="den_2", **LINE_TWO)

    found = measured(suite(tmp_path, [label(), second()], [held, other]))

    assert found["straight_through_coverage"].strict == Rate(1, 2)
    assert found["straight_through_precision"].strict == Rate(1, 1)
    assert found["straight_through_share"].strict == Rate(1, 2)
    assert found["escalation_precision"].strict == Rate(0, 1)


def test_a_false_alarm_that_went_by_itself_lowers_straight_through_precision(tmp_path: Path) -> None:
    stray = raw_record(remit__claim_id="C-9", denial_id="den_2")

    found = measured(suite(tmp_path, [label()], [raw_record(), stray]))

    assert found["straight_through_precision"].lenient == Rate(1, 2)


def test_bars_name_the_measure_and_the_family_that_fall_short(tmp_path: Path) -> None:
    result = suite(tmp_path, [label()], [raw_record(root_cause="code-deleted", category="coding")])

    missed = missed_bars(tuple(measured(result).values()), by_family(result.cases()), load_bars())

    assert any(said.startswith("root_cause 0/1") for said in missed)
    assert any(said.startswith("family authorization 0/1") for said in missed)


def test_the_first_split_rule_that_fits_decides_and_the_rest_is_test() -> None:
    rules = (
        SplitRule(practice="a", payer="P1", case="jw-*", part="test"),
        SplitRule(practice="a", part="development"),
    )

    assert part_of(rules, "a", "P1", "jw-missing") == "test"
    assert part_of(rules, "a", "P1", "other") == "development"
    assert part_of(rules, "b", "P1", "other") == "test"


def test_cedar_is_for_development() -> None:
    assert part_of(load_split(), "cedar", "CASC1", "any") == "development"


def test_the_practices_of_the_repository_load() -> None:
    cedar = next(found for found in load_practices() if found.name == "cedar")

    assert len(cedar.labels) >= 60
    assert len(cedar.decoys) >= 60
    assert len({(truth.claim_id, truth.trace_number, truth.line) for truth in cedar.labels}) == len(cedar.labels)


def test_a_practice_that_is_not_there_and_a_row_that_is_broken_are_named(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "labels.jsonl").write_text('{"case": "x"}\n', encoding="utf-8")
    (tmp_path / "one" / "decoys.jsonl").write_text("", encoding="utf-8")

    with pytest.raises(LabelsBroken, match="no labelled practice two"):
        load_practices(tmp_path, ("two",))
    with pytest.raises(LabelsBroken, match=r"labels\.jsonl:1"):
        load_practices(tmp_path)


def test_the_gate_lets_the_same_run_through(tmp_path: Path) -> None:
    result = suite(tmp_path, [label()], [raw_record()])
    write_baselines(result, tmp_path / "baselines")

    assert regressions(result, tmp_path / "baselines") == ()


def test_the_gate_names_what_got_worse_and_where(tmp_path: Path) -> None:
    write_baselines(suite(tmp_path, [label()], [raw_record()]), tmp_path / "baselines")

    worse = regressions(suite(tmp_path, [label()], [raw_record(remedy="appeal")]), tmp_path / "baselines")

    assert "tiny: remedy (strict) 0/1, was 1/1" in worse
    assert any("newly wrong: tiny/one/C-1/J9271 L1/T1: remedy" in said for said in worse)


def test_the_gate_lets_what_got_better_through_and_misses_a_baseline(tmp_path: Path) -> None:
    write_baselines(suite(tmp_path, [label()], [raw_record(remedy="appeal")]), tmp_path / "baselines")
    better = suite(tmp_path, [label()], [raw_record()])

    assert regressions(better, tmp_path / "baselines") == ()
    assert regressions(better, tmp_path / "none") == ("tiny: there is no baseline; write one with --update-baseline",)


def wrong_in_every_way(root: Path) -> SuiteResult:
    labels = [label(why="A-1 <was> on the claim"), second(case="missed-one")]
    records = [
        raw_record(remedy="appeal", says="It says & shows."),
        raw_record(denial_id="den_2", remit__claim_id="C-9"),
        {"denial_id": "den_3"},
    ]
    return suite(root, labels, records, decoys=[decoy(case="paid", claim_id="C-2", line_control=None)])


def test_the_gate_counts_what_is_wrong_in_the_test_part_and_names_none_of_it(tmp_path: Path) -> None:
    text = as_text(wrong_in_every_way(tmp_path), open_test=False)

    assert "2 cases are wrong" in text
    assert all(said not in text for said in ("tiny/one", "tiny/missed-one", "den_2", "WRONG", "expected"))


def test_every_report_opens_every_wrong_case_and_says_what_it_is_worth(tmp_path: Path) -> None:
    result = wrong_in_every_way(tmp_path)

    for text in (as_text(result), as_json(result), as_html(result)):
        assert "tiny/one/C-1/J9271 L1/T1" in text
        assert "tiny/missed-one/C-1/96413 L2/T1" in text
        assert "den_2" in text
        assert "line 3" in text
        assert "certifies nothing about real remittances" in text


def test_the_page_is_escaped_and_needs_nothing_else(tmp_path: Path) -> None:
    page = as_html(wrong_in_every_way(tmp_path))

    assert "A-1 &lt;was&gt; on the claim" in page
    assert "It says &amp; shows." in page
    assert page.count("<svg") == 3
    assert not any(word in page for word in ("http://", "https://", "<script", "<link"))


def test_the_page_shows_label_and_record_side_by_side(tmp_path: Path) -> None:
    page = as_html(wrong_in_every_way(tmp_path))

    assert '<th scope="row">remedy</th><td>reconsideration</td><td>appeal</td>' in page
    assert "CAS*CO*197*400" in page


def test_json_gives_counts_and_intervals(tmp_path: Path) -> None:
    test = json.loads(as_json(wrong_in_every_way(tmp_path)))["parts"]["test"]

    assert test["measures"]["detection_recall"]["lenient"]["hits"] == 1
    assert test["measures"]["detection_recall"]["lenient"]["interval"]["low"] == pytest.approx(0.0126, abs=1e-3)
    assert test["calibration"]["threshold"] is None
    assert "Too few labels" in test["calibration"]["says"]


def labelled(root: Path) -> Path:
    """Write a labelled practice with its folder, and return the directory of practices."""
    folder(root / "tiny" / "folder")
    truth = {**json.loads(label().model_dump_json()), **key()}
    (root / "tiny" / "labels.jsonl").write_text(json.dumps(truth) + "\n", encoding="utf-8")
    (root / "tiny" / "decoys.jsonl").write_text("", encoding="utf-8")
    return root


def test_an_export_is_scored_against_a_practice_by_name(tmp_path: Path) -> None:
    export = tmp_path / "records.jsonl"
    export.write_text(json.dumps(raw_record()) + "\n", encoding="utf-8")

    result = score_export(export, "tiny", labelled(tmp_path))

    assert measured(result)["cause_and_remedy"].strict == Rate(1, 1)
    assert result.cases()[0].findings is not None
    assert result.cases()[0].findings.products is None


def test_a_folder_that_cannot_be_taken_in_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "labels.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "tiny" / "decoys.jsonl").write_text("", encoding="utf-8")

    with pytest.raises(FolderRefused, match="practice tiny"):
        run(load_practices(tmp_path), tmp_path / "home", lambda: datetime(2026, 5, 1, 12, tzinfo=UTC))


def test_the_command_scores_an_export_and_answers_by_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    export, page = tmp_path / "records.jsonl", tmp_path / "out" / "page.html"
    export.write_text(json.dumps(raw_record(remedy="appeal")) + "\n", encoding="utf-8")
    root = labelled(tmp_path)
    monkeypatch.setattr(command, "score_export", lambda path, name: score_export(path, name, root))

    code = command.main(["--records", str(export), "--practice", "tiny", "--format", "json", "--report", str(page)])

    told = capsys.readouterr()
    assert code == 1
    assert json.loads(told.out)["parts"]["test"]["bars_missed"]
    assert "bar not reached: remedy 0/1" in told.err
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_an_unknown_suite_is_said_and_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--suite", "nowhere"]) == 2
    assert "no labelled practice nowhere" in capsys.readouterr().err
