"""Builders of the practice's own records, and of one denial to join to them."""

from datetime import date
from decimal import Decimal

from knowledge.codes import load_codes
from knowledge.payers import PayerDirectory
from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Chart, Person
from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.links import Links
from knowledge.types.practice import Authorization, CoverageSpan, Payer, Policy
from knowledge.types.reading import Place
from knowledge.types.remit import Adjustment, ClaimPayment, Party, Reference, RemitHeader, ServicePayment
from tools.denials.delivery import Delivery
from tools.denials.finding import find_denials
from tools.denials.rules import AdjustmentRules
from tools.linking.book import Book
from tools.linking.case import LinkedCase
from tools.linking.link import link

CODES = load_codes()
CASCADE = Payer(id="CASC1", name="Cascade Health Plan", aliases=("84001",), line_of_business="commercial")
SUMMIT = Payer(id="SUMA", name="Summit Advantage", line_of_business="medicare_advantage")
DIRECTORY = PayerDirectory((CASCADE, SUMMIT))

DAY = date(2026, 3, 16)
PAID_ON = date(2026, 4, 1)


def sent_line(
    number: str = "1",
    hcpcs: str = "J9271",
    *,
    charge: int = 1000,
    modifiers: tuple[str, ...] = (),
    control: str = "L1",
    day: date = DAY,
    authorizations: tuple[str, ...] = (),
) -> ClaimLine:
    return ClaimLine(
        place=Place(20, 0),
        number=number,
        hcpcs=hcpcs,
        modifiers=modifiers,
        charge=Decimal(charge),
        units=Decimal(400),
        start_date=day,
        line_control=control,
        authorizations=authorizations,
    )


def sent(
    *lines: ClaimLine,
    claim_id: str = "C1",
    payer: str = "CASC1",
    member: str = "H123",
    last: str = "Moss",
    first: str = "Ida",
    birth: date | None = date(1960, 5, 4),
    file: str = "claims/a.837",
    frequency: str = "1",
    original: str = "",
    authorizations: tuple[str, ...] = (),
    on: date | None = date(2026, 3, 20),
) -> SubmittedClaim:
    return SubmittedClaim(
        place=Place(5, 0),
        file=file,
        claim_id=claim_id,
        charge=Decimal(1000),
        payer_id=payer,
        payer_name="",
        member_id=member,
        patient_last=last,
        patient_first=first,
        birth_date=birth,
        frequency=frequency,
        original_reference=original,
        authorizations=authorizations,
        submitted_on=on,
        lines=lines or (sent_line(),),
    )


def auth(
    number: str = "A-1",
    *hcpcs: str,
    member: str = "H123",
    payer: str = "CASC1",
    status: str = "approved",
    start: date | None = date(2026, 1, 1),
    end: date | None = date(2026, 6, 30),
) -> Authorization:
    return Authorization(
        auth_number=number,
        payer_id=payer,
        member_id=member,
        status=status,  # type: ignore[arg-type]
        hcpcs=hcpcs or ("J9271",),
        start_date=start,
        end_date=end,
        source=f"auths/a.csv:{number}",
    )


def chart(
    file: str = "charts/moss.json",
    *identifiers: str,
    last: str = "Moss",
    first: str = "Ida",
    birth: date | None = date(1960, 5, 4),
) -> Chart:
    person = Person(resource="Patient/p", identifiers=identifiers, last=last, first=first, birth_date=birth)
    return Chart(file=file, person=person)


def span(
    payer: str = "CASC1", member: str = "H123", last: str = "", first: str = "", birth: date | None = None
) -> CoverageSpan:
    return CoverageSpan(payer_id=payer, member_id=member, patient_last=last, patient_first=first, birth_date=birth)


def policy(policy_id: str = "P-2026", start: date = date(2026, 1, 1), end: date | None = None) -> Policy:
    return Policy(
        policy_id=policy_id,
        title=policy_id,
        payer_id="CASC1",
        drugs=("J9271",),
        effective_from=start,
        effective_to=end,
    )


def ack(claim_id: str = "C1", on: date = date(2026, 3, 21)) -> ClaimAcknowledgement:
    return ClaimAcknowledgement(
        place=Place(9, 0), file="acks/a.277", claim_id=claim_id, category="A2", status="20", received_on=on
    )


def answer_line(charge: int, control: str = "L1") -> ServicePayment:
    """Build a further line of the adjudication, paid in full."""
    return ServicePayment(
        place=Place(40, 0),
        code_qualifier="HC",
        hcpcs="J9271",
        modifiers=(),
        charge=Decimal(charge),
        paid=Decimal(charge),
        service_date=DAY,
        line_control=control,
    )


def joined(
    *,
    hcpcs: str = "J9271",
    submitted: str = "",
    modifiers: tuple[str, ...] = (),
    control: str = "L1",
    day: date | None = DAY,
    claim_id: str = "C1",
    number: str = "ICN1",
    member: str = "H123",
    payer_id: str = "CASC1",
    g1: str = "",
    original: str = "",
    frequency: str = "1",
    paid_on: date = PAID_ON,
    whole_claim: bool = False,
    further: tuple[ServicePayment, ...] = (),
    **records: object,
) -> tuple[Links, LinkedCase]:
    """Deny one line, join it to `records` (keyword arguments of `Book.build`), and return what was found."""
    refused = (Adjustment("CO", "197", Decimal(1000)),)
    line = ServicePayment(
        place=Place(30, 0),
        code_qualifier="HC",
        hcpcs=hcpcs,
        modifiers=modifiers,
        charge=Decimal(1000),
        paid=Decimal(0),
        submitted_hcpcs=submitted,
        service_date=day,
        line_control=control,
        adjustments=() if whole_claim else refused,
        references=(Reference("G1", g1),) if g1 else (),
    )
    claim = ClaimPayment(
        place=Place(25, 0),
        claim_id=claim_id,
        status="1",
        charge=Decimal(1000),
        paid=Decimal(0),
        payer_claim_number=number,
        frequency=frequency,
        patient=Party("QC", "Moss", "Ida", id_qualifier="MI", id=member),
        references=(Reference("F8", original),) if original else (),
        adjustments=refused if whole_claim else (),
        lines=(line, *further),
    )
    header = RemitHeader(
        place=Place(3, 0),
        file="remits/a.835",
        control_number="1",
        paid=Decimal(0),
        paid_on=paid_on,
        trace_number="T1",
        payer_ids=(payer_id,),
    )
    (denial,) = find_denials([Delivery(header, (claim,))], AdjustmentRules(CODES), DIRECTORY)
    book = Book.build(DIRECTORY, CODES.hcpcs, **records)  # type: ignore[arg-type]
    return link(denial, None if whole_claim else line, claim, header, book)


def codes(links: Links) -> list[str]:
    return [code for code, _ in links.ambiguous]
