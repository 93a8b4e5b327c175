"""What is taken in or worked again changes nothing; what is new changes only what rests on it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from cedar_home import CEDAR, practice_of
from home_contents import differing, files_of, rows_of, told
from home_lives import clock
from seed_remit import SEED_CLAIM, paying_remit, re_enveloped

from agent.office import Office
from knowledge.types.record import DenialRecord

Opened = Callable[[Path], Office]

IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from home_lives import clock
from agent.office import Office
steps = []
with Office.open(Path(sys.argv[1]), clock, step=lambda *step: steps.append(step)) as office:
    for practice_id, _ in office.practices():
        office.work(practice_id)
sys.stdout.write(str(len(steps)))
"""


def of_claim(office: Office, claim_id: str) -> list[DenialRecord]:
    return sorted(
        (record for record in office.records_of(practice_of(office)) if record.remit.claim_id == claim_id),
        key=lambda record: record.denial_id,
    )


def comparable(record: DenialRecord) -> DenialRecord:
    """A record without its place in the queue, which others' changes move."""
    return record.model_copy(update={"priority": record.priority.model_copy(update={"rank": None})})


def by_id(office: Office) -> dict[str, DenialRecord]:
    return {record.denial_id: comparable(record) for record in office.records_of(practice_of(office))}


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new))


def test_working_again_runs_no_step_and_changes_nothing(home: Path) -> None:
    rows, files, steps = rows_of(home), files_of(home), []
    with Office.open(home, clock, step=lambda *step: steps.append(step)) as office:
        office.work(practice_of(office))
    assert steps == []
    assert differing(rows_of(home), rows) == {}
    assert files_of(home) == files


def test_a_case_is_known_again_by_another_process(home: Path) -> None:
    here = Path(__file__)
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "4711",
        "PYTHONPATH": os.pathsep.join([str(here.parent), str(here.parents[2]), *sys.path]),
    }
    done = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, str(home)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=1200,
    )
    assert (done.stdout, done.returncode) == ("0", 0), done.stderr


def test_the_same_folder_again_is_known_to_the_last_file(home: Path) -> None:
    rows = rows_of(home)
    with Office.open(home, clock) as office:
        report = office.take_folder(CEDAR)
        office.work(practice_of(office))
    assert report.count("known") == len(report.files)
    assert differing(rows_of(home), rows) == {}


def test_a_remit_under_another_name_or_in_another_envelope_changes_no_denial(home: Path, folder: Path) -> None:
    before = told(home)
    original = (CEDAR / "remits" / "CHP_ERA_0403.txt").read_bytes()
    (folder / "remits" / "aa_renamed.835").write_bytes(original)
    (folder / "remits" / "zz_again.edi").write_bytes(re_enveloped(original))
    with Office.open(home, clock) as office:
        report = office.take_folder(folder)
        office.work(practice_of(office))
    assert {file.name: file.outcome for file in report.files if file.outcome != "known"} == {
        "remits/zz_again.edi": "duplicate"
    }
    assert told(home) == before


def test_the_order_in_which_remits_arrive_makes_no_difference(
    folder: Path, tmp_path: Path, opened: Opened, cedar_records: tuple[DenialRecord, ...]
) -> None:
    for remit in (folder / "remits").iterdir():
        if not remit.name.lower().startswith("chp_"):  # one payer's: the copy of another remit among them left out
            remit.unlink()
    remits = sorted((folder / "remits").iterdir())
    names = {f"remits/{len(remits) - place:02}{remit.suffix}": remit.name for place, remit in enumerate(remits)}
    for new, old in names.items():
        (folder / "remits" / old).rename(folder / new)
    office = opened(tmp_path / "other")
    office.take_folder(folder)
    office.work(practice_of(office))

    def renamed(record: DenialRecord) -> str:
        text = record.model_dump_json()
        for new, old in names.items():
            text = text.replace(new, f"remits/{old}")
        return _without_files(text)

    straight = {r.denial_id: _without_files(r.model_dump_json()) for r in cedar_records if r.remit.payer_id == "CASC1"}
    assert len(straight) > 20
    assert {record.denial_id: renamed(record) for record in office.records_of(practice_of(office))} == straight


def _without_files(text: str) -> str:
    """A record without its rank and the hashes of its products: they show the remit's name."""
    record = json.loads(text)
    record["priority"]["rank"] = None
    record["products"] = {kind: bool(product) for kind, product in record["products"].items()}
    return json.dumps(record)


def _but_its_place(record: DenialRecord) -> DenialRecord:
    """A record without its worth and rank: what one denial came to says something of all the others' chances."""
    return record.model_copy(update={"priority": None})


def test_a_later_remit_that_pays_wins_the_denial_and_touches_no_other(home: Path, folder: Path, opened: Opened) -> None:
    office = opened(home)
    before = by_id(office)
    (open_one,) = of_claim(office, SEED_CLAIM)
    (folder / "remits" / "paying.835").write_bytes(paying_remit())
    office.take_folder(folder)
    office.work(practice_of(office))
    after = by_id(office)
    (won,) = of_claim(office, SEED_CLAIM)
    assert (won.denial_id, won.status, won.route) == (open_one.denial_id, "won", "straight_through")
    assert won.root_cause == open_one.root_cause
    assert before.keys() == after.keys()
    changed = {name for name in before if _but_its_place(before[name]) != _but_its_place(after[name])}
    assert changed == {won.denial_id}
    assert [event.kind for event in office.timeline(practice_of(office), won.denial_id)] == ["worked", "worked"]


def test_a_corrected_authorization_works_its_cases_anew_and_takes_back_what_was_approved_before_it(
    home: Path, folder: Path
) -> None:
    steps: list[tuple[str, str]] = []
    with Office.open(home, clock, step=lambda *step: steps.append(step)) as office:
        practice_id = practice_of(office)
        first, second = of_claim(office, "CED26-0308")
        assert {first.root_cause, second.root_cause} == {"auth-expired"}
        assert {first.status, second.status} == {"in_review"}
        office.review(practice_id, second.denial_id, key="k1", decision="approve", reason="ends too early", by="biller")
        before = by_id(office)
        steps.clear()

        change(folder, "auths/cascade.csv", "2025-12-01,2026-02-28", "2025-12-01,2026-08-31")
        office.take_folder(folder)
        office.work(practice_id)
        after = by_id(office)
        waiting = office.record(practice_id, first.denial_id)
    assert waiting is not None
    assert waiting.root_cause != "auth-expired"
    assert "2026-02-28" not in waiting.model_dump_json()
    taken_back = after[second.denial_id]
    assert (taken_back.status, taken_back.route) == ("in_review", "review")
    assert taken_back.root_cause != "auth-expired"
    assert "approval-voided" in {reason.code for reason in taken_back.review_reasons}
    worked = {denial_id for _, denial_id in steps}
    assert {first.denial_id, second.denial_id} <= worked
    assert {before[name].links.chart for name in worked} == {first.links.chart}
    assert {name for name in before if before[name] != after[name]} <= worked


def test_a_review_of_a_case_worked_anew_is_about_what_it_has_become(
    folder: Path, tmp_path: Path, opened: Opened
) -> None:
    for remit in (folder / "remits").iterdir():
        if remit.name != "pcc0318.835":
            remit.unlink()
    office = opened(tmp_path / "other")
    office.take_folder(folder)
    practice_id = practice_of(office)
    office.work(practice_id)
    case = next(record for record in office.records_of(practice_id) if record.status == "in_review")
    change(folder, "practice.yaml", "straight_through: true", "straight_through: false")
    office.take_folder(folder)
    office.work(practice_id)
    again = office.record(practice_id, case.denial_id)
    assert again is not None
    assert "practice-reviews-all" in {reason.code for reason in again.review_reasons}
    assert {record.status for record in office.records_of(practice_id)} == {"in_review"}
    signer = dict(office.practices())[practice_id].providers[0].name
    given = {"key": "k1", "decision": "approve", "reason": "fine", "by": "biller", "signed_by": signer}
    done = office.review(practice_id, case.denial_id, **given)
    assert done.status == "approved"
