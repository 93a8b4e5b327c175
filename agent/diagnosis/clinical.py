"""The clinical reading of a case: what the chart states plainly, and the policy's criteria held against it."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from agent.diagnosis.authorized_amount import billed_that_day
from agent.diagnosis.given import asked_drug
from agent.diagnosis.inquiry import Inquiry
from agent.diagnosis.printed import day
from knowledge.codes import HcpcsTable
from knowledge.types.chart import ClinicalFact
from knowledge.types.criteria import CriterionRow, CriterionTable
from tools.chart.facts import ClinicalReading, Vocabulary, read_clinical, vocabulary
from tools.policy.assess import assess
from tools.policy.criteria import read_criteria
from tools.policy.facts import CaseFacts, generics


@dataclass(frozen=True, slots=True)
class Clinical:
    """Facts of the chart with what could not be read surely, and the criteria table; None where there is no source."""

    reading: ClinicalReading | None
    table: CriterionTable | None

    @property
    def facts(self) -> tuple[ClinicalFact, ...]:
        """The facts read; empty without a chart."""
        return self.reading.facts if self.reading else ()

    def rows(self, *kinds: str) -> tuple[CriterionRow, ...]:
        """Return the criteria of these kinds with their answers."""
        return tuple(row for row in (self.table.rows if self.table else ()) if row.criterion.kind in kinds)


_CODE = re.compile(r"\b[AJQ]\d{4}\b")


@lru_cache(maxsize=8)
def _words(table: HcpcsTable, year: int) -> Vocabulary:
    return vocabulary(table, date(year, 1, 1))


def clinical(q: Inquiry) -> Clinical:
    """Read chart and policy of a case; the answer is kept with the inquiry."""
    if q.clinical is None:
        q.clinical = _read(q)
    return q.clinical


def _code_names(q: Inquiry) -> dict[str, frozenset[str]]:
    """Return what the codes of the policy and of the payer's step rules mean on the day of service, by generic name."""
    policy, payer = q.case.policy, q.case.payer
    written = {code for rule in (payer.step_therapy if payer else ()) for code in rule.prefer}
    for section in policy.sections if policy else ():
        written.update(_CODE.findall(f"{section.heading} {section.text}"))
    found: dict[str, frozenset[str]] = {}
    for code in sorted(written | set(policy.drugs if policy else ())):
        drug = q.codes.hcpcs.lookup(code, q.service_date) if q.service_date else None
        if drug is not None:
            named = generics(drug.generic) or generics(drug.brand)
            found[code] = named or frozenset((drug.generic.lower(),))
    return found


def case_facts(q: Inquiry) -> CaseFacts | None:
    """Gather what is known of the service for a requirement to be held against; None without a day of service."""
    served = q.service_date
    if served is None:
        return None
    return _facts(q, served, clinical(q).reading)


def _facts(q: Inquiry, served: date, reading: ClinicalReading | None) -> CaseFacts:
    chart, claim, authorization = q.case.chart, q.case.claim, q.case.authorization
    return CaseFacts(
        on=served,
        drug=asked_drug(q),
        chart=chart,
        statements=reading.facts if reading else (),
        unread=reading.unread if reading else (),
        diagnoses=claim.diagnoses if claim else (),
        units=billed_that_day(q),
        place_of_service=(q.subject.place_of_service if q.subject else "") or (claim.place_of_service if claim else ""),
        authorized=authorization is not None and authorization.status == "approved",
        code_names=_code_names(q),
    )


def _read(q: Inquiry) -> Clinical:
    chart, policy, served = q.case.chart, q.case.policy, q.service_date
    if served is None:
        return Clinical(None, None)
    reading = read_clinical(chart, _words(q.codes.hcpcs, served.year)) if chart else None
    if policy is None:
        return Clinical(reading, None)
    facts = _facts(q, served, reading)
    judged = q.second.criteria if q.second else None
    return Clinical(reading, assess(read_criteria(policy), facts, judged))


def policy_values(q: Inquiry) -> dict[str, str]:
    """Return the slots a sentence about the policy and the drug may fill."""
    policy = q.case.policy
    return {
        "hcpcs": q.hcpcs,
        "service_date": day(q.service_date),
        "policy_id": policy.policy_id if policy else "",
        "policy_title": policy.title if policy else "",
    }
