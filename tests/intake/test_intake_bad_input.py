"""Whatever is wrong with one file, or wherever intake is cut off, nothing else is lost."""

from pathlib import Path
from typing import Any

import pytest
from intake_builders import auths, claims, put, remit
from intake_running import CODES, NOW, book, claim_ids, codes_of, take

from agent.intake import take_folder
from knowledge.records import Records, open_records
from knowledge.records.repository.remits import Remits


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
