"""Which code a drug named in words has: for lines under a not-otherwise-classified code (domain facts 4.6, RC21).

The name is taken as a whole: denosumab-bbdz is not denosumab, amivantamab with hyaluronidase is not amivantamab. Words,
the product's NDC and what the chart shows given must not disagree; where they do, a person looks.
"""

import re

from agent.diagnosis import sources
from agent.diagnosis.inquiry import Inquiry, unknown, yes
from agent.diagnosis.printed import day, listed
from knowledge.codes.hcpcs import Drug
from knowledge.types.chart import DoseGiven
from knowledge.types.evidence import Fact
from tools.dosing.ndc import normalize_ndc, same_product

FORMS = re.compile(
    r"hyaluronidase|liposom\w*|pegylated|protein[- ]bound|albumin[- ]bound|nab[- ]|depot|emulsion|vedotin|deruxtecan"
    r"|emtansine|govitecan|ozogamicin|tesirine|soravtansine|mafodotin|palonosetron|relatlimab|extended[- ]release"
)
"""Parts of a name that make another product with a code of its own."""

_SUFFIX = re.compile(r"-[a-z]{4}$")
"""FDA's suffix of a biologic, which many leave out: without it the name may be the reference product or any other."""

GET_PRODUCT = ("the drug given, by name and NDC",)


def specific_code(q: Inquiry) -> Fact:
    """Tell whether the drug on an unclassified line has its own code in force that day."""
    served = q.service_date
    assert served is not None
    line = q.subject
    words = " ".join((line.description, *line.notes) if line is not None else ()).casefold()
    named, given, listed_by = codes_in_words(q, words), _given(q), _by_crosswalk(q)
    charted = {dose.hcpcs for dose in given}
    voices = [voice for voice in (named, listed_by, charted) if voice]
    agreed = set.intersection(*(set(voice) for voice in voices)) if voices else set()
    if voices and not agreed:
        says = f"The line, its NDC and the chart name different drugs: {listed(sorted(set().union(*voices)))}"
        return unknown(says, sources.claim_line(q), missing=GET_PRODUCT)
    if len(agreed) != 1 or (words.strip() and not named and not listed_by):
        return unknown(
            f"{q.hcpcs} is not otherwise classified and the drug's own code is not certain", missing=GET_PRODUCT
        )
    if fault := _other_ndc(q, given):
        return unknown(fault, sources.claim_line(q), missing=GET_PRODUCT)
    code = next(iter(agreed))
    drug = q.codes.hcpcs.lookup(code, served)
    name = drug.generic if drug is not None else code
    if newer := sources.newer_table(q, code):
        return unknown(f"Whether {code} of {name} was in force is not certain", missing=newer)
    says = f"{name} has its own code {code} in force on {day(served)}"
    shown = [sources.chart(q, d.resource, f"{d.drug or d.hcpcs} was given on {day(d.day)}") for d in given]
    return yes(
        says,
        sources.code_table(q, "hcpcs", code, says),
        sources.claim_line(q),
        *shown,
        hcpcs=q.hcpcs,
        service_date=day(served),
        code_fault="is not otherwise classified, though the drug has its own code,",
        successor=code,
    )


def codes_in_words(q: Inquiry, words: str) -> frozenset[str]:
    """Return the specific codes in force whose drug the words name, the longest name winning; empty when unsure."""
    served, words = q.service_date, words.casefold()
    if served is None:
        return frozenset()
    found: list[tuple[int, int, str]] = []
    for code in q.codes.hcpcs.codes - q.codes.hcpcs.unclassified:
        drug = q.codes.hcpcs.lookup(code, served)
        if drug is None or drug.state(served) != "active":
            continue
        for name in _names(drug):
            found += [(m.start(), m.end(), code) for m in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words)]
    whole = [
        (start, end, code)
        for start, end, code in found
        if not any(a <= start and end <= b and (b - a) > (end - start) for a, b, _ in found)
    ]
    forms = {form.strip() for form in FORMS.findall(words)}
    under_skin = bool(re.search(r"\b(?:sc|sq|sub-?q|subcut\w*)\b", words))
    kept = {code for _, _, code in whole if not _of_another_form(q, code, forms, under_skin)}
    return frozenset(kept) if kept == {code for _, _, code in whole} else frozenset()


def _names(drug: Drug) -> tuple[str, ...]:
    generic = _plain(drug)
    names = (generic, _SUFFIX.sub("", generic), *re.split(r"[/,]| and ", drug.brand))
    return tuple(name.strip().casefold() for name in names if len(name.strip()) > 3 and "generics" not in name)


def _plain(drug: Drug) -> str:
    generic = re.sub(r"\s*\([^)]*\)", "", drug.generic.split(",")[0])
    return generic.removesuffix(" NOS").removesuffix(" non-ESRD").casefold()


def _sold_for_injection(q: Inquiry, drug: Drug) -> bool:
    """Tell whether the drug, given under the skin, is another product with a code of its own."""
    rows = (q.codes.hcpcs.lookup(code, q.service_date) for code in q.codes.hcpcs.codes if q.service_date)
    root = _plain(drug).split("-")[0]
    return any(row is not None and "(SC)" in row.generic and _plain(row).startswith(f"{root} +") for row in rows)


def _of_another_form(q: Inquiry, code: str, forms: set[str], under_skin: bool) -> bool:
    served = q.service_date
    drug = q.codes.hcpcs.lookup(code, served) if served is not None else None
    full = f"{drug.generic} {drug.brand}".casefold() if drug is not None else ""
    if drug is not None and under_skin and "(SC)" not in drug.generic and _sold_for_injection(q, drug):
        return True
    return any(form[:8] not in full for form in forms)


def _given(q: Inquiry) -> list[DoseGiven]:
    """List the day's coded doses that no other line of the claim bills: what the unclassified line may stand for."""
    chart, claim, served = q.case.chart, q.case.claim, q.service_date
    claims = (*((claim,) if claim is not None else ()), *q.case.member_claims)
    elsewhere = {line.hcpcs for sent in claims for line in sent.lines if line.start_date in (served, None)}
    return [
        dose
        for dose in (chart.doses if chart is not None else ())
        if dose.day == served
        and dose.status in ("completed", "")
        and dose.hcpcs
        and dose.hcpcs not in elsewhere
        and dose.hcpcs not in q.codes.hcpcs.unclassified
    ]


def _by_crosswalk(q: Inquiry) -> frozenset[str]:
    """Return the codes the crosswalk of the quarter gives the line's NDC; empty without one."""
    line, served = q.subject, q.service_date
    if line is None or line.drug is None or served is None:
        return frozenset()
    rows = q.codes.ndc.rows(normalize_ndc(line.drug.ndc) or "", served)
    return frozenset(row.code for row in rows if row.same_quarter and row.code not in q.codes.hcpcs.unclassified)


def _other_ndc(q: Inquiry, given: list[DoseGiven]) -> str:
    """Say that the line's NDC is not that of the product charted; blank when it is, or either is silent."""
    line = q.subject
    sent = normalize_ndc(line.drug.ndc) if line is not None and line.drug is not None else None
    charted = {ndc for dose in given for ndc in (dose.ndcs or (dose.ndc11,)) if ndc}
    if sent is None or not charted or any(same_product(sent, ndc) for ndc in charted):
        return ""
    return f"The line's NDC {sent} is not that of the product charted ({listed(sorted(charted))})"
