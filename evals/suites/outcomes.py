"""What comes back closes the loop: every denied line of the development practices lives on in later remits made for it.

Each is paid in full, in part, denied again, paid and taken back by reversal, paid and recovered at the foot of a remit,
in order and in the reverse. Its outcome and its recovered dollars must be what was paid and stayed; and the cash of
every practice must add up to what its remits transferred.
"""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from agent.casebook import Casebook
from agent.following.cash import count_cash
from agent.following.moved import moved_by_cash
from agent.intake import take_folder
from evals.labels import load_practices
from evals.split import load_split
from evals.suites import SuiteReport
from knowledge.codes import Codes, load_codes
from knowledge.records import open_records
from knowledge.types.denial import Denial
from knowledge.types.reading import Place
from knowledge.types.remit import Adjustment, ClaimPayment, ProviderAdjustment, RemitHeader
from tools.denials.delivery import Delivery
from tools.denials.finding import Trail, find_all
from tools.denials.rules import AdjustmentRules

__all__ = ["run"]

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_NOTHING = Decimal("0.00")

Later = tuple[str, list[Delivery], str, Decimal]
"""A life that goes on: its name, the later remits, the outcome it must have, the dollars it must have recovered."""


def run() -> SuiteReport:
    """Let every open denial of a line live on in each way, and add up each practice's cash."""
    codes = load_codes()
    tried, failures, figures = 0, [], {"practices": 0.0, "denials": 0.0, "recovered": 0.0}
    for name in _development():
        (practice,) = load_practices(names=(name,))
        with tempfile.TemporaryDirectory() as home, open_records(Path(home) / "records.db") as records:
            practice_id = take_folder(records, practice.folder, codes, _NOW).practice_id
            if practice_id is None:
                failures.append(f"{name}: could not be taken in")
                continue
            casebook = Casebook(records, practice_id, codes)
            whole = casebook.cash.whole
            tried += 1
            parts = whole.recovered + whole.otherwise + whole.provider_level + whole.unexplained
            if whole.cash != parts or whole.unexplained:
                failures.append(f"{name}: cash {whole.cash}, its parts {parts}, unexplained {whole.unexplained}")
            figures["practices"] += 1
            figures["recovered"] += float(whole.recovered)
            denials = {denial.denial_id: denial for denial in casebook.found.examination.denials}
            for trail in casebook.found.trails:
                denial = denials[trail.denial_id]
                if not _plain(denial, trail):
                    continue
                figures["denials"] += 1
                for life in _lives(denial, trail):
                    for order in (1, -1):
                        tried += 1
                        said = _said(casebook, codes, trail, life, order)
                        failures += [f"{name} {trail.denial_id} {life[0]}: {said}"] if said else []
    return SuiteReport(tried=tried, failed=len(failures), failures=tuple(failures), figures=figures)


def _development() -> tuple[str, ...]:
    whole = [rule for rule in load_split() if (rule.payer, rule.case) == ("*", "*") and "*" not in rule.practice]
    return tuple(rule.practice for rule in whole if rule.part == "development")


def _plain(denial: Denial, trail: Trail) -> bool:
    """Take the denials of one line that are open, stated as such, and known by the payer's number of the claim."""
    if denial.kind != "denied" or denial.outcome != "open" or trail.whole or trail.duplicate or denial.doubts:
        return False
    numbered = denial.remit.payer_claim_number and denial.remit.paid_on and denial.line is not None
    return bool(numbered) and not any(j.answer.conflict for j in trail.judged)


def _lives(denial: Denial, trail: Trail) -> Iterator[Later]:
    last = max((j for j in trail.judged if j.verdict.kind is not None), key=lambda j: j.order)
    header, claim, line = last.answer.header, last.answer.claim, last.line
    if line is None or line.charge <= 0:
        return
    number = f"{claim.payer_claim_number}9Z"
    half = (line.charge / 2).quantize(Decimal("0.01"))

    def answer(paid: Decimal, adjustments: tuple[Adjustment, ...], number: str = number) -> ClaimPayment:
        paying = replace(line, paid=paid, adjustments=adjustments, remarks=())
        return replace(
            claim,
            status="1",
            payer_claim_number=number,
            charge=line.charge,
            paid=paid,
            patient_share=None,
            adjustments=(),
            remarks=(),
            lines=(paying,),
        )

    full = answer(line.charge, ())
    part = answer(half, (Adjustment("CO", "197", line.charge - half),))
    again = replace(claim, payer_claim_number=claim.payer_claim_number)
    paid = _remit(header, 1, full)
    yield "paid in full", [paid], "won", line.charge
    yield "paid in part", [_remit(header, 1, part)], "partly_won", half
    yield "denied again", [_remit(header, 1, again)], "open", _NOTHING
    yield "taken back", [paid, _remit(header, 2, _mirror(full))], "open", _NOTHING
    yield (
        "taken back and paid again",
        [
            paid,
            _remit(header, 2, _mirror(full)),
            _remit(header, 3, answer(half, (Adjustment("CO", "45", line.charge - half),), f"{number}2")),
        ],
        "won",
        half,
    )
    yield "recovered through PLB", [paid, _remit(header, 2, plb=(number, line.charge))], "open", _NOTHING
    yield "recovered in part", [paid, _remit(header, 2, plb=(number, half))], "partly_won", line.charge - half
    yield "PLB of no claim", [paid, _remit(header, 2, plb=("NOBODY7Q7", line.charge))], "won", line.charge


def _mirror(claim: ClaimPayment) -> ClaimPayment:
    lines = tuple(
        replace(
            line,
            charge=-line.charge,
            paid=-line.paid,
            adjustments=tuple(replace(a, amount=-a.amount) for a in line.adjustments),
        )
        for line in claim.lines
    )
    return replace(claim, status="22", charge=-claim.charge, paid=-claim.paid, lines=lines)


def _remit(
    header: RemitHeader, number: int, claim: ClaimPayment | None = None, plb: tuple[str, Decimal] | None = None
) -> Delivery:
    slots: tuple[ProviderAdjustment, ...] = ()
    if plb is not None:
        slots = (ProviderAdjustment(Place(99, 0), "1999999992", "20261231", "WO", plb[0], plb[1]),)
    paid = (claim.paid if claim else _NOTHING) - (plb[1] if plb else _NOTHING)
    day = (header.paid_on or header.produced_on or date.min) + timedelta(days=30 * number)
    made = replace(
        header, file=f"later/{number}.835", trace_number=f"LATER{number}", paid_on=day, paid=paid, credit_debit="C"
    )
    return Delivery(made, (claim,) if claim else (), slots)


def _said(casebook: Casebook, codes: Codes, trail: Trail, life: Later, order: int) -> str:
    """Return what is wrong with a life's end; "" when all is as it must be."""
    _, later, outcome, recovered = life
    earlier = {id(a.header): Delivery(a.header, ()) for a in trail.answers}
    for answer in trail.answers:
        known = earlier[id(answer.header)]
        earlier[id(answer.header)] = Delivery(known.header, (*known.claims, answer.claim))
    arrived: Sequence[Delivery] = [*earlier.values(), *later][::order]
    found = find_all(arrived, AdjustmentRules(codes), casebook.inputs.directory)
    account = count_cash(found, casebook.inputs.directory).accounts.get(trail.denial_id)
    denial = next((d for d in found.examination.denials if d.denial_id == trail.denial_id), None)
    if account is None or denial is None:
        return "the denial is gone"
    moved = moved_by_cash(denial, account)
    if (moved.outcome, account.recovered) != (outcome, recovered):
        return f"{moved.outcome} with {account.recovered}, not {outcome} with {recovered}"
    return ""
