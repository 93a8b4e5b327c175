"""Builders of X12 text for tests: segments are written with * : ~ and rendered in any style."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

ISA = "ISA*00*          *00*          *ZZ*CASCADEHP      *ZZ*CEDARONC       *260420*0900*^*00501*000000001*0*P*:"


@dataclass(frozen=True)
class Style:
    element: str = "*"
    component: str = ":"
    terminator: str = "~"
    newline: str = ""
    wrap: int = 0

    def render(self, segments: list[str]) -> bytes:
        table = str.maketrans({"*": self.element, ":": self.component})
        text = "".join(segment.translate(table) + self.terminator + self.newline for segment in segments)
        if self.wrap:
            text = "\n".join(text[at : at + self.wrap] for at in range(0, len(text), self.wrap))
        return text.encode("latin-1")


PLAIN = Style()


def enveloped(
    transactions: list[list[str]],
    *,
    functional: str = "HP",
    version: str = "005010X221A1",
    isa: str = ISA,
) -> list[str]:
    """Wrap whole transactions (ST to SE) into one GS and one ISA whose counts are right."""
    body = [segment for transaction in transactions for segment in transaction]
    return [
        isa,
        f"GS*{functional}*CASCADEHP*CEDARONC*20260420*0900*1*X*{version}",
        *body,
        f"GE*{len(transactions)}*1",
        "IEA*1*000000001",
    ]


def transaction(kind: str, segments: list[str], control: str = "0001") -> list[str]:
    return [f"ST*{kind}*{control}", *segments, f"SE*{len(segments) + 2}*{control}"]


@dataclass(frozen=True)
class Line:
    code: str = "HC:J9271"
    charge: str = "400.00"
    paid: str = "300.00"
    units: str = "400"
    cas: tuple[str, ...] = ("CO*45*100.00",)
    more: tuple[str, ...] = ("DTM*472*20260316", "REF*6R*L1")

    def segments(self) -> list[str]:
        adjustments = [f"CAS*{one}" for one in self.cas]
        return [f"SVC*{self.code}*{self.charge}*{self.paid}**{self.units}", *adjustments, *self.more]


@dataclass(frozen=True)
class Claim:
    number: str = "C1"
    status: str = "1"
    charge: str = "400.00"
    paid: str = "300.00"
    lines: tuple[Line, ...] = (Line(),)
    cas: tuple[str, ...] = ()
    head: tuple[str, ...] = ("NM1*QC*1*ALDER*SUE****MI*W1",)

    def segments(self) -> list[str]:
        adjustments = [f"CAS*{one}" for one in self.cas]
        clp = f"CLP*{self.number}*{self.status}*{self.charge}*{self.paid}*0*12*ICN{self.number}*11*1"
        return [clp, *adjustments, *self.head, *[s for line in self.lines for s in line.segments()]]


@dataclass(frozen=True)
class Remit:
    claims: tuple[Claim, ...] = (Claim(),)
    plb: tuple[str, ...] = ()
    paid: str | None = None
    control: str = "0001"
    extra: tuple[str, ...] = field(default=())

    def body(self) -> list[str]:
        paid = self.paid
        if paid is None:
            reduced = sum((Decimal(slot) for one in self.plb for slot in one.split("*")[3::2] if slot), Decimal(0))
            paid = str(sum((Decimal(claim.paid) for claim in self.claims), Decimal(0)) - reduced)
        return [
            f"BPR*I*{paid}*C*ACH*CCP*01*999999992*DA*123*1512345678**01*999988880*DA*98*20260421",
            "TRN*1*EFT1*1512345678",
            "DTM*405*20260420",
            "N1*PR*CASCADE HEALTH PLAN",
            "N3*PO BOX 1",
            "N4*BOISE*ID*83701",
            "REF*2U*CASC1",
            "N1*PE*CEDAR ONCOLOGY*XX*1999999992",
            "REF*TJ*841234567",
            *self.extra,
            "LX*1",
            *[segment for claim in self.claims for segment in claim.segments()],
            *[f"PLB*{one}" for one in self.plb],
        ]

    def segments(self) -> list[str]:
        return enveloped([transaction("835", self.body(), self.control)])

    def bytes(self, style: Style = PLAIN) -> bytes:
        return style.render(self.segments())


def isa_with(**fields: str) -> str:
    """Return an ISA with other fields, as isa_with(control="000000002")."""
    values = ISA.split("*")
    if "control" in fields:
        values[13] = fields["control"]
    if "version" in fields:
        values[12] = fields["version"]
    if "repetition" in fields:
        values[11] = fields["repetition"]
    return "*".join(values)
