"""The tables a letter shows: the dose table with the deciding cell marked, the authorization field by field."""

from agent.diagnosis import sources
from agent.diagnosis.authorized_amount import authorized_amount, billed_that_day
from agent.diagnosis.given import drug_of, given_dose, order_in_force
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.printed import day, listed, number
from agent.diagnosis.proof_tables import proof_tables
from knowledge.codes.hcpcs import Drug
from knowledge.types.letters import Table

DOSE_CAUSES = frozenset(
    {"auth-units-mismatch", "billed-units-wrong", "mue-exceeded-dose-right", "waste-units-wrong", "jw-jz-missing"}
)
FIELD_CAUSES = frozenset(
    {
        "auth-valid-payer-error",
        "auth-number-not-on-claim",
        "auth-for-other-code",
        "auth-for-other-provider-or-site",
        "auth-expired",
        "auth-not-in-force",
        "diagnosis-not-authorized-indication",
    }
)


def tables_for(q: Inquiry, root_cause: str) -> tuple[Table, ...]:
    """Return the tables that show this cause; none where there is nothing to compare."""
    if root_cause in DOSE_CAUSES:
        return dose_tables(q, root_cause)
    if root_cause in FIELD_CAUSES:
        return field_tables(q)
    return proof_tables(q, root_cause)


def _evidence(q: Inquiry, *kinds: str) -> tuple[str, ...]:
    return tuple(item.id for item in q.ledger.all() if item.kind in kinds)


def dose_tables(q: Inquiry, root_cause: str) -> tuple[Table, ...]:
    """Lay out ordered, given, discarded, billed and authorized, in the drug's measure and in billing units."""
    drug, given = drug_of(q), given_dose(q)
    if drug is None or drug.unit_qty is None:
        return ()
    measure = given.measure
    rows: list[tuple[str, str, str]] = []
    order = order_in_force(q)
    if order is not None and order.dose is not None:
        dose = f"{number(order.dose.value)} {order.dose.unit}"
        rows.append((f"Ordered {day(order.ordered_on)}", dose, ""))
    if given.amount is not None and given.units is not None:
        rows.append((f"Given {day(q.service_date)}", f"{number(given.amount)} {measure}", number(given.units)))
    if given.discarded is not None:
        rows.append(("Discarded", f"{number(given.discarded)} {measure}", ""))
    marked: tuple[int, int] | None = None
    for line in q.lines_of_code():
        if line.units is None:
            continue
        kind = "Billed as discarded (JW)" if "JW" in line.modifiers else "Billed"
        rows.append((kind, f"{number(line.units * drug.unit_qty)} {measure}", number(line.units)))
        wrong_waste = root_cause == "waste-units-wrong" and "JW" in line.modifiers
        if wrong_waste or (root_cause == "billed-units-wrong" and "JW" not in line.modifiers):
            marked = (len(rows) - 1, 2)
    if root_cause == "auth-units-mismatch" and q.case.authorization is not None:
        rows, marked = _authorized(q, rows, measure)
    if len(rows) < 2:
        return ()
    return (
        Table(
            title=f"{q.hcpcs} on {day(q.service_date)}: {_unit(drug, measure)}",
            columns=("", "Amount", "Billing units"),
            rows=tuple(rows),
            marked=marked,
            evidence=(
                *_evidence(q, "claim", "chart", "authorization"),
                sources.calculation(q, "dose-table", f"{_unit(drug, measure)}; {_shown(rows)}"),
            ),
        ),
    )


def _unit(drug: Drug, measure: str) -> str:
    return f"one billing unit is {number(drug.unit_qty)} {measure}" if drug.unit_qty is not None else measure


def _shown(rows: list[tuple[str, str, str]]) -> str:
    return "; ".join(
        f"{name}: {' = '.join(part for part in (amount, f'{units} units' if units else '') if part)}"
        for name, amount, units in rows
    )


def _authorized(
    q: Inquiry, rows: list[tuple[str, str, str]], measure: str
) -> tuple[list[tuple[str, str, str]], tuple[int, int] | None]:
    row = q.case.authorization
    if row is None:
        return rows, None
    amount = authorized_amount(q, row)
    billed = billed_that_day(q)
    marked: tuple[int, int] | None = None
    for name, units, mg in (
        ("Authorized a dose", amount.allowed.per_dose, amount.allowed.per_dose_amount),
        ("Authorized in total", amount.allowed.total, amount.allowed.total_amount),
        ("Left after earlier doses", amount.left, None),
    ):
        if units is None:
            continue
        rows.append((name, f"{number(mg)} {measure}" if mg is not None else "", number(units)))
        if marked is None and billed is not None and billed > units:
            marked = (len(rows) - 1, 2)
    return rows, marked


def field_tables(q: Inquiry) -> tuple[Table, ...]:
    """Compare authorization and claim field by field; the first field that differs is marked."""
    row, claim = q.case.authorization, q.case.claim
    if row is None or claim is None:
        return ()
    named = {**dict(claim.providers), **dict(q.subject.providers if q.subject else ())}
    place = (q.subject.place_of_service if q.subject else "") or claim.place_of_service
    pointers = q.subject.diagnosis_pointers if q.subject else ()
    pointed = [claim.diagnoses[p - 1] for p in pointers if 0 < p <= len(claim.diagnoses)]
    parties = sources.claim_parties(q)
    facts = (
        ("Authorization number", row.auth_number, _number_on_claim(q), "authorization-number-on-claim"),
        ("Status", row.status, "", "authorization-approved"),
        ("Code", listed(row.hcpcs), q.hcpcs, "authorization-lists-code"),
        (
            "Dates",
            f"{day(row.start_date) or 'open'} to {day(row.end_date) or 'open'}",
            day(q.service_date),
            "service-inside-authorization-dates",
        ),
        ("Diagnosis", listed(row.diagnosis_codes) or "any", listed(pointed), "authorization-lists-diagnosis"),
        (
            "Provider and site",
            listed([row.servicing_npi, row.place_of_service]) or "any",
            listed([named.get("82", "") or claim.billing_npi, place]),
            "authorization-for-this-provider-and-site",
        ),
    )
    rows = tuple((name, authorized, billed, _mark(q, fact)) for name, authorized, billed, fact in facts)
    marked = next(((index, 3) for index, cells in enumerate(rows) if cells[3] == "differs"), None)
    return (
        Table(
            title=f"Authorization {row.auth_number} against claim {claim.claim_id}",
            columns=("Field", "Authorization", "Claim", ""),
            rows=rows,
            marked=marked,
            evidence=(*_evidence(q, "authorization", "claim"), parties),
        ),
    )


def _mark(q: Inquiry, fact: str) -> str:
    return {"confirmed": "agrees", "refuted": "differs", "unknown": ""}[q.fact(fact).truth]


def _number_on_claim(q: Inquiry) -> str:
    claim = q.case.claim
    sent = (*(q.subject.authorizations if q.subject else ()), *(claim.authorizations if claim else ()))
    return listed(list(dict.fromkeys(sent))) or "none"
