"""Read what payers say of claims in a 277: status responses (005010X212) and requests for records (005010X213).

One fact for each claim, line by line. Both have the same levels and loops; a request names in STC, by LOINC, the
records that are wanted, and in DTP*106 the last day for them.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from knowledge.types.claim_status import AskedRecord, ClaimStatus, LineStatus, RecordsRequest, StatusCode
from knowledge.types.reading import Place, ReadingFinding
from tools.x12.notes import Notes
from tools.x12.transactions import Segment, Transaction, open_file
from tools.x12.values import DAYS, BadValueError, amount_of, day_range
from tools.x12.walking import walk

_SOURCE = "20"
_PERSONS = ("22", "23", "PT")
_SERVICE, _RESPONSE_DUE = "472", "106"
_BHT = "0010"
_STATUS_RESPONSES = frozenset({"X212"})
_RECORDS_REQUESTS = frozenset({"X213", "X313"})
"""Guides of the request for records: of version 5010, and of 6020."""

_GUIDE = re.compile(r"X[23]\d\d")
_LOINC = re.compile(r"\d{1,7}-\d")
_STC_ELEMENTS = 12
_LOINC_LIST = "LOI"


def is_status_response(data: bytes, file: str) -> bool:
    """Tell whether a file's ST*277 are read here, and no acknowledgements: by their guide, else by BHT01.

    The guide stands in ST03 or GS08 (X212; X213 and X313 for requests); where neither names one, BHT01 is looked at.
    """
    for transaction in open_file(data, file).transactions:
        if transaction.kind == "277":
            if guides := _guides(transaction):
                return bool(guides & (_STATUS_RESPONSES | _RECORDS_REQUESTS))
            return f"BHT{transaction.interchange.delimiters.element}{_BHT}".encode() in data
    return False


def _guides(transaction: Transaction) -> set[str]:
    said = (*transaction.opening[3:4], *transaction.group[7:8])
    return {found for text in said for found in _GUIDE.findall(text.upper())}


def read_claim_status(data: bytes, file: str, *, quarantine: bool = True) -> Iterator[ClaimStatus | ReadingFinding]:
    """Give what a file says of claims in order: how each stands, or which records are asked for.

    A file that is cut off is quarantined: one error finding (`truncated`) is all it gives. With
    `quarantine=False` the finding comes first and then everything that can be read up to the cut.
    """
    return walk(data, file, "277", _Reader, quarantine=quarantine)


class _Line:
    """One 2220: a service and its statuses."""

    def __init__(self, hcpcs: str, charge: Decimal | None, paid: Decimal | None) -> None:
        self.fact = LineStatus(hcpcs, charge, paid)
        self.statuses: list[StatusCode] = []
        self.asked: list[AskedRecord] = []

    def done(self) -> LineStatus:
        return replace(self.fact, statuses=tuple(self.statuses))


class _Claim:
    """One 2200: the claim's trace and what follows it."""

    def __init__(self, segment: Segment, trace: str) -> None:
        self.place = Place(segment.number, segment.byte, "2200")
        self.trace, self.own, self.payers = trace, "", ""
        self.statuses: list[StatusCode] = []
        self.lines: list[_Line] = []
        self.days: tuple[date | None, date | None] = (None, None)
        self.text: list[str] = []
        self.asked: list[AskedRecord] = []
        self.due_on: date | None = None
        self.medical_record = ""


class _Reader:
    """The walk through one ST*277: levels 20 (payer), 21 (receiver), 19 (provider), 22, 23 and PT (persons)."""

    def __init__(self, transaction: Transaction, notes: Notes) -> None:
        self._component = transaction.interchange.delimiters.component
        self._notes = notes
        self._asks = bool(_guides(transaction) & _RECORDS_REQUESTS)
        self._level, self._member = "", ""
        self._source = ("", "")
        self._produced: date | None = None
        self._above: list[str] = []
        self._claim: _Claim | None = None

    def take(self, segment: Segment) -> Iterator[ClaimStatus | ReadingFinding]:
        """Take in one segment; yields the answer that it ends."""
        tag = segment.elements[0]
        values = [*segment.elements[1:], *[""] * 9]
        if self._claim is not None and tag in ("HL", "TRN"):
            yield from self._end_claim()
        if tag == "BHT":
            self._produced = DAYS[values[3]]
        elif tag == "HL":
            self._level, self._above = values[2], []
            self._member = self._member if values[2] == "23" else ""
        elif tag == "NM1" and self._claim is None:
            self._name(values)
        elif tag == "TRN" and self._level in _PERSONS:
            self._claim = _Claim(segment, values[1].strip())
        if self._claim is None:
            self._above.append(segment.text + "~")
        else:
            self._claim.text.append(segment.text + "~")
            self._within(self._claim, segment, values)

    def finish(self) -> Iterator[ClaimStatus | ReadingFinding]:
        """Yield the last answer and the findings about the transaction."""
        if self._claim is not None:
            yield from self._end_claim()
        yield from self._notes.take()
        yield from self._notes.counted()

    def _name(self, values: list[str]) -> None:
        if self._level == _SOURCE:
            self._source = (values[2], values[8])
        elif self._level in _PERSONS and values[8]:
            self._member = values[8]

    def _within(self, claim: _Claim, segment: Segment, values: list[str]) -> None:
        line = claim.lines[-1] if claim.lines else None
        match segment.elements[0]:
            case "SVC":
                code = values[0].split(self._component)
                hcpcs = code[1] if len(code) > 1 else code[0]
                claim.lines.append(_Line(hcpcs, self._amount(values[1], segment), self._amount(values[2], segment)))
            case "STC":
                (line.statuses if line else claim.statuses).append(self._status(segment))
                if self._asks:
                    (line or claim).asked.append(self._record(segment, line))
            case "REF":
                self._reference(claim, line, values[0], values[1].strip())
            case "DTP" if values[0] == _RESPONSE_DUE:
                self._due(claim, segment, values[2])
            case "DTP" if values[0] == _SERVICE:
                days = day_range(values[2])
                if line is not None:
                    line.fact = replace(line.fact, service_date=days[0])
                elif claim.days == (None, None):
                    claim.days = (days[0], days[1])
            case "TRN" | "DTP" | "QTY" | "AMT" | "NM1" | "PER" | "DMG" | "N3" | "N4" | "PWK":
                pass
            case tag:
                place = Place(segment.number, segment.byte, "2200")
                self._notes.count("unknown-segment", f"{tag[:20]} is no segment of loop 2200; left alone", place)

    def _status(self, segment: Segment) -> StatusCode:
        values = [*segment.elements[1:], *[""] * _STC_ELEMENTS]
        code = [*values[0].split(self._component), "", "", ""]
        return StatusCode(
            category=code[0].strip(),
            status=code[1].strip(),
            entity=code[2].strip(),
            on=DAYS[values[1]],
            charge=self._amount(values[3], segment),
            paid=self._amount(values[4], segment),
            decided_on=DAYS[values[5]],
            paid_on=DAYS[values[7]],
            check=values[8].strip(),
        )

    def _reference(self, claim: _Claim, line: _Line | None, qualifier: str, number: str) -> None:
        if line is not None and qualifier == "FJ":
            line.fact = replace(line.fact, line_control=number)
        elif line is None and qualifier == "1K":
            claim.payers = number
        elif line is None and qualifier == "EJ":
            claim.own = number
        elif qualifier == "EA":
            claim.medical_record = claim.medical_record or number

    def _record(self, segment: Segment, line: _Line | None) -> AskedRecord:
        """Read what one STC asks for; its code is a LOINC where STC01-4 says so, or where it has the form of one."""
        values = [*segment.elements[1:], *[""] * _STC_ELEMENTS]
        category, code, _, listed = [*(part.strip() for part in values[0].split(self._component)), *[""] * 4][:4]
        by_loinc = listed == _LOINC_LIST or _LOINC.fullmatch(code) is not None
        further = (values[at].split(self._component) for at in (9, 10))
        return AskedRecord(
            category=category,
            loinc=code if by_loinc else "",
            status="" if by_loinc else code,
            modifiers=tuple(part[1].strip() for part in further if len(part) > 1 and part[1].strip()),
            text=values[11].strip(),
            hcpcs=line.fact.hcpcs if line else "",
        )

    def _due(self, claim: _Claim, segment: Segment, text: str) -> None:
        """Keep the last day for an answer; of several the first, for all must be answered by then."""
        day = day_range(text)[0]
        if day is None:
            place = Place(segment.number, segment.byte, "2200")
            says = f"DTP*{_RESPONSE_DUE} {text[:40] or '(blank)'} is no day: by when the records must come is not known"
            self._notes.add("warning", "bad-value", says, place)
        elif claim.due_on is None or day < claim.due_on:
            claim.due_on = day

    def _request(self, claim: _Claim) -> RecordsRequest | None:
        if not self._asks:
            return None
        of_lines = (replace(one, line_control=line.fact.line_control) for line in claim.lines for one in line.asked)
        return RecordsRequest((*claim.asked, *of_lines), claim.due_on, claim.medical_record)

    def _end_claim(self) -> Iterator[ClaimStatus | ReadingFinding]:
        claim, self._claim = self._claim, None
        if claim is None:
            return
        number = claim.own or claim.trace
        told = bool(claim.statuses or any(line.statuses for line in claim.lines))
        if not number or not told:
            what = "REF*EJ and TRN02, our claim number, are blank" if not number else "no STC follows"
            says = f"status of claim {number[:40] or '(blank)'}: {what}; it was not read"
            self._notes.add("error", "bad-claim-status", says, claim.place)
        else:
            yield ClaimStatus(
                place=claim.place,
                file=self._notes.file,
                claim_id=number,
                trace=claim.trace,
                statuses=tuple(claim.statuses),
                payer_claim_number=claim.payers or (claim.trace if self._asks and claim.own else ""),
                source_name=self._source[0],
                source_id=self._source[1],
                produced_on=self._produced,
                service_date=claim.days[0],
                service_end=claim.days[1],
                member_id=self._member,
                lines=tuple(line.done() for line in claim.lines),
                text="".join(self._above + claim.text),
                request=self._request(claim),
            )
        yield from self._notes.take()

    def _amount(self, text: str, segment: Segment) -> Decimal | None:
        try:
            return amount_of(text) if text.strip() else None
        except BadValueError as error:
            place = Place(segment.number, segment.byte, "2200")
            self._notes.add("warning", "bad-value", f"{segment.elements[0]} {error}; the amount is not known", place)
            return None
