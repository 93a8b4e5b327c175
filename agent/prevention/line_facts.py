"""Facts about which line of a claim a fault falls on: a payer denies the line, not its neighbours."""

from decimal import Decimal

from agent.diagnosis import sources
from agent.diagnosis.authorization_row import claim_numbers, linked_row, same_number
from agent.diagnosis.checks.administration import _is_visit
from agent.diagnosis.checks.duplicates import DISTINCT
from agent.diagnosis.given import drug_of, given_dose
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, number
from agent.watching.treatment import drug_key
from knowledge.codes.administration import Administration
from knowledge.types.claim import ClaimLine
from knowledge.types.evidence import Fact

NO_LINE = ("the claim as submitted (837)",)
STANDING = ("chemo_infusion", "chemo_push", "infusion", "push", "hydration")
"""Which of two initial services leads: chemotherapy before therapy before hydration, infusion before push (CPT)."""


def _row(q: Inquiry, line: ClaimLine) -> Administration | None:
    return q.codes.administration.lookup(line.hcpcs)


def _lines_of_day(q: Inquiry) -> list[ClaimLine]:
    """Return the member's lines of the day on every claim sent to this payer, those of this claim first."""
    claim, line = q.case.claim, q.case.line
    if claim is None or line is None:
        return []
    own = [other for other in claim.lines if other.start_date == line.start_date]
    elsewhere = [
        other
        for sent in q.case.member_claims
        if sent.claim_id != claim.claim_id
        for other in sent.lines
        if other.start_date == line.start_date
    ]
    return [*own, *elsewhere]


@check
def line_breaks_infusion_hierarchy(q: Inquiry) -> Fact:
    """Whether this line is the lesser of two initial services of the day, or an add-on whose base is billed nowhere."""
    line = q.case.line
    row = _row(q, line) if line else None
    if line is None or row is None or q.case.claim is None:
        return no("The line is no administration")
    values = {"service_date": day(line.start_date)}
    own = [other for other in q.case.claim.lines if other.start_date == line.start_date]
    if row.role == "initial" and not set(line.modifiers) & DISTINCT:
        for other in own:
            rival = _row(q, other)
            if rival is None or rival.role != "initial" or other.number == line.number:
                continue
            if set(other.modifiers) & DISTINCT or not _leads(rival, other, row, line):
                continue
            says = f"{line.hcpcs} is a second initial service beside {other.hcpcs}, with no mark of a site of its own"
            return yes(says, sources.claim_line(q, line), sources.claim_line(q, other), hierarchy_fault=says, **values)
    if row.role in ("further_hour", "further_drug", "sequential"):
        bases = [b for other in _lines_of_day(q) if (b := _row(q, other)) and b.role in ("initial", "prolonged_start")]
        if not bases:
            says = f"{line.hcpcs} is an add-on and no initial service of the day is billed"
            return yes(says, sources.claim_line(q, line), hierarchy_fault=says, **values)
    return no("The line stands in the hierarchy of its day", sources.claim_line(q, line))


def _leads(rival: Administration, other: ClaimLine, row: Administration, line: ClaimLine) -> bool:
    def place(kind: str) -> int:
        return STANDING.index(kind) if kind in STANDING else len(STANDING)

    mine, theirs = place(row.kind), place(rival.kind)
    return theirs < mine or (theirs == mine and int(other.number) < int(line.number))


@check
def line_bills_what_was_given(q: Inquiry) -> Fact:
    """Whether the line bills drug as given, not as discarded (JW)."""
    line = q.case.line
    if line is None:
        return unknown("The claim line is not at hand", missing=NO_LINE)
    return no("The line bills discarded drug") if "JW" in line.modifiers else yes("The line bills drug as given")


@check
def line_bills_a_drug(q: Inquiry) -> Fact:
    """Whether the line bills a drug: a code of the drug table, or a letter code that is no administration."""
    line = q.case.line
    if line is None:
        return unknown("The claim line is not at hand", missing=NO_LINE)
    if line.hcpcs in q.codes.hcpcs.codes or line.hcpcs[:1] in ("J", "Q"):
        return yes(f"{line.hcpcs} is a drug's code")
    return no(f"{line.hcpcs} is no drug's code")


@check
def line_bills_infusion_time(q: Inquiry) -> Fact:
    """Whether the line is an infusion that is billed by its minutes."""
    line = q.case.line
    row = _row(q, line) if line else None
    if line is None or row is None or row.kind not in ("chemo_infusion", "infusion", "hydration"):
        return no("The line is no infusion")
    return yes(f"{line.hcpcs} is billed by its minutes", sources.claim_line(q, line))


@check
def diagnosis_decides_line(q: Inquiry) -> Fact:
    """Whether a payer holds the line against the diagnosis: drug and visit; what only gives the drug follows the drug.

    Coverage articles pair diagnoses with the codes they list, which are drugs' codes, not those of administration.
    """
    line = q.case.line
    if line is None:
        return unknown("The claim line is not at hand", missing=NO_LINE)
    if _row(q, line) is None:
        return yes(f"{line.hcpcs} is covered by diagnosis")
    return no(f"{line.hcpcs} only gives the drug")


@check
def authorization_is_about_line(q: Inquiry) -> Fact:
    """Whether an authorization that lists other codes is about this line: not where another line bills what it lists.

    A product given instead of the one approved is of the same drug; a drug beside it is another service.
    """
    row, line, claim = linked_row(q), q.case.line, q.case.claim
    if row is None or line is None or claim is None or line.hcpcs in row.hcpcs:
        return yes("The authorization is about this line")
    served = line.start_date
    if served is None:
        return unknown("The date of service is not stated", missing=NO_LINE)
    listed = {drug_key(code, "", served, q.codes.hcpcs) for code in row.hcpcs}
    if drug_key(line.hcpcs, "", served, q.codes.hcpcs) in listed:
        return yes(f"{line.hcpcs} is of the drug authorized")
    for other in _lines_of_day(q):
        if other.hcpcs in row.hcpcs or drug_key(other.hcpcs, "", served, q.codes.hcpcs) in listed:
            says = f"Authorization {row.auth_number} is about {other.hcpcs} of the same day"
            return no(says, sources.authorization(q, row), sources.claim_line(q, other))
    return yes("No other line of the day bills what the authorization lists")


@check
def discarded_units_are_charted(q: Inquiry) -> Fact:
    """Whether no line of the code bills discarded drug in other units than charted: else that line is at fault."""
    billed = [other for other in q.lines_of_code() if "JW" in other.modifiers]
    given = given_dose(q)
    drug = drug_of(q)
    if not billed or given.discarded is None or drug is None or drug.unit_qty is None or given.measure != drug.unit_uom:
        return yes("No discarded drug is billed otherwise than charted")
    units, charted = sum(((other.units or Decimal(0)) for other in billed), Decimal(0)), given.discarded / drug.unit_qty
    if units > charted + 1:
        return no(f"{number(units)} units are billed as discarded, {number(charted)} are charted")
    return yes("Discarded drug is billed as charted")


@check
def line_left_out_of_consolidated_billing(q: Inquiry) -> Fact:
    """Whether consolidated billing leaves the line out: chemotherapy, its administration, a physician's visit.

    Social Security Act 1888(e)(2)(A)(ii) and (iii): physicians' services, chemotherapy items and administration.
    """
    line = q.case.line
    row = _row(q, line) if line else None
    chemotherapy = q.fact("drug-is-chemotherapy").truth == "confirmed"
    if line is not None and (chemotherapy or _is_visit(line.hcpcs) or (row and row.kind.startswith("chemo_"))):
        return yes(f"{line.hcpcs} is left out of consolidated billing", sources.claim_line(q))
    return no(f"{q.hcpcs} belongs to the nursing facility's bill", sources.claim_line(q))


@check
def visit_will_be_bundled(q: Inquiry) -> Fact:
    """Whether the line is a visit without modifier 25 beside a drug's administration; a port flush is none."""
    line = q.case.line
    if line is None or not _is_visit(line.hcpcs) or "25" in line.modifiers:
        return no("The line is no visit, or carries modifier 25")
    bundles = q.codes.non_denials
    given = [o for o in _lines_of_day(q) if _row(q, o) is not None and bundles.expected_bundle(o.hcpcs) is None]
    if not given:
        return no("No drug was administered that day", sources.claim_line(q, line))
    found = q.fact("visit-lacks-modifier-25")
    values = {"visit_code": line.hcpcs, "admin_code": given[0].hcpcs, "service_date": day(line.start_date)}
    says = f"{line.hcpcs} is billed without modifier 25 beside {given[0].hcpcs}"
    return yes(says, sources.claim_line(q, line), *found.evidence, **values)


@check
def authorization_counts(q: Inquiry) -> Fact:
    """Whether the payer asks for it: a request is being decided or was refused, the claim names it, a policy asks."""
    row = linked_row(q)
    if row is None:
        return unknown("No authorization is joined to this line")
    if row.status in ("denied", "pended"):
        return yes(f"The payer took the request {row.auth_number}", sources.authorization(q, row))
    if any(same_number(row.auth_number, sent) for sent in claim_numbers(q)):
        return yes(f"The claim carries {row.auth_number}", sources.claim_line(q))
    return q.fact("policy-asks-for-authorization")
