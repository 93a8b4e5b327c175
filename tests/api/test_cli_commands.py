"""The commands: what each shows, writes and decides."""

import csv
import json
import types
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from api_served import CEDAR
from cli_running import REMIT, records, run, waiting

from api.commands.work import _sample
from api.export_rows import COLUMNS

ROOT = Path(__file__).parents[2]


def test_work_shows_every_denial_what_is_at_stake_and_where_the_packets_lie(folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "new"
    shown = run("work", folder, "--home", home).stdout
    found = records(home)
    for record in found:
        assert record.root_cause in shown
        assert record.remit.claim_id in shown
    assert f"{len(found)} denials found" in shown
    assert str(home / "products") in shown
    assert "overturn serve" in shown


def test_work_again_takes_nothing_in_twice(folder: Path, home: Path) -> None:
    before = records(home)
    shown = run("work", folder, "--home", home).stdout
    assert "0 taken in" in shown
    assert records(home) == before


def test_quiet_work_says_nothing_when_nothing_is_wrong(folder: Path, home: Path) -> None:
    result = run("work", folder, "--home", home, "--quiet")
    assert result.output == ""


@pytest.mark.parametrize("columns", [100, 120, 200])
def test_no_line_of_the_queue_is_wider_than_the_terminal_and_no_amount_is_cut(home: Path, columns: int) -> None:
    shown = run("queue", "--home", home, columns=columns).stdout
    assert max(map(len, shown.splitlines())) <= columns
    assert "…" not in shown
    for record in records(home):
        assert f"${float(record.amount_at_stake):,.2f}" in shown


def test_the_queue_on_a_narrow_terminal_cuts_causes_only(home: Path) -> None:
    shown = run("queue", "--home", home, columns=80).stdout
    assert max(map(len, shown.splitlines())) <= 80
    for record in records(home):
        assert f"${float(record.amount_at_stake):,.2f}" in shown
        assert record.remit.claim_id in shown


def test_output_without_a_terminal_has_no_control_characters(folder: Path, home: Path) -> None:
    for arguments in (("queue",), ("show", records(home)[0].denial_id)):
        assert "\x1b" not in run(*arguments, "--home", home).output


def test_the_next_commands_can_be_typed_as_they_stand(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", [".venv/bin/overturn", "work"])
    monkeypatch.setenv("PATH", str(tmp_path))
    shown = run("work", folder, "--home", tmp_path / "a home").stdout
    assert ".venv/bin/overturn export --home '" in shown


def test_show_takes_the_start_of_an_id_and_shows_cause_sources_and_history(home: Path) -> None:
    record = next(each for each in records(home) if each.root_cause == "auth-units-mismatch")
    short = record.denial_id.removeprefix("den_")[:6]
    shown = run("show", short, "--home", home, columns=200).stdout
    assert record.says in shown
    for item in record.evidence:
        assert item.source in shown
    for deadline in record.deadlines:
        assert deadline.date in shown
    assert "Timeline" in shown
    assert run("show", record.denial_id, "--home", home, columns=200).stdout == shown


def test_show_of_an_ambiguous_or_unknown_name_says_so(home: Path) -> None:
    assert "could be any of" in run("show", "den_", "--home", home, code=2).stderr
    assert "no denial zzz" in run("show", "zzz", "--home", home, code=2).stderr


def test_exported_json_lines_are_denial_records_of_the_contract(home: Path) -> None:
    schema = json.loads((ROOT / "evals" / "denial-record.schema.json").read_text())
    lines = run("export", "--home", home).stdout.splitlines()
    exported = [json.loads(line) for line in lines]
    for record in exported:
        jsonschema.validate(record, schema)
    assert exported == [record.model_dump(mode="json") for record in records(home)]


def test_export_to_a_file_writes_the_same(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "denials.jsonl"
    result = run("export", "--home", home, "--output", out)
    assert result.stdout == ""
    assert out.read_text() == run("export", "--home", home).stdout
    assert "cannot be written" in run("export", "--home", home, "-o", tmp_path / "no" / "x", code=2).stderr


def test_exported_csv_has_a_row_a_denial_and_every_column(home: Path) -> None:
    rows = list(csv.DictReader(run("export", "--home", home, "--format", "csv").stdout.splitlines()))
    assert [row["denial_id"] for row in rows] == [record.denial_id for record in records(home)]
    assert tuple(rows[0]) == COLUMNS
    for row, record in zip(rows, records(home), strict=True):
        assert row["amount_at_stake"] == record.amount_at_stake
        assert row["deadline"] == (record.deadlines[0].date if record.deadlines else "")


def test_review_approves_and_refuses_a_second_decision(home: Path) -> None:
    record = waiting(home)
    done = run("review", record.denial_id, "approve", "--reason", "Complete", "--by", "Maria", "--home", home)
    assert "approved" in done.stdout
    again = ("review", record.denial_id, "reject", "--reason", "No", "--by", "Maria", "--home", home)
    assert "not waiting" in run(*again, code=2).stderr


def test_review_edits_what_is_set(home: Path) -> None:
    record = waiting(home)
    edit = ("review", record.denial_id, "edit", "--reason", "r", "--set", "remedy=appeal", "--set", "then=")
    run(*edit, "--home", home)
    edited = next(each for each in records(home) if each.denial_id == record.denial_id)
    assert (edited.remedy, edited.then) == ("appeal", None)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("edit",), "edit needs --set"),
        (("approve", "--set", "remedy=appeal"), "--set goes with edit"),
        (("edit", "--set", "remedy"), "is not FIELD=VALUE"),
        (("edit", "--set", "remedy=prayer"), "is no remedy"),
        (("edit", "--set", "paid=1"), "cannot be edited"),
    ],
)
def test_a_review_that_makes_no_sense_is_refused(home: Path, arguments: tuple[str, ...], says: str) -> None:
    refused = run("review", waiting(home).denial_id, *arguments, "--reason", "r", "--home", home, code=2)
    assert says in refused.stderr


def _charged() -> Decimal:
    text = REMIT.read_text()
    claims = [segment.split(text[3]) for segment in text.split(text[105]) if segment.strip().startswith("CLP")]
    return sum((Decimal(claim[3]) for claim in claims), Decimal("0.00"))


def test_remit_prints_its_counts_as_json() -> None:
    counted = json.loads(run("remit", REMIT, "--format", "json").stdout)
    assert counted["transactions"] == 1
    assert counted["claims"] == 8
    assert counted["sum_clp03"] == str(_charged())
    assert counted["findings"] == []
    full = json.loads(run("remit", REMIT, "--format", "json", "--full").stdout)
    assert [len(remit["claims"]) for remit in full["remits"]] == [8]


def test_remit_as_text_shows_claims_when_asked() -> None:
    short = run("remit", REMIT).stdout
    assert f"${_charged():,}" in short
    assert "CED26-0316" not in short
    assert "CED26-0316" in run("remit", REMIT, "--full").stdout


def test_remit_reads_what_it_can_and_fails_only_when_nothing_is_there(tmp_path: Path) -> None:
    cut = tmp_path / "cut.835"
    cut.write_bytes(REMIT.read_bytes()[:2000])
    assert json.loads(run("remit", cut, "--format", "json").stdout)["findings"]
    nothing = tmp_path / "letter.txt"
    nothing.write_text("Dear payer")
    result = run("remit", nothing, "--format", "json", code=1)
    assert json.loads(result.stdout)["transactions"] == 0
    assert "holds no remittance" in result.stderr


def test_text_from_files_cannot_drive_the_terminal(tmp_path: Path) -> None:
    odd = tmp_path / "odd.835"
    odd.write_bytes(REMIT.read_bytes().replace(b"CLP*CED26-0316*", b"CLP*\x1b[2J[bold]X*"))
    shown = run("remit", odd, "--full").output
    assert "\x1b" not in shown
    assert "[2J[bold]X" in shown


def test_eval_hands_over_to_the_suites(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []

    def main(arguments: list[str]) -> int:
        given.append(arguments)
        return 1

    monkeypatch.setitem(__import__("sys").modules, "evals.run", types.SimpleNamespace(main=main))
    run("eval", "--suite", "cedar", "--format", "json", code=1)
    assert given == [["--format", "json", "--suite", "cedar"]]


def test_demo_works_the_sample_practice_and_says_how_to_serve_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _sample() == CEDAR
    monkeypatch.setattr("api.commands.work._sample", lambda: folder)
    shown = run("demo", "--home", tmp_path / "new", columns=200).stdout
    assert "serve --demo" in shown


def test_every_command_teaches_with_an_example() -> None:
    for command in (
        "work",
        "queue",
        "show",
        "review",
        "export",
        "findings",
        "remit",
        "serve",
        "openapi",
        "eval",
        "demo",
    ):
        assert "Example: " in run(command, "--help").stdout, command


def test_the_version_is_printed() -> None:
    assert run("--version").stdout.startswith("overturn 0.")
