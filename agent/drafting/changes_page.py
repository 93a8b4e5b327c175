"""The page beside a corrected claim: what a person sees before they approve it."""

from collections.abc import Sequence
from datetime import date

from agent.approving.authority import needed
from agent.diagnosis.case import Case
from agent.drafting.letters import administrative_facts
from knowledge.types.corrections import CorrectedClaim, CorrectionMode
from knowledge.types.diagnosis import Diagnosis, Remedy
from knowledge.types.letters import Table
from tools.corrected_claim.reading import changes_table
from tools.pages.page import Page, PageSection

TITLES: dict[CorrectionMode, str] = {
    "replacement": "Corrected claim: before and after",
    "new": "New claim: before and after",
    "void": "Claim taken back: before and after",
}
_STAYS = "Every byte not listed here is as it was sent."
_LEADS: dict[CorrectionMode, str] = {
    "replacement": f"The file beside this page replaces the claim as sent. {_STAYS}",
    "new": f"The file beside this page is a new claim: the payer did not take the first one for processing. {_STAYS}",
    "void": "The file beside this page takes the claim back as it was sent; no line of it changes.",
}


_OTHER_TITLE = "Claim to another payer: before and after"
_OTHER_LEAD = f"The file beside this page bills the same services to the other plan. {_STAYS}"


def changes_page(
    case: Case, diagnosis: Diagnosis, remedy: Remedy, made: CorrectedClaim, notes: Sequence[str], on: date
) -> Page:
    """Return the page as data: every change with its reason, what to look at, who must approve, the evidence."""
    cited = {id_ for row in made.diff for id_ in row.evidence}
    shown = [item for item in diagnosis.evidence if item.id in cited]
    sections = [
        PageSection(
            heading="Why",
            paragraphs=(diagnosis.says,),
        ),
        PageSection(heading="What changes", table=_without_evidence(changes_table(made.diff))),
    ]
    if notes:
        sections.append(PageSection(heading="Look at", points=tuple(dict.fromkeys(notes))))
    roles = needed(remedy, made.diff)
    if roles:
        points = tuple(f"{' or '.join(row.roles).capitalize()}: {row.why} ({row.source})" for row in roles)
        sections.append(PageSection(heading="Who approves", points=tuple(dict.fromkeys(points))))
    if shown:
        rows = tuple((item.id, item.says, item.source) for item in shown)
        table = Table(title="", columns=("", "What it says", "Where it stands"), rows=rows)
        sections.append(PageSection(heading="What it rests on", table=table))
    return Page(
        title=_OTHER_TITLE if remedy == "bill_other_payer" else TITLES[made.mode],
        sender=case.practice.name,
        marks="For review, not sent",
        day=on,
        facts=administrative_facts(case),
        lead=_OTHER_LEAD if remedy == "bill_other_payer" else _LEADS[made.mode],
        sections=tuple(sections),
        foot=f"Denial {case.denial.denial_id}",
    )


def _without_evidence(table: Table) -> Table:
    """Leave the evidence column out where every row rests on the same: it is listed below once."""
    if len({row[-1] for row in table.rows if row[-1]}) > 1:
        return table
    return table.model_copy(update={"columns": table.columns[:-1], "rows": tuple(row[:-1] for row in table.rows)})
