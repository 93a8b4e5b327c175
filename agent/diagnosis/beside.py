"""Which diagnosis belongs beside a cancer's: by a policy's words, or by the drug's label without a policy."""

import re

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, yes
from agent.diagnosis.printed import day, listed
from knowledge.policies.terms import load_terms
from knowledge.types.evidence import Fact
from tools.policy.reading_patient import diseases_named
from tools.policy.wording import normalise

_SECONDARY = re.compile(r"C7[789]")
_SOLID = re.compile(r"C(?:[0-6]\d|7[0-6])")
"""Primary solid tumors by ICD-10-CM category."""
_REFUSES = re.compile(
    r"\bnot (?:be )?(?:covered|payable|paid|necessary|required)\b|\bexclu|\bwithout\b|\bunless\b|\bexcept\b"
)


def metastases_in_words(sentence: str, billed: set[str]) -> set[str]:
    """Return the codes of metastases a policy sentence asks for in words beside a solid tumor.

    None where the claim bills another disease the sentence names ("multiple myeloma, or ..."): that one is enough.
    """
    plain = normalise(sentence)
    if _REFUSES.search(plain):
        return set()
    named = [code for disease in diseases_named(plain) for code in disease.icd10]
    secondary = {code for code in named if _SECONDARY.match(code)}
    others = {code for code in named if not _SECONDARY.match(code) and not _SOLID.match(code)}
    if not any(_SOLID.match(code) for code in billed) or any(code.startswith(tuple(others)) for code in billed):
        return set()
    return secondary


def label_wants_beside(q: Inquiry) -> Fact | None:
    """Tell that the claim has a solid tumor alone where the drug's label is for what the chart carries beside it.

    None where the label says nothing of this drug and dose, the claim bills another of its uses, or the chart does
    not carry the diagnosis by the day of service.
    """
    claim, line, chart, served = q.case.claim, q.subject, q.case.chart, q.service_date
    if claim is None or line is None or chart is None or served is None:
        return None
    row = next((row for row in load_terms().beside if row.hcpcs == line.hcpcs and row.units == line.units), None)
    billed = {code.replace(".", "").upper() for code in claim.diagnoses}
    if row is None or not any(_SOLID.match(code) for code in billed):
        return None
    if any(code.startswith((*row.beside, *row.instead)) for code in billed):
        return None
    charted = [
        item
        for item in chart.conditions
        if item.status not in ("entered-in-error", "refuted")
        and (began := item.onset or item.recorded) is not None
        and began <= served
        and item.icd10.replace(".", "").startswith(tuple(row.beside))
    ]
    if not charted:
        return None
    found = charted[0]
    return yes(
        f"{row.drug} is for bone metastases of a solid tumor by its label; the chart carries {found.icd10}, the claim "
        "does not",
        sources.claim_line(q),
        sources.claim_header(q, f"Claim diagnoses {listed(sorted(billed))}", "HI"),
        sources.chart(q, found.resource, f"Condition {found.icd10} {found.text}".strip()),
        supporting_diagnosis=found.icd10,
        wanted_by=f"The label of {row.drug}",
        policy_id="",
        hcpcs=q.hcpcs,
        service_date=day(served),
    )
