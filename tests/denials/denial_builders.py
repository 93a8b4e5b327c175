"""Builders of remit facts: a test names what matters to it, and nothing else."""

from datetime import date
from decimal import Decimal

from knowledge.codes import load_codes
from knowledge.payers import PayerDirectory
from knowledge.types.denial import Denial
from knowledge.types.practice import Payer
from knowledge.types.reading import Place
from knowledge.types.remit import (
    Adjustment,
    AmountFact,
    ClaimPayment,
    Party,
    ProviderAdjustment,
    Reference,
    Remark,
    RemitHeader,
    ServicePayment,
)
from tools.denials.delivery import Delivery
from tools.denials.finding import Examination, RateFor, examine, find_denials
from tools.denials.rules import AdjustmentRules

RULES = AdjustmentRules(load_codes())

COMMERCIAL = Payer(id="CASC1", name="Cascade Health Plan", line_of_business="commercial", contracted=True)
MEDICARE = Payer(id="MEDB", name="Medicare Part B", line_of_business="medicare_ffs", contracted=True)
ADVANTAGE = Payer(id="SUNMA", name="Sun Advantage", line_of_business="medicare_advantage", contracted=True)
STRANGER = Payer(id="RENT1", name="Rental Network", line_of_business="commercial", contracted=False)
UNTOLD = Payer(id="UNTOLD", name="Untold Mutual", line_of_business="commercial")
DIRECTORY = PayerDirectory((COMMERCIAL, MEDICARE, ADVANTAGE, STRANGER, UNTOLD))

SERVICE_DAY = date(2026, 3, 16)
REMIT_DAY = date(2026, 4, 1)


def money(amount: object) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def cas(text: str) -> tuple[Adjustment, ...]:
    """Read `CO-197 1000 x400, CO-45 20` as adjustments; `xN` is the quantity."""
    found = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, amount, *quantity = part.split()
        group, carc = name.split("-", 1)
        units = Decimal(quantity[0].removeprefix("x")) if quantity else None
        found.append(Adjustment(group, carc, money(amount), units))
    return tuple(found)


def svc(
    hcpcs: str = "J9271",
    charge: object = 1000,
    paid: object = 0,
    adjustments: str = "",
    *,
    modifiers: tuple[str, ...] = (),
    units: object = 400,
    units_submitted: object = None,
    day: date | None = SERVICE_DAY,
    control: str = "1",
    remarks: str = "",
    submitted: str = "",
    allowed: object = None,
    segment: int = 0,
) -> ServicePayment:
    return ServicePayment(
        place=Place(segment, 0, "2110"),
        code_qualifier="HC",
        hcpcs=hcpcs,
        modifiers=modifiers,
        charge=money(charge),
        paid=money(paid),
        units_paid=Decimal(str(units)) if units is not None else None,
        submitted_hcpcs=submitted,
        units_submitted=Decimal(str(units_submitted)) if units_submitted is not None else None,
        service_date=day,
        line_control=control,
        adjustments=cas(adjustments),
        remarks=tuple(Remark("HE", code) for code in remarks.split()),
        amounts=(AmountFact("B6", money(allowed)),) if allowed is not None else (),
    )


def clp(
    *lines: ServicePayment,
    claim_id: str = "C1",
    status: str = "1",
    number: str = "ICN1",
    adjustments: str = "",
    remarks: str = "",
    charge: object = None,
    paid: object = None,
    original: str = "",
    member: str = "H123",
    filing: str = "12",
    frequency: str = "1",
    segment: int = 10,
    patient_share: object = None,
) -> ClaimPayment:
    return ClaimPayment(
        place=Place(segment, 0, "2100"),
        claim_id=claim_id,
        status=status,
        charge=money(charge) if charge is not None else sum((x.charge for x in lines), Decimal("0.00")),
        paid=money(paid) if paid is not None else sum((x.paid for x in lines), Decimal("0.00")),
        patient_share=money(patient_share) if patient_share is not None else None,
        filing=filing,
        payer_claim_number=number,
        frequency=frequency,
        adjustments=cas(adjustments),
        remarks=tuple(Remark("MOA", code) for code in remarks.split()),
        patient=Party("QC", "Moss", "Ida", id_qualifier="MI", id=member),
        references=(Reference("F8", original),) if original else (),
        lines=lines,
    )


def reversed_(claim: ClaimPayment, *, number: str = "", original: str = "", segment: int = 11) -> ClaimPayment:
    """Mirror a claim as its reversal."""
    lines = tuple(
        ServicePayment(
            place=line.place,
            code_qualifier=line.code_qualifier,
            hcpcs=line.hcpcs,
            modifiers=line.modifiers,
            charge=-line.charge,
            paid=-line.paid,
            units_paid=line.units_paid,
            service_date=line.service_date,
            line_control=line.line_control,
            adjustments=tuple(Adjustment(a.group, a.carc, -a.amount, a.quantity) for a in line.adjustments),
        )
        for line in claim.lines
    )
    taken = clp(
        *lines,
        claim_id=claim.claim_id,
        status="22",
        number=number or claim.payer_claim_number,
        original=original,
        segment=segment,
        charge=-claim.charge,
        paid=-claim.paid,
    )
    return taken


def remit(
    *claims: ClaimPayment,
    payer: Payer = COMMERCIAL,
    day: date | None = REMIT_DAY,
    trace: str = "EFT1",
    file: str = "remits/a.835",
    control: str = "0001",
    plb: tuple[tuple[str, str, object], ...] = (),
) -> Delivery:
    header = RemitHeader(
        place=Place(3, 106),
        file=file,
        control_number=control,
        paid=sum((c.paid for c in claims), Decimal("0.00")) - sum((money(p[2]) for p in plb), Decimal("0.00")),
        paid_on=day,
        trace_number=trace,
        payer=Party("PR", payer.name),
        payer_ids=(payer.id,),
    )
    slots = tuple(
        ProviderAdjustment(Place(90, 0), "1999999992", "20261231", reason, reference, money(amount))
        for reason, reference, amount in plb
    )
    return Delivery(header, claims, slots)


def denials(*arrived: Delivery, rate_for: RateFor | None = None, **more: object) -> tuple[Denial, ...]:
    return find_denials(arrived, RULES, DIRECTORY, rate_for, **more)  # type: ignore[arg-type]


def examined(*arrived: Delivery, rate_for: RateFor | None = None) -> Examination:
    return examine(arrived, RULES, DIRECTORY, rate_for)


def of_line(line: ServicePayment, payer: Payer = COMMERCIAL, *beside: ServicePayment, **claim: object) -> Denial | None:
    """Find the denial of one line, alone or beside others; None when it has none."""
    found = denials(remit(clp(line, *beside, **claim), payer=payer))  # type: ignore[arg-type]
    mine = [d for d in found if d.line is not None and d.line.line_control == line.line_control]
    assert len(mine) <= 1
    return mine[0] if mine else None
