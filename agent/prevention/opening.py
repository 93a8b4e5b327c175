"""Open a practice folder, or one claim file beside a home's records, and check what is to be sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.casebook import Casebook
from agent.intake import IntakeReport, take_folder
from agent.prevention.checking import check_claims
from agent.prevention.found import CheckedLine
from agent.prevention.unsent import Outgoing
from knowledge.causes import load_catalogue
from knowledge.codes import Codes, load_codes
from knowledge.records import Records, open_records
from knowledge.sealing import HomeKey
from knowledge.types.claim import SubmittedClaim
from knowledge.types.reading import ReadingFinding
from tools.x12.claims import read_claims


class CannotCheck(ValueError):
    """There is nothing to check: what was wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The lines checked, what was noticed in the files, and the records they were held against."""

    lines: tuple[CheckedLine, ...]
    findings: tuple[ReadingFinding, ...]
    casebook: Casebook


def folder_checked(folder: Path, scratch: Path, clock: Callable[[], datetime]) -> Checked:
    """Check every claim of a practice folder; its records are kept in `scratch`, a folder of the caller's.

    Raises:
        CannotCheck: the folder is none of a practice, or holds no claim that could be read.
    """
    codes = load_codes()
    records = open_records(scratch / "check.db", HomeKey.fresh())
    try:
        taken = take_folder(records, folder, codes, clock())
        if not taken.usable or taken.practice_id is None:
            raise CannotCheck(_why(folder, taken))
        casebook = Casebook(records, taken.practice_id, codes)
        claims = casebook.inputs.claims
        if not claims:
            raise CannotCheck(f"{folder} holds no claim that could be read; claims/*.837 are what is checked")
        return _checked(casebook, codes, claims, taken.findings, clock)
    finally:
        records.close()


def file_checked(
    file: Path, records: Records, practice_id: str, codes: Codes, clock: Callable[[], datetime]
) -> Checked:
    """Check the claims of one 837 file against the records of a practice.

    Raises:
        CannotCheck: the file cannot be read, or no claim stands in it.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CannotCheck(f"{file} cannot be read: {error.strerror}") from error
    claims: list[SubmittedClaim] = []
    findings: list[ReadingFinding] = []
    for event in read_claims(data, file.name):
        if isinstance(event, ReadingFinding):
            findings.append(event)
        else:
            claims.append(event)
    if not claims:
        told = "; ".join(f"{found.where}: {found.says}".removeprefix(": ") for found in findings[:3])
        raise CannotCheck(f"{file} holds no claim that could be read{': ' + told if told else ''}")
    casebook = Casebook(records, practice_id, codes)
    return _checked(casebook, codes, tuple(claims), tuple(findings), clock)


def _checked(
    casebook: Casebook,
    codes: Codes,
    claims: tuple[SubmittedClaim, ...],
    findings: tuple[ReadingFinding, ...],
    clock: Callable[[], datetime],
) -> Checked:
    as_of = casebook.inputs.practice.as_of or clock().date()
    outgoing = Outgoing(casebook, codes, claims, as_of)
    return Checked(check_claims(outgoing, load_catalogue(), codes), findings, casebook)


def _why(folder: Path, taken: IntakeReport) -> str:
    told = "; ".join(found.says for found in taken.findings if found.severity == "error")
    return f"{folder} cannot be checked: {told or 'it is no practice folder'}"
