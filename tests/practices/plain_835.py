"""A reader of 835s for these tests alone: a few lines, independent of the writers and of the product's reader."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Line:
    code: str
    charge: Decimal
    paid: Decimal
    adjustments: Decimal = Decimal(0)
    control: str | None = None


@dataclass
class Claim:
    claim_id: str
    status: str
    charge: Decimal
    paid: Decimal
    icn: str
    adjustments: Decimal = Decimal(0)
    lines: list[Line] = field(default_factory=list)


@dataclass
class Transaction:
    paid: Decimal
    trace: str = ""
    segments: int = 0
    declared: int = 0
    plb: Decimal = Decimal(0)
    claims: list[Claim] = field(default_factory=list)


def segments_of(data: bytes) -> list[list[str]]:
    text = data.decode("ascii")
    element, end = text[3], text[105]
    return [segment.strip("\r\n").split(element) for segment in text.split(end) if segment.strip()]


def read_835(data: bytes) -> list[Transaction]:
    component = data.decode("ascii")[104]
    found: list[Transaction] = []
    open_ = False
    for row in segments_of(data):
        if row[0] == "ST":
            found.append(Transaction(Decimal(0)))
            open_ = True
        if not open_:
            continue
        found[-1].segments += 1
        _take(found[-1], row, component)
        if row[0] == "SE":
            found[-1].declared = int(row[1])
            open_ = False
    return found


def _take(at: Transaction, row: list[str], component: str) -> None:
    match row[0]:
        case "BPR":
            at.paid = Decimal(row[2])
        case "TRN":
            at.trace = row[2]
        case "CLP":
            at.claims.append(Claim(row[1], row[2], Decimal(row[3]), Decimal(row[4]), row[7]))
        case "SVC":
            line = Line("-".join(row[1].split(component)[1:]), Decimal(row[2]), Decimal(row[3]))
            at.claims[-1].lines.append(line)
        case "CAS":
            claim = at.claims[-1]
            target = claim.lines[-1] if claim.lines else claim
            target.adjustments += sum((Decimal(amount) for amount in row[3::3]), Decimal(0))
        case "REF" if row[1] == "6R":
            at.claims[-1].lines[-1].control = row[2]
        case "PLB":
            at.plb += sum((Decimal(amount) for amount in row[4::2]), Decimal(0))
