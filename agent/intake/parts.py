"""One file read: what it says, what was wrong with it, and whether anything in it may count."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from knowledge.codes import Codes
from knowledge.folder import FileKind, UnreadRow, read_payers, read_policy, read_practice
from knowledge.folder.authorizations import AUTHORIZATIONS
from knowledge.folder.contracts import CONTRACTS
from knowledge.folder.coverage import COVERAGE
from knowledge.folder.csv_rows import Form, read_rows
from knowledge.folder.decoding import decode
from knowledge.folder.limits import beyond_limits
from knowledge.folder.notes import Notes
from knowledge.payers import PayerDirectory
from knowledge.types.practice import Practice, Row
from knowledge.types.reading import ReadingFinding
from tools.chart import read_chart
from tools.denials.delivery import deliveries
from tools.x12.acknowledgements import read_acknowledgements
from tools.x12.claim_status import is_status_response, read_claim_status
from tools.x12.claims import read_claims
from tools.x12.remits import read_remits

E = TypeVar("E")
F = TypeVar("F")
RowT = TypeVar("RowT", bound=Row)
Findings = tuple[ReadingFinding, ...]


@dataclass(frozen=True)
class Part(Generic[F]):
    """The facts of one file, the rows of it that could not be used, and the findings of its reader."""

    facts: tuple[F, ...] = ()
    findings: Findings = ()
    unread: tuple[UnreadRow, ...] = ()

    @property
    def usable(self) -> bool:
        """False when nothing could be read although something should stand there: the file is set aside then."""
        return bool(self.facts or self.unread) or not any(found.severity == "error" for found in self.findings)


def read_part(kind: FileKind, name: str, data: bytes, codes: Codes, payers: PayerDirectory) -> Part[Any]:
    """Read one file of a kind. Its facts are of the type that the records keep for that kind."""
    refused = beyond_limits(kind, data)
    if refused is not None:
        return Part((), (ReadingFinding(severity="error", code="beyond-limits", says=refused, file=name),))
    match kind:
        case "remit":
            events = read_remits(data, name, known_carcs=codes.carc_codes, known_rarcs=codes.rarc_codes)
            return _stream_part(events, deliveries)
        case "claim":
            return _stream_part(read_claims(data, name), tuple)
        case "acknowledgement":
            read = read_claim_status if is_status_response(data, name) else read_acknowledgements
            return _stream_part(read(data, name), tuple)
        case "chart":
            chart, findings = read_chart(data, name)
            return Part(() if chart is None else (chart,), findings)
        case "practice":
            return _text_part(data, name, _practice)
        case "payers":
            return _text_part(data, name, read_payers)
        case "policy":
            return _text_part(data, name, lambda text, file: _one(read_policy(text, file, payers)))
        case "authorization":
            return _rows_part(data, name, AUTHORIZATIONS, payers)
        case "coverage":
            return _rows_part(data, name, COVERAGE, payers)
        case "contract":
            return _rows_part(data, name, CONTRACTS, payers)


def _stream_part(events: Iterable[E | ReadingFinding], gather: Callable[[Iterator[E]], Iterable[F]]) -> Part[F]:
    findings: list[ReadingFinding] = []
    facts = tuple(gather(_without_findings(events, findings)))
    return Part(facts, tuple(findings))


def _practice(text: str, file: str) -> tuple[tuple[Practice, ...], Findings]:
    practice, findings = read_practice(text, file)
    # Without a name it is no practice: nothing could be sent for it, and it could not be told from others.
    return () if practice is None or not practice.name else (practice,), findings


def _one(read: tuple[F | None, Findings]) -> tuple[tuple[F, ...], Findings]:
    fact, findings = read
    return () if fact is None else (fact,), findings


def _rows_part(data: bytes, name: str, form: Form[RowT], payers: PayerDirectory) -> Part[RowT]:
    notes = Notes(name)
    text = decode(data, notes)
    if text is None:
        return Part(findings=notes.findings)
    read = read_rows(form, text, name, payers)
    return Part(read.rows, (*notes.findings, *read.findings), read.unread)


def _text_part(data: bytes, name: str, read: Callable[[str, str], tuple[tuple[F, ...], Findings]]) -> Part[F]:
    notes = Notes(name)
    text = decode(data, notes)
    if text is None:
        return Part(findings=notes.findings)
    facts, findings = read(text, name)
    return Part(facts, (*notes.findings, *findings))


def _without_findings(events: Iterable[F | ReadingFinding], findings: list[ReadingFinding]) -> Iterator[F]:
    for event in events:
        if isinstance(event, ReadingFinding):
            findings.append(event)
        else:
            yield event
