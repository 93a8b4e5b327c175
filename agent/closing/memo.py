"""The closing memo: why a denial is given up or settled, who bears it, and what may never be asked of the patient."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO

import pikepdf

from agent.approving.authority import needed
from agent.closing.bars import patient_bars
from agent.closing.due_back import DueBack, due_back
from agent.decision import Decision
from agent.diagnosis.case import Case
from agent.diagnosis.printed import day, money
from agent.drafting.letters import administrative_facts
from knowledge.types.diagnosis import Diagnosis, Remedy
from knowledge.types.letters import Table
from tools.pages.page import Page, PageSection, render_page

CLOSING: frozenset[Remedy] = frozenset({"write_off", "close", "bill_patient", "refund"})
"""Remedies that end the matter with the payer: each leaves a memo in the file, and none a letter to a patient."""

_TITLES: dict[Remedy, str] = {
    "write_off": "Closing memo: write-off",
    "close": "Closing memo: closed",
    "bill_patient": "Closing memo: patient share",
    "refund": "Closing memo: refund",
}
_BEARS = {
    "CO": "the practice, by its contract or the law; never the patient",
    "PR": "the patient, as the payer assigned it",
    "PI": "nobody by contract: the payer began it; not the patient",
    "OA": "nobody: no liability was assigned; not the patient",
    "CR": "a correction of an earlier answer",
}
"""Who bears an adjustment of a group (domain facts 1.1, rule 2)."""
_TO_CHECK = (
    "whether a state or federal mandate covers the service, and whether an internal appeal is open (domain facts 1.5)",
    "whether other coverage was active that day: another plan is billed before a patient",
    "whether a signed notice is on file where one is needed (Medicare: GA with an ABN, GY for a statutory exclusion)",
)
_MOST_EVIDENCE = 12


def closing_memo(case: Case, diagnosis: Diagnosis, decision: Decision, on: date) -> bytes:
    """Return the memo as a PDF of one page: of the evidence as much as there is room for, the rest is counted."""
    shown = min(len(diagnosis.evidence), _MOST_EVIDENCE)
    while True:
        made = render_page(closing_page(case, diagnosis, decision, on, shown))
        if shown == 0 or _pages(made) == 1:
            return made
        shown -= 1 if shown <= 4 else 2


def closing_page(case: Case, diagnosis: Diagnosis, decision: Decision, on: date, evidence: int) -> Page:
    """Return the memo as data, with the first pieces of evidence."""
    return Page(
        title=_TITLES.get(decision.remedy, "Closing memo"),
        sender=case.practice.name,
        marks="For the file, not sent",
        day=on,
        facts=administrative_facts(case),
        lead=_lead(case, decision, due_back(case, diagnosis)),
        sections=tuple(_sections(case, diagnosis, decision, evidence)),
        foot=f"Denial {case.denial.denial_id}",
    )


def _lead(case: Case, decision: Decision, back: DueBack | None) -> str:
    stake = money(case.denial.amount_at_stake if back is None else back.amount)
    if decision.remedy == "write_off":
        return f"Proposed: write off {stake} as a loss of the practice. The patient is billed nothing."
    if decision.remedy == "bill_patient":
        return (
            f"Proposed: ask the patient for the {_assigned(case)} that the payer assigned to the patient, and no more."
        )
    if decision.remedy == "refund":
        return f"Proposed: pay {stake} back to the payer. The patient is billed nothing for it."
    return "Proposed: close. Nothing more is asked of the payer, and nothing of the patient."


def _assigned(case: Case) -> str:
    return money(sum((a.amount for a in case.denial.adjustments if a.group == "PR"), Decimal(0)))


def _sections(case: Case, diagnosis: Diagnosis, decision: Decision, evidence: int) -> Iterator[PageSection]:
    yield PageSection(heading="Why", paragraphs=(diagnosis.says,))
    adjustments = case.denial.adjustments
    if adjustments:
        rows = tuple(
            (f"{a.group}-{a.carc}", money(a.amount), _BEARS.get(a.group, "not known: ask the payer"))
            for a in adjustments
        )
        table = Table(title="", columns=("Adjustment", "Amount", "Who bears it"), rows=rows)
        yield PageSection(heading="Who bears the amount", table=table)
    bars = patient_bars(case)
    if bars:
        points = tuple(f"{bar.says} ({bar.source})." for bar in bars)
        yield PageSection(heading="Never billed to the patient", points=points)
    else:
        none = "No rule that bars a patient bill was found in the remittance, the claim or verified coverage."
        to_do = "A person checks before anything is billed:"
        yield PageSection(heading="Before the patient is billed", paragraphs=(f"{none} {to_do}",), points=_TO_CHECK)
    tried = tuple(
        f"{clock.action.replace('_', ' ').capitalize()}: {'ran out' if clock.expired else 'open until'} "
        f"{'on ' if clock.expired else ''}{day(clock.date)} ({clock.rule})"
        for clock in decision.deadlines
    )
    if tried:
        yield PageSection(heading="What could still be tried", points=tried)
    roles = needed(decision.remedy, ())
    if roles:
        points = tuple(f"{' or '.join(row.roles).capitalize()}: {row.why} ({row.source})" for row in roles)
        yield PageSection(heading="Who decides", points=points)
    yield from _rests_on(diagnosis, evidence)


def _rests_on(diagnosis: Diagnosis, evidence: int) -> Iterator[PageSection]:
    shown = diagnosis.evidence[:evidence]
    left = len(diagnosis.evidence) - len(shown)
    more = (f"{left} more in the denial's record.",) if left else ()
    if shown:
        rows = tuple((item.id, item.says, item.source) for item in shown)
        table = Table(title="", columns=("", "What it says", "Where it stands"), rows=rows)
        yield PageSection(heading="What it rests on", paragraphs=more, table=table)
    elif more:
        yield PageSection(heading="What it rests on", paragraphs=more)


def _pages(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)
