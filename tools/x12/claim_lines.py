"""Read one service line of an 837P (loops 2400 to 2430) into `ClaimLine`."""

from datetime import date

from knowledge.types.claim import ClaimLine, DrugIdentification
from knowledge.types.reading import Place
from tools.x12.transactions import Segment
from tools.x12.values import BadValueError, amount_of, day_range, optional_amount

SERVICE_DATE = "472"


class LineBuilder:
    """Takes in the segments of one line after its LX and makes the line of them.

    `take` returns False for a segment that has no field; it is kept as it stands. The methods raise
    BadValueError or IndexError for a segment that cannot be read.
    """

    def __init__(self, segment: Segment, component: str, payer_id: str) -> None:
        self._component, self._payer_id = component, payer_id
        self.place = Place(segment.number, segment.byte, "2400")
        self._number = segment.elements[1] if len(segment.elements) > 1 else ""
        self._service: list[str] = []
        self._providers: list[tuple[str, str]] = []
        self._notes: list[str] = []
        self._references: list[tuple[str, str]] = []
        self._authorizations: list[str] = []
        self._measurements: list[tuple[str, str, str]] = []
        self._adjudications: list[tuple[str, ...]] = []
        self._dates: list[tuple[str, str]] = []
        self._unknown: list[str] = []
        self._start: date | None = None
        self._end: date | None = None
        self._control = ""
        self._drug: DrugIdentification | None = None
        self._loop = "2400"

    def take(self, segment: Segment) -> bool:
        """Take in one segment."""
        values = segment.elements[1:]
        match segment.elements[0]:
            case "SV1" if not self._service:
                self._service = values
            case "DTP":
                self._date(values)
            case "REF" if self._loop in ("2400", "2410"):
                self._reference(values)
            case "NTE":
                self._notes.append(values[1])
            case "MEA":
                self._measurements.append((values[0], values[1], values[2]))
            case "LIN":
                self._loop = "2410"
                self._drug = DrugIdentification(values[1], values[2])
            case "CTP" if self._drug is not None:
                self._quantity(self._drug, values)
            case "NM1":
                self._loop = "2420"
                self._providers.append((values[0], values[8] if len(values) > 8 else ""))
            case "SVD":
                self._loop = "2430"
                self._adjudications.append(tuple(values))
            case _:
                self.keep(segment.text)
                return False
        return True

    def keep(self, text: str) -> None:
        """Keep a segment as it stands."""
        self._unknown.append(text)

    def _date(self, values: list[str]) -> None:
        self._dates.append((values[0], values[2]))
        if values[0] == SERVICE_DATE and self._start is None:
            self._start, self._end = day_range(values[2])
            if self._start is None:
                raise BadValueError(f"{values[2][:40]!r} is not a day or a range of days")

    def _reference(self, values: list[str]) -> None:
        qualifier, value = values[0], values[1]
        self._references.append((qualifier, value))
        if qualifier == "6R":
            self._control = value
        elif qualifier == "G1" and self._is_of_this_payer(values):
            self._authorizations.append(value)

    def _is_of_this_payer(self, values: list[str]) -> bool:
        """REF04 names the payer a number belongs to when it is not the one this claim goes to."""
        owner = values[3].split(self._component) if len(values) > 3 and values[3] else []
        return len(owner) < 2 or owner[1] == self._payer_id

    def _quantity(self, drug: DrugIdentification, values: list[str]) -> None:
        unit = values[4].split(self._component)[0] if len(values) > 4 else ""
        self._drug = DrugIdentification(drug.ndc_qualifier, drug.ndc, optional_amount(values, 3), unit)

    def build(self) -> ClaimLine:
        """Return the line. Raises BadValueError when its SV1 is missing or its money cannot be read."""
        if not self._service:
            raise BadValueError(f"line {self._number} has no SV1 (only 837P is read)")
        values = [*self._service, *[""] * (7 - len(self._service))]
        procedure = [*values[0].split(self._component), *[""] * 7]
        pointers = [part for part in values[6].split(self._component) if part]
        if not all(part.isascii() and part.isdecimal() for part in pointers):
            raise BadValueError(f"SV107 {values[6][:20]!r} does not point at diagnoses")
        return ClaimLine(
            self.place,
            self._number,
            procedure[1],
            tuple(part for part in procedure[2:6] if part),
            amount_of(values[1]),
            optional_amount(values, 3),
            values[2],
            values[4],
            tuple(int(part) for part in pointers),
            self._start,
            self._end,
            self._control,
            procedure[6],
            self._drug,
            tuple(self._authorizations),
            tuple(self._providers),
            tuple(self._notes),
            tuple(self._references),
            tuple(self._measurements),
            tuple(self._adjudications),
            tuple(self._unknown),
            procedure[0],
            tuple(self._dates),
        )
