"""Read the claims of one ST*835, a block of text at a time, into `ClaimPayment`.

A block is cut at CLP, a claim at SVC, and only then into segments: places come from the lengths of the
pieces, and nothing is looked at twice. This is the hot path of the reader (30 segments a claim, claims by the
million).
"""

from decimal import Decimal

from msgspec import Struct

from knowledge.types.reading import Place, ReadingFinding
from knowledge.types.remit import ClaimPayment, ProviderAdjustment, ServicePayment
from tools.x12.facts import CLAIM_SEGMENTS, LINE_SEGMENTS, Facts
from tools.x12.interchanges import Block, Interchange
from tools.x12.loops import BadClaimError, LoopReader
from tools.x12.notes import Notes
from tools.x12.outside import OUTSIDE_SEGMENTS, Outside
from tools.x12.values import BadValueError, amount_of, optional_amount

_PROCEDURES_REMEMBERED = 5_000
_ZERO = Decimal(0)
_CLP_ELEMENTS = 14
_SVC_ELEMENTS = 7
_BLANKS = [""] * _CLP_ELEMENTS

BlockEvent = ClaimPayment | ProviderAdjustment | ReadingFinding
_Procedure = tuple[str, str, tuple[str, ...], str]  # qualifier, code, modifiers, description

_NO_PROCEDURE: _Procedure = ("", "", (), "")


class _Work(Struct, gc=False):
    """The claim being read: its piece cut at SVC and where that stands, its lines and adjustments so far.

    `outside_at` is where in the piece an LX, TS3, TS2 or PLB ends the claim.
    """

    parts: list[str]
    at: int
    number: int
    facts: Facts
    lines: list[ServicePayment]
    adjusted: Decimal = _ZERO
    outside_at: int | None = None


class ClaimBlocks:
    """The reader of one transaction's claims; keeps the running totals the transaction is checked by."""

    def __init__(
        self,
        interchange: Interchange,
        notes: Notes,
        outside: Outside,
        known_carcs: frozenset[str] | None,
        known_rarcs: frozenset[str] | None,
    ) -> None:
        self._element = interchange.delimiters.element
        self._component = interchange.delimiters.component
        self._terminator = interchange.delimiters.segment
        self._tag_size = len("CLP") + len(self._element)
        self._claim_mark = f"{self._terminator}CLP{self._element}"
        self._line_mark = f"{self._terminator}SVC{self._element}"
        self._block = Block(interchange)
        self._interchange = interchange
        self._notes, self._outside = notes, outside
        self._claim_loop = LoopReader("2100", CLAIM_SEGMENTS, interchange, self._block, notes)
        self._line_loop = LoopReader("2110", LINE_SEGMENTS, interchange, self._block, notes)
        self._known_carcs, self._known_rarcs = known_carcs, known_rarcs
        self._checks_codes = known_carcs is not None or known_rarcs is not None
        self._procedures: dict[str, _Procedure] = {}
        self.claims = self.unread_claims = 0
        self.paid = _ZERO

    def read(self, start: int, end: int, number: int) -> tuple[list[BlockEvent], int]:
        """Return the events of the body from `start`, where a CLP stands, to `end`.

        `number` is the number of the first segment; the second value returned is that of the one after the last.
        """
        text = self._block.open(start, end, number)
        events: list[BlockEvent] = []
        at = 0
        for piece in text[self._tag_size :].split(self._claim_mark):
            number = self._read_claim(piece, at, number, events)
            at += len(piece) + len(self._claim_mark)
        return events, number

    def _read_claim(self, piece: str, at: int, number: int, events: list[BlockEvent]) -> int:
        self.claims += 1
        work = _Work(piece.split(self._line_mark), at, number, Facts(), [])
        try:
            claim, number = self._claim(work, piece)
        except BadClaimError as error:
            self.unread_claims += 1
            claim_id = piece.partition(self._element)[0][:40]
            says = f"claim {claim_id or '(no CLP01)'}: {error}; the claim was not read, work it by hand"
            self._notes.add("error", "bad-claim", says, error.place)
            work.outside_at = self._find_outside(piece)
            number += piece.count(self._terminator, 0, work.outside_at) + (work.outside_at is None)
        else:
            self.paid += claim.paid
            events.append(claim)
        if self._notes.pending:
            events += self._notes.take()
        if work.outside_at is not None:
            number = self._read_outside(piece[work.outside_at :], at + self._tag_size + work.outside_at, number, events)
        return number

    def _claim(self, work: _Work, piece: str) -> tuple[ClaimPayment, int]:
        facts, at, number = work.facts, work.at, work.number
        place = Place(number, self._block.byte(at, number), "2100")
        head = self._segments(work.parts[0]) if self._block.recode else work.parts[0].split(self._terminator)
        values = head[0].split(self._element)
        size = len(values)
        if size < _CLP_ELEMENTS:
            values += _BLANKS[size:]
        claim_id, status, _, _, _, filing, payer_number, facility, frequency, _, drg = values[:11]
        try:
            charge, paid = amount_of(values[2]), amount_of(values[3])
            share, weight = optional_amount(values, 4), optional_amount(values, 11)
            fraction = optional_amount(values, 12)
        except BadValueError as error:
            raise BadClaimError(f"CLP {error}", place) from error
        if not claim_id:
            raise BadClaimError("CLP01, the claim number, is blank", place)
        if values[9] or (size >= _CLP_ELEMENTS and any(values[13:])):
            self._claim_loop.surplus(facts, f"CLP{self._element}{head[0]}", place)
        if len(head) > 1:
            ends = self._claim_loop.fill(facts, head, at, number)
            if ends is not None:
                work.outside_at = ends - at - self._tag_size
        number += len(head)
        at += self._tag_size + len(work.parts[0]) + len(self._terminator)
        for part in work.parts[1:]:
            if work.outside_at is not None:
                break
            number = self._line(work, part, at, number)
            at += len(part) + len(self._line_mark)
        for adjustment in facts.adjustments:
            work.adjusted += adjustment.amount
        if self._checks_codes:
            self._check_codes(facts, place)
        if charge - paid != work.adjusted:
            says = f"claim {claim_id}: CLP03 {charge} is not CLP04 {paid} plus adjustments {work.adjusted}"
            self._notes.add("error", "claim-out-of-balance", says, place)
        claim = ClaimPayment(
            place,
            claim_id,
            status,
            charge,
            paid,
            share,
            filing,
            payer_number,
            facility,
            frequency,
            drg,
            weight,
            fraction,
            tuple(facts.adjustments),
            tuple(facts.remarks),
            facts.patient,
            facts.insured,
            tuple(facts.parties),
            tuple(facts.references),
            tuple(facts.dates),
            tuple(facts.amounts),
            tuple(facts.quantities),
            tuple(facts.inpatient),
            tuple(facts.outpatient),
            tuple(facts.contacts),
            tuple(work.lines),
            tuple(facts.unknown),
            self._text(piece, work),
            self._outside.header_number,
        )
        return claim, number

    def _line(self, work: _Work, part: str, at: int, number: int) -> int:
        """Read one service line onto `work` and return the number of the segment after it."""
        segments = self._segments(part) if self._block.recode else part.split(self._terminator)
        values = segments[0].split(self._element)
        place = Place(number, self._block.byte(at, number), "2110")
        facts = Facts()
        if len(values) < _SVC_ELEMENTS:
            values += _BLANKS[len(values) : _SVC_ELEMENTS]
        elif len(values) > _SVC_ELEMENTS:
            if any(values[_SVC_ELEMENTS:]):
                self._line_loop.surplus(facts, f"SVC{self._element}{segments[0]}", place)
            del values[_SVC_ELEMENTS:]
        code, charge_text, paid_text, revenue, units, submitted, submitted_units = values
        try:
            charge, paid = amount_of(charge_text), amount_of(paid_text)
            units_paid = amount_of(units) if units else None
            units_submitted = amount_of(submitted_units) if submitted_units else None
        except BadValueError as error:
            raise BadClaimError(f"SVC {error}", place) from error
        if len(segments) > 1:
            ends = self._line_loop.fill(facts, segments, at, number)
            if ends is not None:
                work.outside_at = ends - work.at - self._tag_size
        gap = unexplained = charge - paid
        for adjustment in facts.adjustments:
            unexplained -= adjustment.amount
        work.adjusted += gap - unexplained if unexplained else gap
        if self._checks_codes:
            self._check_codes(facts, place)
        if unexplained:
            says = f"line {code}: SVC02 {charge} is not SVC03 {paid} plus adjustments {gap - unexplained}"
            self._notes.add("error", "line-out-of-balance", says, place)
        qualifier, hcpcs, modifiers, description = self._procedures.get(code) or self._procedure(code)
        old_qualifier, old_hcpcs, old_modifiers, old_description = (
            self._procedure(submitted) if submitted else _NO_PROCEDURE
        )
        line = ServicePayment(
            place,
            qualifier,
            hcpcs,
            modifiers,
            charge,
            paid,
            revenue,
            units_paid,
            old_qualifier,
            old_hcpcs,
            old_modifiers,
            units_submitted,
            description or old_description,
            facts.service_date,
            facts.service_end,
            facts.line_control,
            tuple(facts.adjustments),
            tuple(facts.remarks),
            tuple(facts.references),
            tuple(facts.dates),
            tuple(facts.amounts),
            tuple(facts.quantities),
            tuple(facts.unknown),
        )
        work.lines.append(line)
        return number + len(segments)

    def _check_codes(self, facts: Facts, place: Place) -> None:
        known = self._known_carcs
        if known is not None:
            for adjustment in facts.adjustments:
                if adjustment.carc not in known:
                    self._notes.count("unknown-carc", f"CARC {adjustment.carc[:20]} is in no code table", place)
        known = self._known_rarcs
        if known is not None:
            for remark in facts.remarks:
                if remark.qualifier != "RX" and remark.code not in known:
                    self._notes.count("unknown-rarc", f"RARC {remark.code[:20]} is in no code table", place)

    def _procedure(self, composite: str) -> _Procedure:
        """Read SVC01 or SVC06; the same few come again and again, so they are remembered."""
        found = self._procedures.get(composite)
        if found is None:
            parts = [*composite.split(self._component), "", "", "", "", "", "", ""]
            modifiers = tuple(part for part in parts[2:6] if part)
            found = (parts[0], parts[1], modifiers, parts[6])
            if len(self._procedures) < _PROCEDURES_REMEMBERED:
                self._procedures[composite] = found
        return found

    def _segments(self, part: str) -> list[str]:
        return [self._interchange.letters(segment) for segment in part.split(self._terminator)]

    def _text(self, piece: str, work: _Work) -> str:
        """Return the claim's own segments as they stand in the file, each ended by a tilde."""
        own = piece if work.outside_at is None else piece[: work.outside_at - len(self._terminator)]
        if self._terminator != "~":
            own = own.replace(self._terminator, "~")
        text = f"CLP{self._element}{own}~"
        return self._interchange.letters(text) if self._block.recode else text

    def _find_outside(self, piece: str) -> int | None:
        """Return where in a claim that cannot be read its first LX, TS3, TS2 or PLB stands."""
        position = piece.find(self._terminator)
        while position >= 0:
            position += len(self._terminator)
            if piece[position : position + 4].split(self._element)[0] in OUTSIDE_SEGMENTS:
                return position
            position = piece.find(self._terminator, position)
        return None

    def _read_outside(self, text: str, at: int, number: int, events: list[BlockEvent]) -> int:
        for raw in text.split(self._terminator):
            segment = self._interchange.letters(raw)
            place = Place(number, self._block.byte(at, number))
            events += self._outside.read(place, segment.split(self._element), segment)
            events += self._notes.take()
            at += len(raw) + len(self._terminator)
            number += 1
        return number
