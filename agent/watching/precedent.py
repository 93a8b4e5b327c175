"""Why an authorization is expected though none is on file: what the payer did for the drug, or what its policy says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agent.series.groups import OPEN
from agent.watching.treatment import drug_key
from agent.worth.outline import Told
from knowledge.codes import HcpcsTable
from knowledge.policies import policy_in_force
from knowledge.types.practice import Authorization, Payer, Policy
from tools.linking.book import Book

_AUTHORIZATION = re.compile(
    r"\b(?:auth(?:ori[sz]ation)?|pre-?auth\w*|pre-?cert\w*|prior[\s-]approval)\b", re.IGNORECASE
)
_ASKING = re.compile(r"\b(?:requir\w+|needs?|needed|must|necessary|with\s+an|before|in\s+advance)\b", re.IGNORECASE)
_NONE = re.compile(
    r"\b(?:no|not|without|waive[ds]?|exempt\w*)\b[^.;]{0,40}\b(?:auth\w*|pre-?auth\w*|pre-?cert\w*|approval)\b"
    r"|\b(?:auth\w*|approval)\b[^.;]{0,25}\b(?:not|waived|unnecessary)\b",
    re.IGNORECASE,
)

NEVER_OBTAINED = "auth-never-obtained"


class Denials:
    """A practice's denials as warnings ask for them: a chart's that run, and a payer's that wanted to be asked.

    Each in order of rank.
    """

    def __init__(self, records: Iterable[Told]) -> None:
        """Read each denial once, however many treatments ask."""
        self._of_chart: dict[str, list[Told]] = {}
        self._unasked: dict[str, list[Told]] = {}
        for record in records:
            if record.line is None or not record.line.hcpcs or not record.line.service_date:
                continue
            runs = record.status in (*OPEN, "sent") and record.root_cause != "unknown"
            if runs and record.links.chart is not None:
                self._of_chart.setdefault(record.links.chart.value, []).append(record)
            if record.remit.payer_id is not None and _denied_for_none(record):
                self._unasked.setdefault(record.remit.payer_id, []).append(record)

    def running(self, chart_file: str, drug: str, table: HcpcsTable) -> list[Told]:
        """Return a patient's denials of a drug that are open or sent, and whose cause is known."""
        return _of_drug(self._of_chart.get(chart_file, ()), drug, table)

    def unasked(self, payer_id: str, drug: str, table: HcpcsTable) -> list[Told]:
        """Return a payer's denials of a drug for want of an authorization."""
        return _of_drug(self._unasked.get(payer_id, ()), drug, table)


@dataclass(frozen=True, slots=True)
class Precedent:
    """What shows that the payer wants an authorization, and where it stands."""

    says: str
    sources: tuple[str, ...]


def precedent(payer: Payer, drug: str, code: str, day: date, book: Book, denials: Denials) -> Precedent | None:
    """Return why the payer is expected to want an authorization for the drug on the day; None when nothing says so."""
    if denied := denials.unasked(payer.id, drug, book.hcpcs):
        first = denied[0]
        count = "once" if len(denied) == 1 else f"{len(denied)} times"
        served = first.line.service_date if first.line else None
        says = f"{payer.name} has denied {drug} for lack of one {count} (claim {first.remit.claim_id}, {served})"
        return Precedent(says, tuple(record.denial_id for record in denied))
    rows = [row for row in _rows_of(payer, book) if any(_is_drug(c, day, drug, book.hcpcs) for c in row.hcpcs)]
    if rows:
        return Precedent(f"{payer.name} has authorized {drug} before, so it wants to be asked", (rows[0].source,))
    policy = policy_in_force(book.policies_by_payer.get(payer.id, ()), payer.id, code, day)
    if isinstance(policy, Policy) and (section := _asks(policy, code)) is not None:
        place = f"{policy.source or policy.policy_id}, {section}"
        return Precedent(f"{payer.name}'s policy {policy.policy_id} lists {code} and asks for one", (place,))
    return None


def running_series(denials: Denials, chart_file: str, drug: str, table: HcpcsTable) -> dict[str, tuple[Told, ...]]:
    """Return the patient's open denials of the drug by cause, where a cause has two or more; unknown is no cause."""
    found: dict[str, list[Told]] = {}
    for record in denials.running(chart_file, drug, table):
        found.setdefault(record.root_cause, []).append(record)
    return {cause: tuple(held) for cause, held in sorted(found.items()) if len(held) > 1}


def _asks(policy: Policy, code: str) -> str | None:
    """Return where the policy asks for an authorization: its title, or a section's heading; None when it does not.

    Where it also says that some need none, only a sentence that names the code counts.
    """
    told = [("title", policy.title)]
    for section in policy.sections:
        told += [(section.heading, sentence) for sentence in re.split(r"(?<=[.;])\s+|\n{2,}", section.text)]
    speaking = [(place, text) for place, text in told if _AUTHORIZATION.search(text)]
    exempting = any(_NONE.search(text) for _, text in speaking)
    asking = [(place, text) for place, text in speaking if _ASKING.search(text) and not _NONE.search(text)]
    return next((place for place, text in asking if not exempting or code in text.upper()), None)


def _of_drug(records: Iterable[Told], drug: str, table: HcpcsTable) -> list[Told]:
    lines = ((record, record.line) for record in records)
    found = [
        record
        for record, line in lines
        if line is not None
        and line.hcpcs
        and line.service_date
        and _is_drug(line.hcpcs, date.fromisoformat(line.service_date), drug, table)
    ]
    return sorted(found, key=_place)


def _place(record: Told) -> tuple[bool, int, str]:
    rank = record.priority.rank
    return rank is None, rank or 0, record.denial_id


def _denied_for_none(record: Told) -> bool:
    said = any(adjustment.carc == "197" for adjustment in record.adjustments)
    return record.root_cause == NEVER_OBTAINED or (said and record.root_cause == "unknown")


def _rows_of(payer: Payer, book: Book) -> list[Authorization]:
    rows = [row for (name, _), held in book.authorizations_by_member.items() if name == payer.id for row in held]
    return sorted(rows, key=lambda row: row.source)


def _is_drug(code: str, on: date, drug: str, table: HcpcsTable) -> bool:
    return drug_key(code, "", on, table) == drug
