"""Read claim acknowledgements (277CA, 005010X214): one fact for each claim trace (2200D) answered."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.reading import Place, ReadingFinding
from tools.x12.notes import Notes
from tools.x12.transactions import Segment, Transaction
from tools.x12.values import DAYS, BadValueError, amount_of, day_range
from tools.x12.walking import walk

_SOURCE, _PATIENT = "20", "PT"
_RECEIVED, _SERVICE = "050", "472"
_PAYER_CLAIM_NUMBER = "1K"
_STC_ELEMENTS = 12


def read_acknowledgements(
    data: bytes, file: str, *, quarantine: bool = True
) -> Iterator[ClaimAcknowledgement | ReadingFinding]:
    """Give the claim acknowledgements of a 277CA file in order.

    A file that is cut off is quarantined: one error finding (`truncated`) is all it gives. With
    `quarantine=False` the finding comes first and then everything that can be read up to the cut.
    """
    return walk(data, file, "277", _Reader, quarantine=quarantine)


class _Trace:
    """One 2200D: the claim's trace and what follows it."""

    def __init__(self, segment: Segment, claim_id: str) -> None:
        self.place = Place(segment.number, segment.byte, "2200D")
        self.claim_id = claim_id
        self.statuses: list[list[str]] = []
        self.payer_claim_number = ""
        self.service_date: date | None = None
        self.in_line = False
        self.text: list[str] = []


class _Reader:
    """The walk through one ST*277: levels 20 (source), 21 (receiver), 19 (provider), PT (patient)."""

    def __init__(self, transaction: Transaction, notes: Notes) -> None:
        self._component = transaction.interchange.delimiters.component
        self._notes = notes
        self._level = ""
        self._source = ("", "", "")
        self._received: date | None = None
        self._member = ""
        self._above: list[str] = []
        self._trace: _Trace | None = None

    def take(self, segment: Segment) -> Iterator[ClaimAcknowledgement | ReadingFinding]:
        """Take in one segment; yields the acknowledgement that it ends."""
        values = [*segment.elements[1:], *[""] * 9]
        tag = segment.elements[0]
        if self._trace is not None and tag in ("HL", "TRN"):
            yield from self._end_trace()
        if tag == "HL":
            self._open_level(values[2])
        elif tag == "NM1":
            self._name(values)
        elif tag == "TRN" and self._level == _PATIENT:
            self._trace = _Trace(segment, values[1].strip())
        if self._trace is not None:
            self._trace.text.append(segment.text + "~")
            self._status(self._trace, segment, values)
        else:
            self._above.append(segment.text + "~")
            if tag == "DTP" and values[0] == _RECEIVED:
                self._received = DAYS[values[2]]

    def finish(self) -> Iterator[ClaimAcknowledgement | ReadingFinding]:
        """Yield the last acknowledgement and the findings about the transaction."""
        if self._trace is not None:
            yield from self._end_trace()
        yield from self._notes.take()
        yield from self._notes.counted()

    def _open_level(self, level: str) -> None:
        self._level, self._above, self._member = level, [], ""
        if level == _SOURCE:
            self._source, self._received = ("", "", ""), None

    def _name(self, values: list[str]) -> None:
        if self._level == _SOURCE:
            self._source = (values[0], values[2], values[8])
        elif self._level == _PATIENT and values[0] in ("QC", "IL"):
            self._member = values[8]

    def _status(self, trace: _Trace, segment: Segment, values: list[str]) -> None:
        match segment.elements[0]:
            case "SVC":
                trace.in_line = True
            case "STC":
                trace.statuses.append(segment.elements[1:])
            case "REF" if values[0] == _PAYER_CLAIM_NUMBER and not trace.in_line:
                trace.payer_claim_number = values[1]
            case "DTP" if values[0] == _SERVICE and trace.service_date is None:
                trace.service_date = day_range(values[2])[0]
            case "TRN" | "REF" | "DTP" | "QTY" | "AMT" | "NM1":
                pass
            case tag:
                place = Place(segment.number, segment.byte, "2200D")
                self._notes.count("unknown-segment", f"{tag[:20]} is no segment of loop 2200D; left alone", place)

    def _end_trace(self) -> Iterator[ClaimAcknowledgement | ReadingFinding]:
        trace, self._trace = self._trace, None
        if trace is None:
            return
        if not trace.claim_id or not trace.statuses:
            what = "TRN02, the claim number, is blank" if not trace.claim_id else "no STC follows"
            says = f"acknowledgement of claim {trace.claim_id[:40] or '(blank)'}: {what}; it was not read"
            self._notes.add("error", "bad-acknowledgement", says, trace.place)
        else:
            yield self._acknowledgement(trace)
        yield from self._notes.take()

    def _acknowledgement(self, trace: _Trace) -> ClaimAcknowledgement:
        first = [*trace.statuses[0], *[""] * _STC_ELEMENTS]
        code = [*first[0].split(self._component), "", "", ""]
        return ClaimAcknowledgement(
            place=trace.place,
            file=self._notes.file,
            claim_id=trace.claim_id,
            category=code[0],
            status=code[1],
            entity=code[2],
            effective_on=DAYS[first[1]],
            action=first[2],
            charge=self._charge(first[3], trace),
            payer_claim_number=trace.payer_claim_number,
            source_entity=self._source[0],
            source_name=self._source[1],
            source_id=self._source[2],
            received_on=self._received,
            service_date=trace.service_date,
            member_id=self._member,
            statuses=tuple(tuple(status) for status in trace.statuses),
            text="".join(self._above + trace.text),
        )

    def _charge(self, text: str, trace: _Trace) -> Decimal | None:
        try:
            return amount_of(text) if text else None
        except BadValueError as error:
            self._notes.add("warning", "bad-value", f"STC04 {error}; the charge is not known", trace.place)
            return None
