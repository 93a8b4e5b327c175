"""Builders of a claim about to be sent and of the records it is held against: pembrolizumab, 400 mg given."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from agent.casebook import Casebook
from agent.diagnosis.case import AdjudicatedLine
from agent.intake.book import BookInputs
from agent.prevention.checking import check_claims
from agent.prevention.found import CheckedLine
from agent.prevention.unsent import Outgoing
from knowledge.causes import load_catalogue
from knowledge.codes import load_codes
from knowledge.types.chart import Amount, Chart, Condition, DoseGiven, Order, Person
from knowledge.types.claim import ClaimLine, DrugIdentification, SubmittedClaim
from knowledge.types.practice import Authorization, CoverageSpan, Payer, Policy, PolicySection, Practice, Provider
from knowledge.types.reading import Place

CODES, CATALOGUE = load_codes(), load_catalogue()
SERVED, AS_OF = date(2026, 3, 16), date(2026, 3, 20)
MEMBER, RENDERING, BILLING = "CHP1", "1888888884", "1999999992"

CASCADE = Payer(
    id="CASC1",
    name="Cascade Health Plan",
    line_of_business="commercial",
    timely_filing_days=90,
    wastage_modifiers=True,
    ndc_required=True,
    replacement_claims=True,
)


def line(number: str = "1", units: int = 400, **changed: Any) -> ClaimLine:
    given: dict[str, Any] = {
        "hcpcs": "J9271",
        "modifiers": ("JZ",),
        "charge": Decimal(22800),
        "start_date": SERVED,
        "drug": DrugIdentification("N4", "00006302602", Decimal(16), "ML"),
        "place": Place(20 + int(number), 0),
    }
    return ClaimLine(number=number, units=Decimal(units), **{**given, **changed})


def claim(*lines: ClaimLine, **changed: Any) -> SubmittedClaim:
    given: dict[str, Any] = {
        "file": "new.837",
        "claim_id": "C9",
        "payer_id": "CASC1",
        "payer_name": "CASCADE",
        "member_id": MEMBER,
        "patient_last": "Voss",
        "patient_first": "Ada",
        "birth_date": date(1960, 2, 29),
        "place_of_service": "11",
        "diagnoses": ("C3412",),
        "authorizations": ("A-1",),
        "providers": (("82", RENDERING), ("DK", RENDERING)),
        "billing_npi": BILLING,
        "submitted_on": AS_OF,
    }
    lines = lines or (line(), line("2", 1, hcpcs="96413", modifiers=(), charge=Decimal(300), drug=None))
    total = sum((item.charge for item in lines), Decimal(0))
    return SubmittedClaim(place=Place(10, 0), charge=total, lines=lines, **{**given, **changed})


def auth(**changed: Any) -> Authorization:
    given: dict[str, Any] = {
        "auth_number": "A-1",
        "payer_id": "CASC1",
        "member_id": MEMBER,
        "status": "approved",
        "hcpcs": ("J9271",),
        "quantity": Decimal(400),
        "quantity_basis": "billing_units",
        "per": "dose",
        "start_date": date(2026, 1, 1),
        "end_date": date(2026, 6, 30),
        "source": "auths/a.csv:2",
        "raw": "A-1",
    }
    return Authorization(**{**given, **changed})


def coverage(**changed: Any) -> CoverageSpan:
    given: dict[str, Any] = {
        "payer_id": "CASC1",
        "member_id": MEMBER,
        "patient_last": "Voss",
        "patient_first": "Ada",
        "birth_date": date(1960, 2, 29),
        "start_date": date(2025, 1, 1),
        "order": "primary",
        "plan_type": "commercial",
        "verified_on": date(2026, 3, 1),
        "source": "coverage/c.csv:2",
        "raw": "row",
    }
    return CoverageSpan(**{**given, **changed})


def policy(text: str, **changed: Any) -> Policy:
    given: dict[str, Any] = {
        "policy_id": "CHP-1",
        "title": "Pembrolizumab",
        "payer_id": "CASC1",
        "drugs": ("J9271",),
        "effective_from": date(2026, 1, 1),
        "sections": (PolicySection(heading="Rule", text=text, line=8),),
        "source": "policies/chp-1.md",
        "raw": text,
    }
    return Policy(**{**given, **changed})


def chart(mg: int = 400) -> Chart:
    given = DoseGiven(
        resource="MedicationAdministration/m1",
        drug="pembrolizumab",
        hcpcs="J9271",
        day=SERVED,
        dose=Amount(value=Decimal(mg), unit="mg"),
        discarded=Amount(value=Decimal(0), unit="mg"),
        status="completed",
        ndc="00006302602",
        start=datetime(2026, 3, 16, 9, 0, tzinfo=UTC),
        stop=datetime(2026, 3, 16, 9, 32, tzinfo=UTC),
    )
    ordered = Order(
        resource="MedicationRequest/r1",
        drug="pembrolizumab",
        hcpcs="J9271",
        ordered_on=date(2026, 3, 2),
        dose=Amount(value=Decimal(mg), unit="mg"),
        text=f"pembrolizumab {mg} mg every 6 weeks",
        interval_days=42,
    )
    return Chart(
        file="charts/voss.json",
        person=Person(
            resource="Patient/p1", identifiers=(MEMBER,), last="Voss", first="Ada", birth_date=date(1960, 2, 29)
        ),
        doses=(given,),
        orders=(ordered,),
        conditions=(Condition(resource="Condition/c1", icd10="C34.12", text="Left upper lobe"),),
    )


def paid(on: date = SERVED + timedelta(days=2), **changed: Any) -> AdjudicatedLine:
    given: dict[str, Any] = {
        "file": "remits/old.835",
        "segment": 30,
        "paid_on": on,
        "claim_id": "C1",
        "payer_claim_number": "ICN1",
        "hcpcs": "J9271",
        "modifiers": ("JZ",),
        "service_date": SERVED,
        "units": Decimal(400),
        "charge": Decimal(22800),
        "paid": Decimal(20000),
        "covered": True,
    }
    return AdjudicatedLine(**{**given, **changed})


@dataclass
class Held:
    """What the practice holds, in place of a casebook over a home."""

    authorizations: tuple[Authorization, ...] = field(default_factory=lambda: (auth(),))
    coverage: tuple[CoverageSpan, ...] = field(default_factory=lambda: (coverage(),))
    charts: tuple[Chart, ...] = field(default_factory=lambda: (chart(),))
    policies: tuple[Policy, ...] = ()
    claims: tuple[SubmittedClaim, ...] = ()
    payers: tuple[Payer, ...] = (CASCADE,)
    allowed: tuple[AdjudicatedLine, ...] = ()
    answers: dict[str, tuple[tuple[str, date | None], ...]] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()

    @property
    def inputs(self) -> BookInputs:
        return BookInputs(
            practice_id="p",
            practice=Practice(
                name="Larkspur Oncology", billing_npi=BILLING, providers=(Provider(npi=RENDERING, name="Dana Ruiz MD"),)
            ),
            payers=self.payers,
            deliveries=(),
            conflicts=frozenset(),
            claims=self.claims,
            acknowledgements=(),
            authorizations=self.authorizations,
            coverage=self.coverage,
            contracts=(),
            policies=self.policies,
            charts=self.charts,
            unread=(),
            set_aside=(),
        )

    @property
    def parts(self) -> frozenset[str]:
        return frozenset({"auths", "charts", "coverage", "acks", "contracts", "policies", "claims"}) - self.absent

    def allowed_lines(self, _payer_key: str, _member: str) -> tuple[AdjudicatedLine, ...]:
        return self.allowed

    def answers_to(self, _payer_key: str, claim_id: str) -> tuple[tuple[str, date | None], ...]:
        return self.answers.get(claim_id, ())


def checked(sent: SubmittedClaim, held: Held | None = None, as_of: date = AS_OF) -> tuple[CheckedLine, ...]:
    outgoing = Outgoing(cast(Casebook, held or Held()), CODES, (sent,), as_of)
    return check_claims(outgoing, CATALOGUE, CODES)


def causes(sent: SubmittedClaim, held: Held | None = None, as_of: date = AS_OF) -> list[list[str]]:
    """Return the causes warned of, line by line."""
    return [[warning.cause for warning in found.warnings] for found in checked(sent, held, as_of)]
