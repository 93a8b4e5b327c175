"""Take a patient out of the records, in one transaction: rows, files as they came, and words left elsewhere."""

from collections import Counter
from collections.abc import Sequence

from agent.erasure.masking import without
from agent.erasure.patient import Patient
from agent.erasure.traces import Traces
from agent.series.approving import FOLDER
from knowledge.records import JointApproval, Repository
from knowledge.records.keeping import ErasurePlan
from knowledge.records.mentions import MentionKind
from tools.denials.identity import squeeze

_DELETED: tuple[MentionKind, ...] = (
    *("claim", "coverage", "authorization", "chart"),
    *("acknowledgement", "status", "unread"),
)


def erase_rows(tx: Repository, patient: Patient, names_of_files: Sequence[str]) -> tuple[ErasurePlan, dict[str, int]]:
    """Erase what the records hold of a patient; give what lies beside them and is still to go, and what went.

    Amounts of their remits stay, under names that say nothing, so that cash adds up as before.
    """
    practice_id, counts = patient.practice_id, Counter[str]()
    practice = tx.files.practice(practice_id)
    staff = [provider.name for provider in practice.providers] if practice is not None else []
    traces = Traces.of(patient, names_of_files, staff)
    counts["denials"] = len(patient.denials)
    joint = tx.erasing.joint_with(practice_id, patient.denials)
    plan = ErasurePlan(
        threads=tuple(f"{practice_id}/{denial_id}" for denial_id in patient.denials),
        paths=_paths(tx, patient, [one for one, _ in joint]),
        kept=_kept(tx, patient, [one for one, _ in joint]),
    )
    _leave_groups(tx, patient, joint)
    tx.erasing.drop_denials(practice_id, patient.denials)
    _facts(tx, patient, counts)
    _files(tx, patient, traces, counts)
    counts["answers kept for repeats"] = tx.erasing.drop_answers(
        lambda body: traces.stand_in(body) or any(name.encode() in body for name in patient.denials)
    )
    changed = tx.erasing.rewrite_texts(traces.search, traces.masked)
    counts["texts elsewhere"] = sum(changed.values())
    return plan, dict(counts)


def files_of(tx: Repository, patient: Patient) -> tuple[str, ...]:
    """Return the names of files that are the patient's alone: their charts."""
    foreign = {mention.file for mention in patient.others}
    return tuple(sorted({m.file for m in patient.theirs if m.kind == "chart"} - foreign))


def _facts(tx: Repository, patient: Patient, counts: Counter[str]) -> None:
    for kind in _DELETED:
        rows = [mention.row for mention in patient.theirs if mention.kind == kind]
        tx.erasing.drop_facts(kind, rows)
        counts[f"{kind} rows"] = len(rows)
    renamed: dict[str, str] = {}
    answers = [mention for mention in patient.theirs if mention.kind == "remit"]
    for mention in answers:
        name = f"erased-{mention.row}"
        tx.erasing.keep_amount(mention.row, name)
        renamed |= {squeeze(number): name for number in (mention.claim, *mention.numbers) if number.strip()}
    counts["answers of payers, amounts kept"] = len(answers)
    tx.erasing.rename_references(
        patient.practice_id, lambda reference: " ".join(renamed.get(squeeze(w), w) for w in reference.split(" "))
    )


def _files(tx: Repository, patient: Patient, traces: Traces, counts: Counter[str]) -> None:
    for file in tx.erasing.contents(patient.practice_id):
        if file.state == "erased":
            continue
        left = without(file, patient, traces)
        if left is None:
            tx.erasing.empty(file)
            counts["files emptied"] += 1
        elif left != file.content:
            tx.erasing.replace_content(file, left)
            counts["files masked"] += 1


def _paths(tx: Repository, patient: Patient, joint: Sequence[JointApproval]) -> tuple[str, ...]:
    """Return the folders of what was made for the patient, alone or with others, and drafts that are made anew."""
    below = f"products/{patient.practice_id}"
    found = {f"{below}/{denial_id}" for denial_id in patient.denials}
    together = {one.group_id for one in joint}
    for denial_id in patient.denials:
        stored = tx.denials.get(patient.practice_id, denial_id)
        if stored is not None and stored.series is not None:
            together.add(stored.series)
    found |= {f"{below}/{FOLDER}/{group}" for group in together} | {f"{below}/{FOLDER}/*/draft.pdf"}
    found |= set(tx.erasing.paths_of(patient.practice_id, patient.denials))
    return tuple(sorted(found))


def _kept(tx: Repository, patient: Patient, joint: Sequence[JointApproval]) -> tuple[str, ...]:
    own = tx.erasing.kept_of(patient.practice_id, patient.denials)
    return tuple(sorted({*own, *(one.file.sha256 for one in joint if one.file is not None)}))


def _leave_groups(tx: Repository, patient: Patient, joint: Sequence[tuple[JointApproval, bool]]) -> None:
    """Take the patient out of what was approved together: not sent, others go by their own; sent, they stay sent."""
    for one, sent in joint:
        left = tuple(member for member in one.members if member.denial_id not in patient.denials)
        if not left or (not sent and one.file is not None):
            tx.erasing.drop_joint(patient.practice_id, one.sha256)
            continue
        carriers = {member.denial_id for member in left}
        heir = left[0].denial_id
        members = tuple(
            member if member.carrier in carriers else member.model_copy(update={"carrier": heir}) for member in left
        )
        lost = any(member.carrier not in carriers for member in left)
        kept = one.model_copy(update={"members": members})
        tx.erasing.keep_joint(patient.practice_id, kept, heir if lost and sent else None)
