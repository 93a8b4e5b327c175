"""Whatever is missing or broken in a folder gets one clear finding; nothing else is lost, and nothing is guessed."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cedar_home import CEDAR, practice_of
from home_lives import clock
from seed_remit import paying_remit

from agent.intake import IntakeReport
from agent.office import Office
from knowledge.types.reading import ReadingFinding
from knowledge.types.record import DenialRecord

Break = Callable[[Path], None]
REMITS = ("CHP_ERA_0403.txt", "pcc0415.835")
"""A part of the sample practice that is cheap to work and rests on every part of a folder."""
UNBILLED = "charts/ced10099-finch.json"
"""The sample practice holds the chart of a patient for whom nothing was ever billed."""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    shutil.copytree(CEDAR, folder, ignore=lambda where, names: names if Path(where).name == "remits" else [])
    for name in REMITS:
        shutil.copy(CEDAR / "remits" / name, folder / "remits" / name)
    return folder


def worked(folder: Path, home: Path) -> tuple[IntakeReport, dict[str, DenialRecord]]:
    with Office.open(home, clock) as office:
        report = office.take_folder(folder)
        if not report.usable:
            return report, {}
        practice_id = practice_of(office)
        office.work(practice_id)
        return report, {record.denial_id: comparable(record) for record in office.records_of(practice_id)}


def comparable(record: DenialRecord) -> DenialRecord:
    """A record without what the rest of the practice moves: its place in the queue and its series."""
    return record.model_copy(
        update={"priority": record.priority.model_copy(update={"rank": None}), "series": None},
    )


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DenialRecord]:
    """The records of the small practice with nothing missing or broken."""
    at = tmp_path_factory.mktemp("calm")
    shutil.copytree(CEDAR, at / "folder", ignore=lambda where, names: names if Path(where).name == "remits" else [])
    for name in REMITS:
        shutil.copy(CEDAR / "remits" / name, at / "folder" / "remits" / name)
    report, records = worked(at / "folder", at / "home")
    assert [(finding.code, finding.file) for finding in report.findings] == [("chart-of-nobody", UNBILLED)]
    assert len(records) > 12
    return records


def errors(report: IntakeReport) -> list[ReadingFinding]:
    return [finding for finding in report.findings if finding.severity == "error"]


@pytest.mark.parametrize(
    ("part", "lost"),
    [
        ("acks", {"filed-in-time-proof-exists"}),
        ("auths", {"auth-units-mismatch", "auth-expired"}),
        ("charts", {"auth-units-mismatch", "mue-exceeded-dose-right", "billed-units-wrong"}),
        ("claims", {"diagnosis-not-authorized-indication"}),
        ("contracts", set()),
        ("coverage", {"coverage-terminated", "other-payer-primary"}),
        ("policies", set()),
    ],
)
def test_without_a_part_what_rested_on_it_is_unknown_and_nothing_else_is_claimed_instead(
    part: str, lost: set[str], small: Path, tmp_path: Path, calm: dict[str, DenialRecord]
) -> None:
    shutil.rmtree(small / part)
    report, records = worked(small, tmp_path / "home")
    assert errors(report) == []
    assert records.keys() == calm.keys()
    assert lost <= {record.root_cause for record in calm.values()}
    assert lost & {record.root_cause for record in records.values()} == set()
    kinds = {"claims": "claim", "acks": "acknowledgement", "auths": "authorization", "charts": "chart"}
    for name, record in records.items():
        assert record.root_cause in (calm[name].root_cause, "unknown"), (calm[name].root_cause, record.root_cause)
        assert not any(evidence.source.startswith(f"{part}/") for evidence in record.evidence)
        assert not any(evidence.kind == kinds.get(part) for evidence in record.evidence)
        if record.root_cause == "unknown" and calm[name].root_cause != "unknown":
            assert (record.route, record.status) == ("review", "in_review")
            assert record.missing, "what would settle it is not named"


def put(folder: Path, name: str, content: str | bytes) -> None:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


BROKEN: dict[str, str | bytes] = {
    "remits/cut_off.835": paying_remit()[:600],
    "remits/noise.edi": bytes(range(256)) * 20,
    "claims/noise.837": b"\xff\xfe\x00not a claim" * 50,
    "acks/noise.277": b"ISA*broken",
    "auths/other_columns.csv": "number,what\n1,2\n",
    "coverage/other_columns.csv": "member;from\nA;B\n",
    "contracts/other_columns.csv": "drug,price\nJ9271,1\n",
    "charts/broken.json": '{"resourceType": "Bundle", "entry": [',
    "policies/no_front_matter.md": "# Just words\n",
}


def test_garbage_in_every_folder_is_named_file_by_file_and_changes_no_record(
    small: Path, tmp_path: Path, calm: dict[str, DenialRecord]
) -> None:
    for name, content in BROKEN.items():
        put(small, name, content)
    report, records = worked(small, tmp_path / "home")
    named = [finding.file for finding in errors(report)]
    assert sorted(named) == sorted(BROKEN)
    assert {file.name for file in report.files if file.outcome == "quarantined"} == set(BROKEN)
    assert all(finding.says and finding.code for finding in errors(report))
    (cut,) = [finding for finding in errors(report) if finding.file == "remits/cut_off.835"]
    assert (cut.code, cut.place is not None and 0 < cut.place.byte <= 600) == ("truncated", True)
    assert records == calm


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [("payers.yaml", "- id: CASC1\n name: dedented\n", 2)],
)
def test_a_broken_payers_file_is_named_with_its_line_and_leaves_no_rule_to_guess(
    name: str, text: str, line: int, small: Path, tmp_path: Path, calm: dict[str, DenialRecord]
) -> None:
    put(small, name, text)
    report, records = worked(small, tmp_path / "home")
    (finding,) = errors(report)
    assert finding.file == name
    assert re.search(rf":{line}\b", finding.where), finding.where
    assert records.keys()
    assert len(records) == len(calm)
    for record in records.values():
        assert record.deadlines == ()
        assert record.route == "review" or record.status in ("won", "lost")
        assert "payer-unknown" in {reason.code for reason in record.review_reasons}


@pytest.mark.parametrize("text", ["name: [unclosed\n", "", "contract: 1\n", "- a\n- b\n"])
def test_without_a_readable_practice_nothing_is_taken_in(text: str, small: Path, tmp_path: Path) -> None:
    put(small, "practice.yaml", text)
    report, records = worked(small, tmp_path / "home")
    assert not report.usable
    assert {finding.file for finding in report.findings} == {"practice.yaml"}
    assert records == {}


def test_a_broken_row_is_named_with_its_line_and_the_others_count(
    small: Path, tmp_path: Path, calm: dict[str, DenialRecord]
) -> None:
    path = small / "auths" / "cascade.csv"
    rows = path.read_text().splitlines()
    put(small, "auths/cascade.csv", "\n".join([*rows, rows[1].replace("approved", "perhaps"), ""]))
    report, records = worked(small, tmp_path / "home")
    (finding,) = errors(report)
    assert f"auths/cascade.csv:{len(rows) + 1}" in finding.where
    assert "perhaps" in finding.says
    differ = {name for name in calm if records[name] != calm[name]}
    assert {calm[name].remit.claim_id for name in differ} <= {"CED26-0316"}, "the row is of one member"


def chart(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((CEDAR / "charts" / name).read_text())
    return found


def test_the_chart_of_nobody_is_named_and_changes_no_record(
    small: Path, tmp_path: Path, calm: dict[str, DenialRecord]
) -> None:
    text = json.dumps(chart("ced10018-okafor.json"))
    for old, new in (("CHP400118", "CHP999999"), ("Okafor", "Nobody"), ("OKAFOR", "NOBODY")):
        text = text.replace(old, new)
    put(small, "charts/nobody.json", text)
    report, records = worked(small, tmp_path / "home")
    (finding,) = [found for found in report.findings if found.file != UNBILLED]
    assert (finding.code, finding.file) == ("chart-of-nobody", "charts/nobody.json")
    assert "CHP999999" in finding.says
    assert records == calm


def test_of_two_charts_of_one_member_none_is_chosen_and_it_is_said(
    small: Path, tmp_path: Path, calm: dict[str, DenialRecord]
) -> None:
    shutil.copy(small / "charts" / "ced10018-okafor.json", small / "charts" / "again.json")
    text = (small / "charts" / "again.json").read_text().replace("okafor-", "again-")
    put(small, "charts/again.json", text)
    report, records = worked(small, tmp_path / "home")
    (finding,) = [found for found in report.findings if found.file != UNBILLED]
    assert (finding.code, finding.file) == ("charts-of-one-person", "charts/ced10018-okafor.json")
    assert "charts/again.json" in finding.says
    differ = {name for name in calm if records[name] != calm[name]}
    assert {calm[name].remit.claim_id for name in differ} == {"CED26-0316"}
    (name,) = differ
    assert records[name].links.chart is None
    assert (records[name].root_cause, records[name].route) == ("unknown", "review")
    assert any("chart" in reason.code for reason in records[name].review_reasons)
