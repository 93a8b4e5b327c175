"""Read claim status responses (277, 005010X212): one fact for each claim a payer was asked about, line by line."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec.structs import replace

from knowledge.types.claim_status import ClaimStatus, LineStatus, StatusCode
from knowledge.types.reading import Place, ReadingFinding
from tools.x12.notes import Notes
from tools.x12.transactions import Segment, Transaction, open_file
from tools.x12.values import DAYS, BadValueError, amount_of, day_range
from tools.x12.walking import walk

_SOURCE = "20"
_PERSONS = ("22", "23")
_SERVICE = "472"
_STATUS_RESPONSE, _BHT = "X212", "0010"
_STC_ELEMENTS = 12


def is_status_response(data: bytes, file: str) -> bool:
    """Tell whether a file's ST*277 are status responses: ST03 or GS08 says X212, or, silent on that, BHT01 does."""
    for transaction in open_file(data, file).transactions:
        if transaction.kind == "277":
            said = [*transaction.opening[3:4], *transaction.group[7:8]]
            named = [text for text in said if "X2" in text.upper()]
            if named:
                return any(_STATUS_RESPONSE in text.upper() for text in named)
            return f"BHT{transaction.interchange.delimiters.element}{_BHT}".encode() in data
    return False


def read_claim_status(data: bytes, file: str, *, quarantine: bool = True) -> Iterator[ClaimStatus | ReadingFinding]:
    """Give the answers of a claim status response in order.

    A file that is cut off is quarantined: one error finding (`truncated`) is all it gives. With
    `quarantine=False` the finding comes first and then everything that can be read up to the cut.
    """
    return walk(data, file, "277", _Reader, quarantine=quarantine)


class _Line:
    """One 2220: a service and its statuses."""

    def __init__(self, hcpcs: str, charge: Decimal | None, paid: Decimal | None) -> None:
        self.fact = LineStatus(hcpcs, charge, paid)
        self.statuses: list[StatusCode] = []

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


class _Reader:
    """The walk through one ST*277: levels 20 (payer), 21 (receiver), 19 (provider), 22 and 23 (persons)."""

    def __init__(self, transaction: Transaction, notes: Notes) -> None:
        self._component = transaction.interchange.delimiters.component
        self._notes = notes
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
            case "REF" if line is not None and values[0] == "FJ":
                line.fact = replace(line.fact, line_control=values[1].strip())
            case "REF" if line is None and values[0] == "1K":
                claim.payers = values[1].strip()
            case "REF" if line is None and values[0] == "EJ":
                claim.own = values[1].strip()
            case "DTP" if values[0] == _SERVICE:
                days = day_range(values[2])
                if line is not None:
                    line.fact = replace(line.fact, service_date=days[0])
                elif claim.days == (None, None):
                    claim.days = (days[0], days[1])
            case "TRN" | "REF" | "DTP" | "QTY" | "AMT" | "NM1" | "PER" | "DMG":
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
                payer_claim_number=claim.payers,
                source_name=self._source[0],
                source_id=self._source[1],
                produced_on=self._produced,
                service_date=claim.days[0],
                service_end=claim.days[1],
                member_id=self._member,
                lines=tuple(line.done() for line in claim.lines),
                text="".join(self._above + claim.text),
            )
        yield from self._notes.take()

    def _amount(self, text: str, segment: Segment) -> Decimal | None:
        try:
            return amount_of(text) if text.strip() else None
        except BadValueError as error:
            place = Place(segment.number, segment.byte, "2200")
            self._notes.add("warning", "bad-value", f"{segment.elements[0]} {error}; the amount is not known", place)
            return None
