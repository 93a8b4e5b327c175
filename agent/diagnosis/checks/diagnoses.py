"""Facts about diagnoses: how specific the billed one is, and which the payer's policy wants beside it."""

import re

from agent.diagnosis import sources
from agent.diagnosis.beside import label_wants_beside, metastases_in_words
from agent.diagnosis.crosswalk import code_by_crosswalk, same_drug
from agent.diagnosis.given import no_drug
from agent.diagnosis.inquiry import Inquiry, check, no, unknown, yes
from agent.diagnosis.printed import day, listed
from agent.diagnosis.sources import policy_place
from knowledge.types.chart import Condition
from knowledge.types.evidence import Fact
from tools.chart.sentences import is_plain_report, sentences

ICD = re.compile(r"\b([A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?)\b")
BESIDE = re.compile(
    r"\b(secondary|dual|both|in addition|together|accompanied|supporting|two (?:diagnos[ei]s|codes)"
    r"|along with|as well as"
    r"|alongside|(?:and|with|plus|beside) (?:that of )?the (?:primary|tumou?r|cancer|malignancy))\b",
    re.IGNORECASE,
)


def dotless(code: str) -> str:
    """Return an ICD-10-CM code without its dot, upper case."""
    return code.replace(".", "").upper()


def pointed(q: Inquiry) -> tuple[str, ...]:
    """Return the diagnoses the line points to; all of the claim's when it points to none."""
    claim = q.case.claim
    if claim is None:
        return ()
    pointers = q.subject.diagnosis_pointers if q.subject else ()
    chosen = [claim.diagnoses[p - 1] for p in pointers if 0 < p <= len(claim.diagnoses)]
    return tuple(dotless(code) for code in (chosen or claim.diagnoses))


def _charted(q: Inquiry) -> list[Condition]:
    chart = q.case.chart
    conditions = chart.conditions if chart else ()
    return [c for c in conditions if c.icd10 and c.status not in ("entered-in-error", "refuted")]


_ZERO_IS_UNSPECIFIED = frozenset("C34 C40 C43 C44 C47 C49 C4A C57 C62 C63 C69 C74 C76 C81 C82 C83 C84 C85 C86".split())
"""Categories in which a zero as fifth character means site or side not named (ICD-10-CM tabular list, FY 2026).

Elsewhere it means something of its own: in C90 to C95 "not having achieved remission".
"""


def _less_specific(billed: str, charted: str) -> bool:
    """Tell whether `billed` says less than `charted`: a truncation of it, or its category's unspecified code.

    The first character in which they differ decides: 9 is "unspecified" by the code set's own convention.
    """
    billed, charted = dotless(billed), dotless(charted)
    if billed == charted or billed[:3] != charted[:3]:
        return False
    if charted.startswith(billed):
        return True
    differs = next((i for i, (one, other) in enumerate(zip(billed, charted, strict=False)) if one != other), None)
    if differs is None or differs < 3:
        return False
    if billed[differs] == "9":
        return True
    return differs == 4 and billed[4] == "0" and billed[:3] in _ZERO_IS_UNSPECIFIED


def _written(q: Inquiry) -> list[tuple[str, str, str]]:
    """Return the codes that notes up to the day of service state plainly: code, resource, sentence."""
    found = []
    for document in q.case.chart.documents if q.case.chart else ():
        if document.day is not None and q.service_date is not None and document.day > q.service_date:
            continue
        for sentence in sentences(document.text):
            if is_plain_report(sentence.text):
                found += [(code, document.resource, sentence.text) for code in ICD.findall(sentence.text)]
    return found


@check
def charted_diagnosis_is_more_specific(q: Inquiry) -> Fact:
    """Whether the chart names the same condition more exactly than the claim (truncated or unspecified code)."""
    billed = pointed(q)
    if not billed:
        return unknown("The claim's diagnoses are not known", missing=("the claim as submitted (837)",))
    coded = [(c.icd10, c.resource, f"Condition {c.icd10} {c.text}".strip(), "") for c in _charted(q)]
    written = [(code, resource, f"{code}: {words}", words) for code, resource, words in _written(q)]
    if not coded and not written:
        return unknown("The chart carries no coded diagnosis", missing=("pathology and the oncologist's note",))
    claim = q.case.claim
    cut_short = [code for code in map(dotless, claim.diagnoses if claim else ()) if code not in billed]
    for code in (*billed, *cut_short):
        better = [item for item in (*coded, *written) if _less_specific(code, item[0])]
        if code in cut_short:  # a code the line does not point to spoils the claim only where it is no whole code
            better = [item for item in better if dotless(item[0]).startswith(code)]
        if better:
            exact, resource, says, words = better[0]
            return yes(
                f"The claim points to {code}; the chart carries {says.removeprefix('Condition ')}",
                sources.claim_header(q, f"Claim diagnoses {listed(billed)}", "HI"),
                sources.chart(q, resource, says, quote=words or None),
                claim_diagnoses=code,
                chart_diagnoses=exact,
                hcpcs=q.hcpcs,
                service_date=day(q.service_date),
            )
    return no("The chart names no diagnosis more exactly than the claim")


@check
def policy_wants_diagnosis_beside(q: Inquiry) -> Fact:
    """Whether the policy in force wants a further diagnosis that the chart carries and the claim does not."""
    policy, claim = q.case.policy, q.case.claim
    if policy is None and (by_label := label_wants_beside(q)) is not None:
        return by_label
    if policy is None or claim is None:
        return unknown("No policy in force or no claim is at hand", missing=("the payer's policy in force that day",))
    billed = {dotless(code) for code in claim.diagnoses}
    charted = {dotless(c.icd10): c for c in _charted(q)}
    for section in policy.sections:
        for sentence in re.split(r"(?<=[.;\n])\s+", section.text):
            if not BESIDE.search(sentence):
                continue
            wanted = (
                {dotless(code) for code in ICD.findall(sentence)} or metastases_in_words(sentence, billed)
            ) - billed
            fits = sorted(code for code in wanted if any(c.startswith(code) for c in charted))
            if fits and not any(b.startswith(w) for b in billed for w in wanted):
                condition = next(c for code, c in sorted(charted.items()) if code.startswith(fits[0]))
                where = policy_place(policy, section)
                evidence = q.ledger.add(
                    "policy",
                    where,
                    f"{policy.policy_id} wants {fits[0]} beside the cancer diagnosis",
                    quote=sentence.strip(),
                    exhibit=f"policy:{policy.policy_id}",
                )
                return yes(
                    f"The policy wants {fits[0]}, the chart carries it, the claim does not",
                    evidence,
                    sources.claim_header(q, f"Claim diagnoses {listed(sorted(billed))}", "HI"),
                    sources.chart(q, condition.resource, f"Condition {condition.icd10} {condition.text}".strip()),
                    supporting_diagnosis=condition.icd10,
                    wanted_by=f"Policy {policy.policy_id}",
                    policy_id=policy.policy_id,
                    hcpcs=q.hcpcs,
                    service_date=day(q.service_date),
                )
    return no("The policy in force names no further diagnosis that is charted and not billed")


@check
def given_product_has_other_code(q: Inquiry) -> Fact:
    """Whether the product charted as given carries another code of the same drug than the one billed."""
    chart, served = q.case.chart, q.service_date
    if served is None or not q.hcpcs:
        return unknown("The product given is not charted", missing=("the product given, by NDC",))
    by_crosswalk = code_by_crosswalk(q)
    if chart is None:
        return by_crosswalk or unknown("The product given is not charted", missing=("the product given, by NDC",))
    billed = q.codes.hcpcs.lookup(q.hcpcs, served)
    if billed is None:
        return no_drug(q)
    later = {item.code for item in q.codes.hcpcs.successors(q.hcpcs, served)}  # that a code ended is another fault
    for dose in chart.doses:
        if dose.day != served or not dose.hcpcs or dose.hcpcs in (q.hcpcs, *later):
            continue
        given = q.codes.hcpcs.lookup(dose.hcpcs, served)
        if given is not None and same_drug(given, billed):
            says = f"The chart shows {dose.hcpcs} ({given.generic}) given on {day(served)}"
            return yes(
                says,
                sources.claim_line(q),
                sources.chart(q, dose.resource, says),
                hcpcs=q.hcpcs,
                given_code=dose.hcpcs,
                given_ndc=dose.ndc,
                service_date=day(served),
            )
    if by_crosswalk is not None:
        return by_crosswalk
    if any(dose.day == served and dose.hcpcs == q.hcpcs for dose in chart.doses):
        return no("The product given carries the code billed")
    return unknown("The product given is not charted", missing=("the product given, by NDC",))
