"""Read submitted claims (837P, 005010X222A1/A2) as a stream of typed, frozen claims.

The hierarchy is followed by its levels: HL 20 who bills, HL 22 who is insured and by whom, HL 23 the patient
when that is someone else. A claim whose number or money cannot be read is not handed on: an error finding
stands for it.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from knowledge.types.claim import SubmittedClaim
from knowledge.types.reading import Place, ReadingFinding
from tools.x12.claim_building import ClaimBuilder, Context, Person, name_of
from tools.x12.notes import Notes
from tools.x12.transactions import Segment, Transaction
from tools.x12.values import DAYS, BadValueError
from tools.x12.walking import walk

_TAX_IDS = ("EI", "SY")
_ADDRESS_ELEMENTS = 8  # two of N3, up to six of N4


def read_claims(data: bytes, file: str, *, quarantine: bool = True) -> Iterator[SubmittedClaim | ReadingFinding]:
    """Give the claims of an 837P file in order; findings about a claim come right after it.

    A file that is cut off is quarantined: one error finding (`truncated`) is all it gives. With
    `quarantine=False` the finding comes first and then everything that can be read up to the cut.
    """
    return walk(data, file, "837", _Reader, quarantine=quarantine)


class _Reader:
    """The walk through one ST*837: keeps the facts of its HL loops and feeds each claim's builder."""

    def __init__(self, transaction: Transaction, notes: Notes) -> None:
        self._component = transaction.interchange.delimiters.component
        self._notes = notes
        self._context = Context()
        self._level = ""
        self._party = ""
        self._texts: dict[str, list[str]] = {"22": [], "23": []}
        self._claim: ClaimBuilder | None = None

    def take(self, segment: Segment) -> Iterator[SubmittedClaim | ReadingFinding]:
        """Take in one segment; yields the claim that it ends."""
        tag = segment.elements[0]
        if tag in ("HL", "CLM") and self._claim is not None:
            yield from self._end_claim()
        if tag == "CLM":
            context = replace(self._context, text="".join(self._texts["22"] + self._texts["23"]))
            self._claim = ClaimBuilder(segment, context, self._component, self._notes)
        elif self._claim is not None:
            self._claim.take(segment)
        else:
            self._above(segment)

    def finish(self) -> Iterator[SubmittedClaim | ReadingFinding]:
        """Yield the last claim, and the findings about the transaction."""
        if self._claim is not None:
            yield from self._end_claim()
        yield from self._notes.take()
        yield from self._notes.counted()

    def _end_claim(self) -> Iterator[SubmittedClaim | ReadingFinding]:
        builder, self._claim = self._claim, None
        if builder is not None:
            try:
                yield builder.build()
            except BadValueError as error:
                says = f"claim {builder.claim_id[:40] or '(no CLM01)'}: {error}; the claim was not read"
                self._notes.add("error", "bad-claim", says, builder.place)
        yield from self._notes.take()

    def _above(self, segment: Segment) -> None:
        """Take in a segment of the hierarchy above the claims."""
        values = [*segment.elements[1:], *[""] * 9]
        tag = segment.elements[0]
        if tag == "HL":
            self._open_level(values[2])
        if self._level in self._texts:
            self._texts[self._level].append(segment.text + "~")
        match tag:
            case "BHT":
                self._context = replace(self._context, submitted_on=DAYS[values[3]])
            case "SBR":
                self._context = replace(self._context, sequence=values[0], group_number=values[2], filing=values[8])
            case "NM1":
                self._party = values[0]
                self._name(values, segment.number)
            case "N3" | "N4" if len(self._person_now().address) < _ADDRESS_ELEMENTS:
                self._person(address=(*self._person_now().address, *segment.elements[1:]))
            case "DMG":
                self._birth(values, segment)
            case "REF" if self._party == "85" and values[0] in _TAX_IDS:
                self._context = replace(self._context, billing_tax_id=values[1])

    def _open_level(self, level: str) -> None:
        self._level, self._party = level, ""
        if level == "20":
            self._context = Context(submitted_on=self._context.submitted_on)
            self._texts = {"22": [], "23": []}
        elif level == "22":
            kept = self._context
            self._context = Context(
                billing_npi=kept.billing_npi,
                billing_name=kept.billing_name,
                billing_tax_id=kept.billing_tax_id,
                submitted_on=kept.submitted_on,
            )
            self._texts = {"22": [], "23": []}
        else:
            self._context = replace(self._context, patient=Person() if level == "23" else None)
            self._texts["23"] = []

    def _name(self, values: list[str], number: int) -> None:
        match values[0]:
            case "85":
                self._context = replace(self._context, billing_npi=values[8], billing_name=name_of(values))
            case "IL" | "QC":
                self._person(last=values[2], first=values[3], member_id=values[8], segment=number)
            case "PR":
                self._context = replace(self._context, payer_name=values[2], payer_id=values[8])

    def _person_now(self) -> Person:
        return self._context.patient or self._context.subscriber

    def _person(self, **facts: object) -> None:
        """Note facts of the person the level is about, not those of other parties (payer, billing)."""
        if self._party not in ("IL", "QC"):
            return
        if self._level == "23":
            self._context = replace(self._context, patient=replace(self._context.patient or Person(), **facts))
        else:
            self._context = replace(self._context, subscriber=replace(self._context.subscriber, **facts))

    def _birth(self, values: list[str], segment: Segment) -> None:
        day = DAYS[values[1]]
        self._person(birth_date=day, sex=values[2])
        if day is None:
            says = f"{segment.text[:60]}: not a day (CCYYMMDD was expected); the birth date is not known"
            self._notes.add("warning", "bad-date", says, Place(segment.number, segment.byte, "2010"))
