"""Take files in: whole folders or one by one. Each file stands or falls alone, and counts once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from agent.intake.collecting import collector_held
from agent.intake.parts import Findings, Part, read_part
from agent.intake.patients import doubtful_charts
from agent.intake.report import IntakeReport, Outcome, Progress, TakenFile
from agent.intake.storing import Storing
from knowledge.codes import Codes
from knowledge.folder import FileKind, SourceFile
from knowledge.folder.listing import FolderListing, list_folder
from knowledge.folder.policy_versions import compare_versions
from knowledge.payers import PayerDirectory
from knowledge.records import Records, Repository, StoredFile, UnstorableValue, sha256_of
from knowledge.records.values import FileState
from knowledge.types.practice import Practice
from knowledge.types.reading import ReadingFinding, Severity

_NO_PAYERS = (
    "missing: no payer and none of its rules is known unless taken in before. Remits are read, "
    "but nothing can be dated or sent"
)

# In a folder a name is one file, whose newest version counts. Remits are never replaced: what a payer
# once said stays said, and a second version of it is a contradiction for a person.
_REPLACED_IN_FOLDERS: frozenset[FileKind] = frozenset(
    ("practice", "payers", "claim", "acknowledgement", "authorization", "chart", "coverage", "policy", "contract")
)
# An upload's name is the sender's and may come again with other claims.
_REPLACED_IN_UPLOADS = _REPLACED_IN_FOLDERS - {"claim", "acknowledgement"}

_STATES: dict[Outcome, FileState] = {
    "new": "accepted",
    "conflict": "accepted",
    "duplicate": "duplicate",
    "quarantined": "quarantined",
}


@dataclass(frozen=True)
class _Given:
    """One file as it is given, and the kinds of which a newer version replaces an older one."""

    kind: FileKind
    name: str
    data: bytes
    replacing: frozenset[FileKind]


def practice_id_of(practice: Practice) -> str:
    """Name a practice: the same tax id and billing NPI (else the same name) are the same practice."""
    identity = f"{practice.tax_id}|{practice.billing_npi}" if practice.tax_id or practice.billing_npi else practice.name
    return f"prc_{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def take_folder(
    records: Records, folder: Path, codes: Codes, now: datetime, progress: Progress | None = None
) -> IntakeReport:
    """Take in every file of a practice folder that is new or has changed.

    A file that cannot be read or is cut off is reported and set aside; all others are taken in. Only without a
    readable practice.yaml nothing is. What was taken in before is passed over, so a folder can be taken in again
    after a crash or with more files in it.
    """
    if not folder.is_dir():
        says = "is no folder" if folder.exists() else "does not exist"
        return _unusable(_about(str(folder), "folder-missing", f"{says}; give the path of a practice folder"))
    listing = list_folder(folder)
    practice, unread = _practice(listing, codes)
    if practice is None:
        return _unusable(*listing.findings, *unread)
    practice_id = practice_id_of(practice)
    about_folder = [*listing.findings, *_missing(listing, "payers", "payers.yaml", _NO_PAYERS)]
    about_files: list[ReadingFinding] = []
    taken: list[TakenFile] = []
    files = sorted(listing.files, key=lambda file: (file.kind != "practice", file.kind != "payers"))
    for done, file in enumerate(files, start=1):
        data, unread = _read(file)
        about_folder += unread
        if data is not None:
            given = _Given(file.kind, _printable(file.path), data, _REPLACED_IN_FOLDERS)
            with collector_held():
                result, noticed = _take(records, practice_id, given, codes, now)
            taken.append(result)
            about_files += noticed
        if progress is not None:
            progress(file.path, done, len(files))
    with records.transaction() as tx:
        about_folder += compare_versions(tx.facts.policies(practice_id))
        about_folder += doubtful_charts(tx, practice_id)
        tx.files.add_findings(practice_id, None, [_storable(finding) for finding in about_folder])
    return IntakeReport(True, practice_id, tuple(taken), (*about_folder, *about_files))


def take_file(
    records: Records, practice_id: str, kind: FileKind, name: str, data: bytes, codes: Codes, now: datetime
) -> IntakeReport:
    """Take in one file for a practice that is known.

    A newer version of a file of one name replaces the older one, except X12: remits, claims and acknowledgements
    of an older file go on counting.
    """
    with records.reading() as tx:
        known = tx.files.practice(practice_id) is not None
    if not known:
        says = f"practice {practice_id} is not known; take in its folder, or its practice.yaml, first"
        return _unusable(_about(name, "practice-unknown", says))
    given = _Given(kind, _printable(name), data, _REPLACED_IN_UPLOADS)
    with collector_held():
        taken, findings = _take(records, practice_id, given, codes, now)
    return IntakeReport(True, practice_id, (taken,), findings)


def _take(records: Records, practice_id: str, given: _Given, codes: Codes, now: datetime) -> tuple[TakenFile, Findings]:
    with records.reading() as tx:
        if _is_known(tx, practice_id, given):
            return _known(tx, practice_id, given)
        payers = PayerDirectory(tx.facts.payers(practice_id))
    part = read_part(given.kind, given.name, given.data, codes, payers)
    if given.kind == "practice" and part.facts and practice_id_of(part.facts[0]) != practice_id:
        says = "is about another practice: its tax_id or billing_npi differs; take in its own folder"
        part = Part(findings=(*part.findings, _about(given.name, "practice-other", says)))
    try:
        return _store(records, practice_id, given, part, codes, now)
    except UnstorableValue as error:
        broken = _about(given.name, "not-storable", f"{error}. The file was set aside; save it as UTF-8")
        return _store(records, practice_id, given, Part(findings=(broken,)), codes, now)


def _store(
    records: Records, practice_id: str, given: _Given, part: Part[Any], codes: Codes, now: datetime
) -> tuple[TakenFile, Findings]:
    with records.transaction() as tx:
        if _is_known(tx, practice_id, given):  # another process was faster
            return TakenFile(given.kind, given.name, "known"), ()
        if given.kind == "practice" and part.facts:
            tx.files.save_practice(practice_id, part.facts[0])
        current = _current_versions(tx, practice_id, given)
        twins = _counting(tx.files.of_content(practice_id, given.kind, sha256_of(given.data)))
        file_id = tx.files.add(practice_id, given.kind, given.name, given.data, "accepted", now)
        stored = Storing(tx, practice_id, codes).store(file_id, given.kind, part, replaced=current)
        outcome = "duplicate" if stored.outcome == "new" and twins else stored.outcome
        findings = stored.findings
        if outcome == "quarantined" and _counting(current):
            says = "cannot be used; the version taken in before goes on counting until this one is corrected"
            findings = (*findings, _about(given.name, "older-version-used", says, "warning"))
        tx.files.set_state(file_id, _STATES[outcome])
        tx.files.add_findings(practice_id, file_id, findings)
        return TakenFile(given.kind, given.name, outcome, stored.facts), findings


def _known(tx: Repository, practice_id: str, given: _Given) -> tuple[TakenFile, Findings]:
    """Pass over a file that is there already; the faults of one that was set aside are said again."""
    same = tx.files.of_content(practice_id, given.kind, sha256_of(given.data))
    if any(file.state != "quarantined" for file in same):
        return TakenFile(given.kind, given.name, "known"), ()
    named = next((file for file in same if file.name == given.name), same[0])
    return TakenFile(given.kind, given.name, "quarantined"), tx.files.findings(practice_id, named.id)


def _is_known(tx: Repository, practice_id: str, given: _Given) -> bool:
    same = tx.files.of_content(practice_id, given.kind, sha256_of(given.data))
    if given.kind not in given.replacing or any(file.state == "erased" for file in same):
        return bool(same)
    # Copies of a file that may be replaced stand for themselves: each goes its own way when it changes.
    return any(file.name == given.name and file.state != "superseded" for file in same)


def _current_versions(tx: Repository, practice_id: str, given: _Given) -> tuple[StoredFile, ...]:
    """Give the files that this one replaces."""
    if given.kind not in given.replacing:
        return ()
    versions = tx.files.of_name(practice_id, given.kind, given.name)
    return tuple(file for file in versions if file.state != "superseded")


def _counting(files: Sequence[StoredFile]) -> tuple[StoredFile, ...]:
    return tuple(file for file in files if file.state in ("accepted", "duplicate"))


def _practice(listing: FolderListing, codes: Codes) -> tuple[Practice | None, Findings]:
    missing = _missing(listing, "practice", "practice.yaml", "missing: without it there is nobody to work for")
    for file in listing.files:
        if file.kind == "practice":
            data, unread = _read(file)
            if data is None:
                return None, unread
            part = read_part("practice", file.path, data, codes, PayerDirectory(()))
            return (part.facts[0], ()) if part.facts else (None, part.findings)
    return None, missing


def _missing(listing: FolderListing, kind: FileKind, name: str, says: str) -> Findings:
    there = any(file.kind == kind for file in listing.files)
    told = any(finding.file == name for finding in listing.findings)
    return () if there or told else (_about(name, f"{kind}-missing", says),)


def _read(file: SourceFile) -> tuple[bytes | None, Findings]:
    try:
        return file.read(), ()
    except OSError as error:
        return None, (_about(file.path, "file-unreadable", f"cannot be read: {error.strerror}"),)


def _printable(name: str) -> str:
    """Write a file name whose bytes are no UTF-8 so that it can be stored and shown."""
    return name.encode("utf-8", "backslashreplace").decode()


def _storable(finding: ReadingFinding) -> ReadingFinding:
    return replace(
        finding, says=_printable(finding.says), file=_printable(finding.file), where=_printable(finding.where)
    )


def _about(file: str, code: str, says: str, severity: Severity = "error") -> ReadingFinding:
    return ReadingFinding(severity, code, says, file, where=file)


def _unusable(*findings: ReadingFinding) -> IntakeReport:
    return IntakeReport(usable=False, findings=findings)
