"""Read one claim of an 837P (loops 2300 to 2400) into `SubmittedClaim`, once its HL loops are known."""

from datetime import date

from msgspec import Struct

from knowledge.types.claim import ClaimLine, OtherInsurance, SubmittedClaim
from knowledge.types.reading import Place
from tools.x12.claim_lines import LineBuilder
from tools.x12.notes import Notes
from tools.x12.transactions import Segment
from tools.x12.values import BadValueError, amount_of

_DIAGNOSES = ("ABK", "ABF", "BK", "BF")
_GUIDE = frozenset(
    (
        *("AMT", "CAS", "CN1", "CR1", "CR2", "CR3", "CRC", "CTP", "CUR", "DMG", "DTP", "FRM", "HCP", "HI"),
        *("K3", "LIN", "LQ", "MEA", "MIA", "MOA", "N3", "N4", "NM1", "OI", "PER", "PRV", "PS1", "PWK"),
        *("QTY", "REF", "SBR", "SV5"),
    )
)  # tags of the guide below a claim; any other is counted in a finding


class Person(Struct, frozen=True):
    """A subscriber or patient as the HL loops name them."""

    last: str = ""
    first: str = ""
    member_id: str = ""
    address: tuple[str, ...] = ()
    birth_date: date | None = None
    sex: str = ""
    segment: int = 0


class Context(Struct, frozen=True):
    """What stands above a claim in the hierarchy: who bills, who is insured, who is treated, who pays."""

    billing_npi: str = ""
    billing_name: str = ""
    billing_tax_id: str = ""
    subscriber: Person = Person()
    patient: Person | None = None
    payer_name: str = ""
    payer_id: str = ""
    sequence: str = ""
    filing: str = ""
    group_number: str = ""
    submitted_on: date | None = None
    text: str = ""


class ClaimBuilder:
    """Takes in the segments of one claim, its CLM first, and makes the claim of them."""

    def __init__(self, segment: Segment, context: Context, component: str, notes: Notes) -> None:
        self._context, self._component, self._messages = context, component, notes
        self._clm = segment.elements[1:]
        self.place = Place(segment.number, segment.byte, "2300")
        self.claim_id = self._clm[0].strip() if self._clm else ""
        self._text = [segment.text]
        self._loop = "2300"
        self._lines: list[LineBuilder] = []
        self._authorizations: list[str] = []
        self._referrals: list[str] = []
        self._original = ""
        self._references: list[tuple[str, str]] = []
        self._diagnoses: list[str] = []
        self._providers: list[tuple[str, str]] = []
        self._names: list[tuple[str, str]] = []
        self._others: list[dict[str, str]] = []
        self._attachments: list[tuple[str, ...]] = []
        self._notes: list[str] = []
        self._dates: list[tuple[str, str]] = []
        self._unknown: list[str] = []

    def take(self, segment: Segment) -> None:
        """Take in one segment of the claim; one that cannot be read is kept as it stands, with a warning."""
        self._text.append(segment.text)
        tag = segment.elements[0]
        try:
            if tag == "LX":
                self._loop = "2400"
                self._lines.append(LineBuilder(segment, self._component, self._context.payer_id))
                return
            known = self._lines[-1].take(segment) if self._lines else self._claim_segment(segment)
        except (BadValueError, IndexError) as error:
            self._keep(segment.text)
            says = str(error) if isinstance(error, BadValueError) else "elements are missing"
            place = Place(segment.number, segment.byte, self._loop)
            self._messages.add("warning", "bad-segment", f"{segment.text[:60]}: {says}; kept as it stands", place)
            return
        if not known and tag not in _GUIDE:
            place = Place(segment.number, segment.byte, self._loop)
            self._messages.count(
                "unknown-segment", f"{tag[:20]} is no segment of loop {self._loop}; kept as text", place
            )

    def _keep(self, text: str) -> None:
        if self._lines:
            self._lines[-1].keep(text)
        else:
            self._unknown.append(text)

    def _claim_segment(self, segment: Segment) -> bool:
        """File a segment of 2300, 2310, 2320 or 2330."""
        values = segment.elements[1:]
        match segment.elements[0]:
            case "SBR":
                self._loop = "2320"
                padded = [*values, *[""] * 9]
                self._others.append({"sequence": padded[0], "filing": padded[8]})
            case "NM1" if self._others:
                self._loop = "2330"
                self._other_party(values)
            case "NM1":
                self._loop = "2310"
                self._provider(values)
            case "REF" if self._loop == "2300":
                self._reference(values[0], values[1])
            case "HI" if self._loop == "2300":
                return self._codes(segment)
            case "PWK":
                self._attachments.append(tuple(values))
            case "NTE":
                self._notes.append(values[1])
            case "DTP" if self._loop == "2300":
                self._dates.append((values[0], values[2]))
            case _:
                self._unknown.append(segment.text)
                return False
        return True

    def _reference(self, qualifier: str, value: str) -> None:
        self._references.append((qualifier, value))
        if qualifier == "G1":
            self._authorizations.append(value)
        elif qualifier == "9F":
            self._referrals.append(value)
        elif qualifier == "F8":
            self._original = value

    def _codes(self, segment: Segment) -> bool:
        composites = [element.split(self._component) for element in segment.elements[1:] if element]
        diagnoses = [parts[1] for parts in composites if parts[0] in _DIAGNOSES]
        self._diagnoses += diagnoses
        if len(diagnoses) < len(composites):
            self._unknown.append(segment.text)
        return True

    def _provider(self, values: list[str]) -> None:
        padded = [*values, *[""] * 9]
        self._providers.append((padded[0], padded[8]))
        self._names.append((padded[0], name_of(padded)))

    def _other_party(self, values: list[str]) -> None:
        padded = [*values, *[""] * 9]
        if padded[0] == "IL":
            self._others[-1]["member_id"] = padded[8]
        elif padded[0] == "PR":
            self._others[-1] |= {"payer_name": padded[2], "payer_id": padded[8]}

    def build(self) -> SubmittedClaim:
        """Return the claim. Raises BadValueError when its number, money or a line cannot be read."""
        if not self.claim_id:
            raise BadValueError("CLM01, the claim number, is blank")
        clm = [*self._clm, *[""] * 5]
        charge = amount_of(clm[1])
        lines = tuple(line.build() for line in self._lines)
        total = sum(line.charge for line in lines)
        if lines and total != charge:
            says = f"claim {self.claim_id}: CLM02 {charge} is not the sum of its lines {total}"
            self._messages.add("warning", "claim-out-of-balance", says, self.place)
        return self._assemble(clm, lines)

    def _assemble(self, clm: list[str], lines: tuple[ClaimLine, ...]) -> SubmittedClaim:
        context = self._context
        subscriber = context.subscriber
        patient = context.patient or subscriber
        facility = [*clm[4].split(self._component), "", "", ""]
        billing = [("85", context.billing_npi)] if context.billing_npi else []
        billing_name = [("85", context.billing_name)] if context.billing_name else []
        return SubmittedClaim(
            place=self.place,
            file=self._messages.file,
            claim_id=self.claim_id,
            charge=amount_of(clm[1]),
            payer_id=context.payer_id,
            payer_name=context.payer_name,
            member_id=patient.member_id or subscriber.member_id,
            patient_last=patient.last,
            patient_first=patient.first,
            birth_date=patient.birth_date,
            sex=patient.sex,
            patient_address=patient.address,
            person_segment=(patient.segment if patient.member_id else subscriber.segment) or patient.segment,
            place_of_service=facility[0],
            frequency=facility[2],
            original_reference=self._original,
            authorizations=tuple(self._authorizations),
            referrals=tuple(self._referrals),
            diagnoses=tuple(self._diagnoses),
            providers=(*billing, *self._providers),
            provider_names=(*billing_name, *self._names),
            billing_npi=context.billing_npi,
            billing_name=context.billing_name,
            billing_tax_id=context.billing_tax_id,
            sequence=context.sequence,
            filing=context.filing,
            group_number=context.group_number,
            other_insurance=tuple(
                OtherInsurance(
                    other["sequence"],
                    other.get("payer_name", ""),
                    other.get("payer_id", ""),
                    other.get("member_id", ""),
                    other["filing"],
                )
                for other in self._others
            ),
            attachments=tuple(self._attachments),
            notes=tuple(self._notes),
            references=tuple(self._references),
            dates=tuple(self._dates),
            submitted_on=context.submitted_on,
            lines=lines,
            unknown=tuple(self._unknown),
            text=context.text + "".join(text + "~" for text in self._text),
        )


def name_of(nm1: list[str]) -> str:
    """Return the name an NM1 gives (elements without the tag): an organization, or given and family name."""
    return " ".join(part for part in (nm1[3], nm1[2]) if part)
