"""Read what stands before the first claim of an ST*835 into `RemitHeader`: BPR, TRN, 1000A and 1000B."""

from decimal import Decimal

from knowledge.types.reading import Place
from knowledge.types.remit import DateFact, Party, Reference, RemitHeader
from tools.x12.notes import Notes
from tools.x12.transactions import Segment, Transaction
from tools.x12.values import DAYS, BadValueError, amount_of


class HeaderReader:
    """Takes in the segments before the first claim, one by one, and makes the header of them."""

    def __init__(self, transaction: Transaction, notes: Notes) -> None:
        self._transaction, self._notes = transaction, notes
        self._bpr: list[str] = []
        self._trn: list[str] = []
        self._raw: dict[str, list[str]] = {}  # CUR, RDM and each side's N3 and N4: elements without the tag
        self._parties: dict[str, Party] = {}
        self._references: dict[str, list[Reference]] = {"": [], "PR": [], "PE": []}
        self._dates: list[DateFact] = []
        self._contacts: list[tuple[str, ...]] = []
        self._unknown: list[str] = []
        self._side = ""

    def read(self, segment: Segment) -> None:
        """Take in one segment."""
        elements = segment.elements
        values = [*elements[1:], "", "", "", ""]
        match elements[0].strip():
            case "ST":
                pass
            case "BPR" if not self._bpr:
                self._bpr = elements[1:]
            case "TRN" if not self._trn:
                self._trn = elements[1:]
            case "CUR" | "RDM" as tag:
                self._raw.setdefault(tag, []).extend(elements[1:])
            case "REF":
                self._references[self._side].append(Reference(values[0], values[1], values[2]))
            case "DTM":
                self._date(values, segment)
            case "N1" if values[0] in ("PR", "PE"):
                self._side = values[0]
                self._parties[self._side] = Party(values[0], values[1], id_qualifier=values[2], id=values[3])
            case "N3" | "N4" if self._side:
                self._raw.setdefault(self._side, []).extend(elements[1:])
            case "PER" if self._side == "PR":
                self._contacts.append(tuple(elements[1:]))
            case tag:
                self._unknown.append(segment.text)
                place = Place(segment.number, segment.byte, "header")
                self._notes.count("unknown-segment", f"{tag[:20]} is no segment of the header; kept as text", place)

    def _date(self, values: list[str], segment: Segment) -> None:
        day = DAYS[values[1]]
        self._dates.append(DateFact(values[0], day, values[1]))
        if day is None:
            self._bad_date("DTM", values[1], segment.number, segment.byte)

    def _bad_date(self, what: str, raw: str, number: int, byte: int) -> None:
        says = f"{what}: {raw[:40]!r} is not a day (CCYYMMDD was expected)"
        self._notes.add("warning", "bad-date", says, Place(number, byte, "header"))

    def header(self) -> tuple[RemitHeader, bool]:
        """Return the header, and whether its payment (BPR02) could be read."""
        transaction = self._transaction
        place = Place(transaction.segment, transaction.interchange.layout.locate(transaction.start))
        bpr = [*self._bpr, *[""] * (21 - len(self._bpr))]
        paid, readable = self._paid(bpr[1], place)
        paid_on = DAYS[bpr[15]]
        if paid_on is None and bpr[15]:
            self._bad_date("BPR16", bpr[15], place.segment, place.byte)
        trn = [*self._trn, "", "", "", ""]
        header = RemitHeader(
            place=place,
            file=self._notes.file,
            control_number=transaction.opening[2].strip() if len(transaction.opening) > 2 else "",
            paid=paid,
            credit_debit=bpr[2],
            handling=bpr[0],
            method=bpr[3],
            paid_on=paid_on,
            produced_on=next((fact.day for fact in self._dates if fact.qualifier == "405"), None),
            trace_number=trn[1],
            originator_id=trn[2],
            payer=self._parties.get("PR"),
            payer_ids=self._payer_ids(trn[2]),
            payee=self._parties.get("PE"),
            payee_references=tuple(self._references["PE"]),
            payer_references=tuple(self._references["PR"]),
            contacts=tuple(self._contacts),
            version=transaction.group[7].strip() if len(transaction.group) > 7 else "",
            bpr=tuple(self._bpr),
            trn=tuple(self._trn),
            unknown=tuple(self._unknown),
            currency=tuple(self._raw.get("CUR", ())),
            references=tuple(self._references[""]),
            dates=tuple(self._dates),
            payer_address=tuple(self._raw.get("PR", ())),
            payee_address=tuple(self._raw.get("PE", ())),
            delivery=tuple(self._raw.get("RDM", ())),
            interchange=transaction.interchange.isa,
            group=transaction.group,
        )
        return header, readable

    def _paid(self, text: str, place: Place) -> tuple[Decimal, bool]:
        if not self._bpr:
            says = "the remittance has no BPR, so what was paid is not known; 0 stands for it"
            self._notes.add("error", "no-payment", says, place)
            return Decimal(0), False
        try:
            return amount_of(text), True
        except BadValueError as error:
            self._notes.add("error", "bad-amount", f"BPR02 {error}; 0 stands for it", place)
            return Decimal(0), False

    def _payer_ids(self, originator: str) -> tuple[str, ...]:
        payer = self._parties.get("PR")
        references = {reference.qualifier: reference.value for reference in reversed(self._references["PR"])}
        named = [payer.id if payer else "", references.get("2U", ""), references.get("NF", "")]
        named += [originator, references.get("EO", "")]
        return tuple(dict.fromkeys(one for one in named if one))
