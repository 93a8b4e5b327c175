"""Taking in a practice folder: each file once, each whole or not at all, whatever is wrong with the others."""

from itertools import permutations
from pathlib import Path

import pytest
from intake_builders import CHART, PAYERS_YAML, PRACTICE_YAML, auths, claims, put, remit, write_folder
from intake_running import CODES, NOW, book, claim_ids, codes_of, take

from agent.intake import load_book_inputs, take_file, take_folder
from knowledge.records import Records, UnknownPractice


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
