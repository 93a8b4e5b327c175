"""Reads a whole practice folder: what it says, what was wrong with it, and the files others parse."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from knowledge.folder.authorizations import AUTHORIZATIONS
from knowledge.folder.contracts import CONTRACTS
from knowledge.folder.coverage import COVERAGE
from knowledge.folder.csv_rows import Form, RowsRead, UnreadRow, read_rows
from knowledge.folder.decoding import decode
from knowledge.folder.listing import FileKind, FolderListing, SourceFile, list_folder
from knowledge.folder.notes import Notes
from knowledge.folder.payers_file import read_payers
from knowledge.folder.policy_file import read_policy
from knowledge.folder.policy_versions import compare_versions
from knowledge.folder.practice_file import read_practice
from knowledge.payers import PayerDirectory
from knowledge.types.practice import (
    Authorization,
    ContractRate,
    CoverageSpan,
    Policy,
    Practice,
    Row,
)
from knowledge.types.reading import ReadingFinding

MAX_TEXT_BYTES = 100_000_000
RowT = TypeVar("RowT", bound=Row)
ReadT = TypeVar("ReadT")


@dataclass(frozen=True, slots=True)
class FolderReading:
    """Everything a practice folder says of itself.

    `files` are all readable files by kind, the remits, claims, acknowledgements and charts for their own
    parsers. `unread` are CSV rows that could not be used: where one is about a member, nothing may be
    concluded from the absence of a row. Payer ids are the payers' own.
    """

    folder: str
    practice: Practice | None
    payers: PayerDirectory
    authorizations: tuple[Authorization, ...]
    coverage: tuple[CoverageSpan, ...]
    contracts: tuple[ContractRate, ...]
    policies: tuple[Policy, ...]
    files: tuple[SourceFile, ...]
    unread: tuple[UnreadRow, ...]
    findings: tuple[ReadingFinding, ...]

    @property
    def workable(self) -> bool:
        """Whether there is a practice, a payer and a remit: without one of them nothing can be worked."""
        return self.practice is not None and bool(self.payers.payers) and bool(self.of_kind("remit"))

    def of_kind(self, kind: FileKind) -> tuple[SourceFile, ...]:
        """List the files of one kind, sorted by path."""
        return tuple(file for file in self.files if file.kind == kind)


def read_practice_folder(path: Path) -> FolderReading:
    """Read a practice folder. Every fault is a finding with file and line; nothing else is lost to it.

    Never raises for what lies in the folder: a folder that is not there gives a reading with an error in it.
    """
    folder = Path(path)
    findings: list[ReadingFinding] = []
    if folder.is_dir():
        listing = list_folder(folder)
    else:
        what = "is no folder" if folder.exists() else "does not exist"
        notes = Notes(str(folder))
        notes.add("error", "folder-missing", f"{what}; give the path of a practice folder")
        listing = FolderListing((), notes.findings)
    findings.extend(listing.findings)

    reader = _Reader(listing, findings, folder.is_dir())
    practice = reader.single("practice", "practice.yaml", read_practice)
    payers = PayerDirectory(reader.single("payers", "payers.yaml", read_payers) or ())
    authorizations = reader.rows("authorization", AUTHORIZATIONS, payers)
    coverage = reader.rows("coverage", COVERAGE, payers)
    contracts = reader.rows("contract", CONTRACTS, payers)
    policies = reader.policies(payers)
    findings.extend(_enrolment(practice, payers))
    return FolderReading(
        folder=str(folder),
        practice=practice,
        payers=payers,
        authorizations=authorizations,
        coverage=coverage,
        contracts=contracts,
        policies=policies,
        files=listing.files,
        unread=tuple(reader.unread),
        findings=tuple(findings),
    )


class _Reader:
    """Reads the text files of a listing, one after the other, into findings."""

    def __init__(self, listing: FolderListing, findings: list[ReadingFinding], exists: bool) -> None:
        self._listing = listing
        self._findings = findings
        self._exists = exists
        self.unread: list[UnreadRow] = []

    def single(
        self, kind: FileKind, name: str, read: Callable[[str, str], tuple[ReadT, tuple[ReadingFinding, ...]]]
    ) -> ReadT | None:
        """Read a file the folder must have; its absence is an error."""
        file = next((file for file in self._listing.files if file.kind == kind), None)
        if file is None:
            told = any(finding.file == name for finding in self._findings)
            if self._exists and not told:
                notes = Notes(name)
                notes.add("error", f"{kind}-missing", "missing: the folder cannot be worked without it")
                self._findings.extend(notes.findings)
            return None
        text = self._text(file)
        if text is None:
            return None
        value, found = read(text, file.path)
        self._findings.extend(found)
        return value

    def rows(self, kind: FileKind, form: Form[RowT], payers: PayerDirectory) -> tuple[RowT, ...]:
        """Read every CSV of a kind. A fact that stands twice is kept once."""
        kept: dict[str, RowT] = {}
        for file, text in self._texts(kind):
            read: RowsRead[RowT] = read_rows(form, text, file.path, payers)
            self._findings.extend(read.findings)
            self.unread.extend(read.unread)
            for row in read.rows:
                fact = row.model_copy(update={"source": "", "raw": ""}).model_dump_json()
                first = kept.setdefault(fact, row)
                if first is not row:
                    notes = Notes(file.path)
                    line = int(row.source.rsplit(":", 1)[1])
                    notes.add("warning", "row-twice", f"says the same as {first.source}; counted once", line)
                    self._findings.extend(notes.findings)
        return tuple(kept.values())

    def policies(self, payers: PayerDirectory) -> tuple[Policy, ...]:
        """Read every policy and compare the versions."""
        policies = []
        for file, text in self._texts("policy"):
            policy, found = read_policy(text, file.path, payers)
            self._findings.extend(found)
            if policy is not None:
                policies.append(policy)
        self._findings.extend(compare_versions(policies))
        return tuple(policies)

    def _texts(self, kind: FileKind) -> Iterable[tuple[SourceFile, str]]:
        for file in self._listing.files:
            if file.kind == kind:
                text = self._text(file)
                if text is not None:
                    yield file, text

    def _text(self, file: SourceFile) -> str | None:
        notes = Notes(file.path)
        text = None
        if file.size > MAX_TEXT_BYTES:
            notes.add("error", "file-too-large", f"{file.size} bytes; at most {MAX_TEXT_BYTES}: split the file")
        else:
            try:
                text = decode(file.read(), notes)
            except OSError as error:
                notes.add("error", "file-unreadable", f"cannot be read: {error.strerror}")
        self._findings.extend(notes.findings)
        return text


def _enrolment(practice: Practice | None, payers: PayerDirectory) -> Iterable[ReadingFinding]:
    notes = Notes("practice.yaml")
    for provider in practice.providers if practice else ():
        for name in provider.payers_enrolled or ():
            match = payers.find(name)
            if match.payer is None:
                says = f"provider {provider.npi}: payers_enrolled: {match.says}"
                notes.add("warning", "payer-unknown", says)
    return notes.findings
