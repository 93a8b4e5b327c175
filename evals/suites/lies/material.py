"""The letters to lie in: every appeal and reconsideration of the sample practices, with all that was established."""

import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from agent.casebook import Casebook
from agent.diagnosis.case import Case
from agent.diagnosis.clinical import clinical
from agent.diagnosis.diagnose import diagnose
from agent.diagnosis.inquiry import Inquiry
from agent.drafting.letters import KINDS, letter_case
from agent.office import Office
from evals.labels import load_practices
from knowledge.causes import load_catalogue
from knowledge.codes import load_codes
from knowledge.types.criteria import CriterionTable
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterCase
from tools.packet.sentences import sentences
from tools.packet.standings import criteria_standing

PRACTICES = ("birch", "cedar")
_CLOCK = datetime(2026, 11, 1, tzinfo=UTC)
_TURNED = re.compile(r"\b(?:not|no|without|denies|never|possible|suspected|planned|unless)\b", re.IGNORECASE)
_MOST_TURNED = 3


@cache
def material(practices: tuple[str, ...] = PRACTICES) -> tuple[LetterCase, ...]:
    """Work the folders of the practices and return the material of each letter that argues a denial."""
    found: list[LetterCase] = []
    for practice in load_practices(names=practices):
        with tempfile.TemporaryDirectory() as home, Office.open(Path(home), lambda: _CLOCK) as office:
            report = office.take_folder(practice.folder)
            if report.practice_id is not None:
                found += _letters(office, report.practice_id)
    return tuple(found)


def _letters(office: Office, practice_id: str) -> Iterator[LetterCase]:
    codes, catalogue = load_codes(), load_catalogue()
    casebook = Casebook(office.records, practice_id, codes)
    as_of: date = casebook.inputs.practice.as_of or _CLOCK.date()
    for denial_id in sorted(casebook.denials):
        inquiry = Inquiry(casebook.case(denial_id), codes, as_of)
        diagnosis = diagnose(inquiry, catalogue)
        if diagnosis.remedy not in ("reconsideration", "appeal") or diagnosis.root_cause == "unknown":
            continue
        cause, table = catalogue.get(diagnosis.root_cause), clinical(inquiry).table
        kind = KINDS[diagnosis.remedy]
        made = letter_case(inquiry.case, cause, diagnosis, kind, diagnosis.remedy, as_of, table)
        yield _with_more(made, inquiry.case, table)


def _with_more(made: LetterCase, case: Case, table: CriterionTable | None) -> LetterCase:
    """Add sentences of the chart that deny or doubt something, and every criterion: they are lied about the most."""
    evidence = list(made.evidence)
    for document in case.chart.documents if case.chart else ():
        turned = [one for one in sentences(" ".join(document.text.split())) if _TURNED.search(one) and '"' not in one]
        for quote in turned[:1]:
            if len(quote) < 200 and len(evidence) < len(made.evidence) + _MOST_TURNED:
                evidence.append(_chart(len(evidence) + 1, document.resource, quote))
    for row in table.rows if table else ():
        if not any(item.quote == row.criterion.text for item in evidence):
            evidence.append(
                Evidence(
                    id=f"E{len(evidence) + 1}",
                    kind="policy",
                    source=f"policy section {row.criterion.heading}",
                    says=f"{row.criterion.policy_id} asks: {row.criterion.text}",
                    quote=row.criterion.text,
                )
            )
            if row.source and row.quote:
                evidence.append(_chart(len(evidence) + 1, row.source, row.quote))
    standing = criteria_standing(table, evidence) if table else None
    return made.model_copy(update={"evidence": tuple(evidence), "criteria": standing})


def _chart(number: int, source: str, quote: str) -> Evidence:
    return Evidence(id=f"E{number}", kind="chart", source=f"chart {source}", says=quote, quote=quote)
