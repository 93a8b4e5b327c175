"""Taking in a practice folder: each file once, each whole or not at all, whatever is wrong with the others."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from intake_builders import CHART, PAYERS_YAML, PRACTICE_YAML, auths, claims, put, remit, write_folder

from agent.intake import BookInputs, IntakeReport, load_book_inputs, take_file, take_folder
from knowledge.codes import load_codes
from knowledge.records import Records, UnknownPractice, open_records
from knowledge.records.repository.remits import Remits

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
CODES = load_codes()


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with open_records(tmp_path / "home" / "records.sqlite") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "practice")


def take(records: Records, folder: Path) -> IntakeReport:
    return take_folder(records, folder, CODES, NOW)


def book(records: Records, report: IntakeReport) -> BookInputs:
    assert report.practice_id is not None
    return load_book_inputs(records, report.practice_id)


def codes_of(report: IntakeReport) -> set[str]:
    return {finding.code for finding in report.findings}


def claim_ids(inputs: BookInputs) -> list[str]:
    return [claim.claim_id for _, claim, _ in inputs.adjudications()]


class TestTakingInAFolder:
    def test_every_part_of_a_folder_comes_back_typed(self, records: Records, folder: Path) -> None:
        report = take(records, folder)
        inputs = book(records, report)
        assert report.usable
        assert report.count("new") == 7
        assert (inputs.practice.name, [payer.id for payer in inputs.payers]) == ("Larkspur Oncology", ["CASC1"])
        assert claim_ids(inputs) == ["C1"]
        assert [claim.claim_id for claim in inputs.claims] == ["C1"]
        assert [row.auth_number for row in inputs.authorizations] == ["A-1"]
        assert [chart.person.identifiers for chart in inputs.charts] == [("M1",)]
        assert [policy.policy_id for policy in inputs.policies] == ["CHP-ONC-014"]
        assert inputs.set_aside == ()

    def test_a_second_time_changes_nothing(self, records: Records, folder: Path) -> None:
        before = book(records, take(records, folder))
        again = take(records, folder)
        assert again.count("known") == len(again.files) == 7
        assert book(records, again) == before

    def test_only_new_files_are_taken_in_later(self, records: Records, folder: Path) -> None:
        take(records, folder)
        put(folder, "remits/b.835", remit((("C2", "ICN2"),), trace="T2"))
        report = take(records, folder)
        assert report.counts()["remit"] == {"known": 1, "new": 1}
        assert claim_ids(book(records, report)) == ["C1", "C2"]

    def test_progress_is_told_file_by_file(self, records: Records, folder: Path) -> None:
        told: list[tuple[str, int, int]] = []
        take_folder(records, folder, CODES, NOW, lambda name, done, total: told.append((name, done, total)))
        assert [done for _, done, _ in told] == list(range(1, 8))
        assert {total for _, _, total in told} == {7}
        assert [name for name, _, _ in told][:2] == ["practice.yaml", "payers.yaml"]

    def test_two_practices_share_a_home_without_meeting(self, records: Records, folder: Path, tmp_path: Path) -> None:
        other = write_folder(tmp_path / "other")
        put(other, "practice.yaml", PRACTICE_YAML.replace("840000001", "840000002"))
        first, second = take(records, folder), take(records, other)
        assert first.practice_id != second.practice_id
        assert second.count("new") == 7
        assert claim_ids(book(records, second)) == ["C1"]


class TestDeliveredAgain:
    def test_a_renamed_copy_of_a_remit_changes_nothing(self, records: Records, folder: Path) -> None:
        before = book(records, take(records, folder))
        put(folder, "remits/z.era", remit())
        report = take(records, folder)
        assert report.counts()["remit"] == {"known": 2}
        assert book(records, report) == before

    def test_a_remit_in_another_envelope_changes_nothing(self, records: Records, folder: Path) -> None:
        before = book(records, take(records, folder))
        put(folder, "remits/z.835", remit(control="000000777", element="|", terminator="\n"))
        report = take(records, folder)
        assert report.counts()["remit"] == {"known": 1, "duplicate": 1}
        assert "remit-again" in codes_of(report)
        assert book(records, report) == before

    @pytest.mark.parametrize("order", list(permutations(("a", "b", "c"))))
    def test_two_that_contradict_each_other_are_both_marked_in_any_order(
        self, records: Records, folder: Path, order: tuple[str, ...]
    ) -> None:
        files = {
            "a": remit((("C1", "ICN1"),)),
            "b": remit((("C1", "ICN1"), ("C2", "ICN2"))),
            "c": remit((("C1", "ICN1"),), control="000000005", terminator="~"),
        }
        (folder / "remits/a.835").unlink()
        report = take(records, folder)
        outcomes = []
        for name in order:
            put(folder, f"remits/{name}.835", files[name])
            report = take(records, folder)
            outcomes.append(next(f.outcome for f in report.files if f.name == f"remits/{name}.835"))
        inputs = book(records, report)
        assert sorted(outcomes) == ["conflict", "duplicate", "new"]
        assert sorted(claim_ids(inputs)) == ["C1", "C1", "C2"]
        assert all(conflict for _, _, conflict in inputs.adjudications())

    def test_the_same_trace_of_another_payer_is_no_contradiction(self, records: Records, folder: Path) -> None:
        put(folder, "payers.yaml", PAYERS_YAML + "- {id: MEDB, name: Plan B}\n")
        put(folder, "remits/b.835", remit((("C9", "ICN9"),), payer="MEDB").replace(b"CASCADE HEALTH PLAN", b"PLAN B"))
        inputs = book(records, take(records, folder))
        assert inputs.conflicts == frozenset()
        assert sorted(claim_ids(inputs)) == ["C1", "C9"]

    def test_a_payer_named_later_brings_a_contradiction_to_light(self, records: Records, folder: Path) -> None:
        stranger = remit((("C2", "ICN2"),), payer="77777").replace(b"CASCADE HEALTH PLAN", b"SOMEBODY ELSE")
        put(folder, "remits/b.835", stranger)
        report = take(records, folder)
        assert "payer-unknown" in codes_of(report)
        assert book(records, report).conflicts == frozenset()
        put(folder, "payers.yaml", PAYERS_YAML.replace('"84001"', '"84001", "77777"'))
        assert book(records, take(records, folder)).conflicts == {0, 1}


class TestNewVersions:
    def test_a_changed_file_replaces_its_rows_and_no_others(self, records: Records, folder: Path) -> None:
        put(folder, "auths/b.csv", auths("B-1"))
        take(records, folder)
        put(folder, "auths/a.csv", auths("A-2", "A-3"))
        put(folder, "claims/a.837", claims("C1", units="200"))
        inputs = book(records, take(records, folder))
        assert [row.auth_number for row in inputs.authorizations] == ["A-2", "A-3", "B-1"]
        assert [claim.lines[0].units for claim in inputs.claims] == [200]

    def test_a_file_put_back_as_it_was_counts_again(self, records: Records, folder: Path) -> None:
        take(records, folder)
        put(folder, "auths/a.csv", auths("A-2"))
        take(records, folder)
        put(folder, "auths/a.csv", auths("A-1"))
        report = take(records, folder)
        assert [row.auth_number for row in book(records, report).authorizations] == ["A-1"]

    def test_a_broken_new_version_leaves_the_old_one_counting_and_says_so(self, records: Records, folder: Path) -> None:
        take(records, folder)
        put(folder, "auths/a.csv", "something,else\n1,2\n")
        put(folder, "charts/ada.json", CHART[:-20])
        report = take(records, folder)
        inputs = book(records, report)
        assert report.count("quarantined") == 2
        assert "older-version-used" in codes_of(report)
        assert [row.auth_number for row in inputs.authorizations] == ["A-1"]
        assert len(inputs.charts) == 1
        assert {file.name for file in inputs.set_aside} == {"auths/a.csv", "charts/ada.json"}

    def test_a_copy_is_counted_once_and_outlives_the_change_of_its_original(
        self, records: Records, folder: Path
    ) -> None:
        put(folder, "auths/0copy.csv", auths("A-1"))
        put(folder, "claims/copy.837", claims("C1", control="000000099"))
        first = take(records, folder)
        assert len(book(records, first).authorizations) == len(book(records, first).claims) == 1
        put(folder, "auths/a.csv", auths("A-2"))
        inputs = book(records, take(records, folder))
        assert [row.auth_number for row in inputs.authorizations] == ["A-1", "A-2"]

    def test_new_payers_are_recognised_in_files_taken_in_before(self, records: Records, folder: Path) -> None:
        put(folder, "auths/a.csv", auths("A-1", payer="99999"))
        first = book(records, take(records, folder))
        assert [row.payer_id for row in first.authorizations] == ["99999"]
        put(folder, "payers.yaml", PAYERS_YAML.replace('"84001"', '"84001", "99999"'))
        inputs = book(records, take(records, folder))
        assert [row.payer_id for row in inputs.authorizations] == ["CASC1"]
        assert len(inputs.payers) == 1


class TestBadInput:
    def test_a_cut_off_remit_is_kept_and_nothing_of_it_counts(self, records: Records, folder: Path) -> None:
        cut = remit((("C2", "ICN2"),), trace="T2")[:-60]
        put(folder, "remits/cut.835", cut)
        report = take(records, folder)
        inputs = book(records, report)
        assert report.counts()["remit"] == {"new": 1, "quarantined": 1}
        assert "truncated" in codes_of(report)
        assert claim_ids(inputs) == ["C1"]
        (file,) = inputs.set_aside
        with records.reading() as tx:
            assert tx.files.content(inputs.practice_id, file.id) == cut
            assert [found.code for found in tx.files.findings(inputs.practice_id, file.id)] == ["truncated"]

    def test_the_whole_file_after_the_cut_one_is_taken_in(self, records: Records, folder: Path) -> None:
        whole = remit((("C2", "ICN2"),), trace="T2")
        put(folder, "remits/cut.835", whole[:-60])
        take(records, folder)
        put(folder, "remits/cut.835", whole)
        assert claim_ids(book(records, take(records, folder))) == ["C1", "C2"]

    def test_a_claim_file_among_the_remits_is_reported(self, records: Records, folder: Path) -> None:
        put(folder, "remits/wrong.835", claims("C5"))
        report = take(records, folder)
        assert report.counts()["remit"] == {"new": 1, "quarantined": 1}
        assert any(found.file == "remits/wrong.835" and "837" in found.says for found in report.findings)

    def test_an_unknown_payer_is_a_warning_and_the_remit_counts(self, records: Records, folder: Path) -> None:
        stranger = remit((("C2", "ICN2"),), trace="T2", payer="77777").replace(b"CASCADE HEALTH PLAN", b"SOMEBODY ELSE")
        put(folder, "remits/b.835", stranger)
        report = take(records, folder)
        (finding,) = [found for found in report.findings if found.code == "payer-unknown"]
        assert (finding.severity, finding.file) == ("warning", "remits/b.835")
        assert "77777" in finding.says
        assert claim_ids(book(records, report)) == ["C1", "C2"]

    @pytest.mark.parametrize("content", [None, "", "name: [", "- a list\n", "tax_id: '1'\n", b"\x00\xff"])
    def test_without_a_readable_practice_nothing_is_taken_in(
        self, records: Records, folder: Path, content: Any
    ) -> None:
        (folder / "practice.yaml").unlink()
        if content is not None:
            put(folder, "practice.yaml", content)
        report = take(records, folder)
        assert not report.usable
        assert any(found.file == "practice.yaml" for found in report.findings)
        with records.reading() as tx:
            assert tx.files.practice_ids() == ()

    def test_a_folder_that_is_not_there_is_one_clear_error(self, records: Records, tmp_path: Path) -> None:
        report = take(records, tmp_path / "nowhere")
        assert not report.usable
        assert [found.code for found in report.findings] == ["folder-missing"]

    def test_without_payers_remits_are_still_read(self, records: Records, folder: Path) -> None:
        (folder / "payers.yaml").unlink()
        report = take(records, folder)
        assert {"payers-missing", "payer-unknown"} <= codes_of(report)
        assert claim_ids(book(records, report)) == ["C1"]

    def test_rows_that_cannot_be_used_are_remembered_as_such(self, records: Records, folder: Path) -> None:
        put(folder, "auths/a.csv", auths("A-1") + "A-2,CASC1,M1,perhaps,J9271,,,,,,,,,,,,\n")
        inputs = book(records, take(records, folder))
        assert [row.auth_number for row in inputs.authorizations] == ["A-1"]
        assert [row.source for row in inputs.unread] == ["auths/a.csv:3"]

    def test_a_file_of_junk_in_every_part_costs_no_other_file(self, records: Records, folder: Path) -> None:
        for name in ("remits/j.835", "claims/j.837", "acks/j.277", "auths/j.csv", "charts/j.json", "policies/j.md"):
            put(folder, name, b"\x00\x01\xff" + name.encode())
        report = take(records, folder)
        assert report.count("quarantined") == 6
        assert report.count("new") == 7
        for name in ("remits/j.835", "charts/j.json", "auths/j.csv"):
            assert any(found.file == name and found.severity == "error" for found in report.findings)

    def test_the_faults_of_a_file_set_aside_are_said_again(self, records: Records, folder: Path) -> None:
        (folder / "charts" / "broken.json").write_text("{")
        first, second = take(records, folder), take(records, folder)
        for report in (first, second):
            assert report.count("quarantined") == 1
            assert [found.says for found in report.findings if found.file == "charts/broken.json"] == [
                found.says for found in first.findings if found.file == "charts/broken.json"
            ]

    def test_a_name_that_is_no_utf8_is_taken_in_all_the_same(self, records: Records, folder: Path) -> None:
        name = b"remits/r\xe9.835".decode("utf-8", "surrogateescape")
        put(folder, name, remit((("C2", "ICN2"),), trace="T2"))
        report = take(records, folder)
        assert "remits/r\\udce9.835" in {file.name for file in report.files}
        assert claim_ids(book(records, report)) == ["C1", "C2"]


class TestCrashes:
    def test_a_transaction_that_dies_midway_leaves_nothing_of_the_file(
        self, records: Records, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(folder, "remits/b.835", remit((("C2", "ICN2"),), trace="T2"))

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            # The remit and its claims are in by then, and the file with them.
            patch.setattr(Remits, "_add_provider_adjustments", die)
            with pytest.raises(KeyboardInterrupt):
                take(records, folder)
        with records.reading() as tx:
            (practice_id,) = tx.files.practice_ids()
            assert not [file for file in tx.files.all(practice_id) if file.kind == "remit"]
            assert list(tx.remits.all(practice_id)) == []
        assert claim_ids(book(records, take(records, folder))) == ["C1", "C2"]

    @pytest.mark.parametrize("file", range(1, 8))
    def test_stopped_after_any_file_it_ends_as_if_never_stopped(
        self, records: Records, folder: Path, tmp_path: Path, file: int
    ) -> None:
        def stop(_name: str, done: int, _total: int) -> None:
            if done == file:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            take_folder(records, folder, CODES, NOW, stop)
        resumed = book(records, take(records, folder))
        with open_records(tmp_path / "undisturbed.sqlite") as other:
            assert resumed == book(other, take(other, folder))


class TestUploads:
    def test_a_remit_sent_by_itself_joins_its_practice(self, records: Records, folder: Path) -> None:
        practice_id = take(records, folder).practice_id or ""
        data = remit((("C2", "ICN2"),), trace="T2")
        first = take_file(records, practice_id, "remit", "era.835", data, CODES, NOW)
        again = take_file(records, practice_id, "remit", "era (1).835", data, CODES, NOW)
        assert [file.outcome for file in first.files + again.files] == ["new", "known"]
        assert sorted(claim_ids(book(records, first))) == ["C1", "C2"]

    def test_claims_sent_under_one_name_do_not_replace_each_other(self, records: Records, folder: Path) -> None:
        practice_id = take(records, folder).practice_id or ""
        for claim_id in ("C7", "C8"):
            take_file(records, practice_id, "claim", "batch.837", claims(claim_id), CODES, NOW)
        inputs = load_book_inputs(records, practice_id)
        assert sorted(claim.claim_id for claim in inputs.claims) == ["C1", "C7", "C8"]

    def test_nothing_is_taken_in_for_a_practice_nobody_knows(self, records: Records) -> None:
        report = take_file(records, "prc_x", "remit", "era.835", remit(), CODES, NOW)
        assert not report.usable
        assert codes_of(report) == {"practice-unknown"}
        with pytest.raises(UnknownPractice):
            load_book_inputs(records, "prc_x")

    def test_another_practice_cannot_take_the_place_of_this_one(self, records: Records, folder: Path) -> None:
        practice_id = take(records, folder).practice_id or ""
        other = PRACTICE_YAML.replace("840000001", "840000002").replace("Larkspur", "Other").encode()
        report = take_file(records, practice_id, "practice", "practice.yaml", other, CODES, NOW)
        assert {"practice-other", "older-version-used"} <= codes_of(report)
        assert load_book_inputs(records, practice_id).practice.name == "Larkspur Oncology"
