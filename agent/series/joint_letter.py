"""One letter for a series: what the claims share said once, a schedule of the claims, then what is each claim's own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from agent.diagnosis.case import Case
from agent.diagnosis.printed import money
from agent.drafting.letters import administrative_facts, letter_evidence
from agent.drafting.make import shown_in_exhibits, to_enclose
from agent.series.merging import Merged, renamed_paragraph, renamed_table
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.evidence import Evidence
from knowledge.types.letters import Exhibit, Field, LetterContent, Paragraph, Table
from tools.packet.enclosing import enclose
from tools.packet.printing import dates_in_words
from tools.packet.support import support_of
from tools.packet.verification import unsupported_in

_Cites = TypeVar("_Cites", Paragraph, Table)
_FIRST = "The claims"
_SCHEDULE = ("No.", "Our claim", "Payer claim number", "Patient", "Date of service", "Service", "Denied", "Codes")
_ROW = (
    *("Our claim number", "Payer claim number", "Patient", "Date of service", "Service", "Amount denied"),
    "Denial codes",
)


@dataclass(frozen=True)
class Member:
    """One denial's own letter, as it was verified, with what it rests on."""

    case: Case
    diagnosis: Diagnosis
    letter: LetterContent

    @property
    def denial_id(self) -> str:
        """Return the denial's id."""
        return self.case.denial.denial_id

    @property
    def at_stake(self) -> Decimal:
        """Return its dollars at stake."""
        return self.case.denial.amount_at_stake


@dataclass(frozen=True)
class JointLetter:
    """A letter for several denials. `facts` are all members' administrative facts, which its words may use."""

    content: LetterContent
    evidence: tuple[Evidence, ...]
    exhibits: tuple[Exhibit, ...]
    facts: tuple[Field, ...]


def in_order(members: Sequence[Member]) -> tuple[Member, ...]:
    """Return the members as the schedule lists them: by date of service, claim, id."""

    def key(member: Member) -> tuple[str, str, str]:
        line = member.case.denial.line
        served = str(line.service_date) if line and line.service_date else ""
        return served, member.case.denial.remit.claim_id, member.denial_id

    return tuple(sorted(members, key=key))


def lead_of(members: Sequence[Member]) -> Member:
    """Return the member whose letter gives addressee, signer and wording: the one with most at stake."""
    return max(members, key=lambda member: (member.at_stake, member.denial_id))


def misfit(member: Member, lead: Member) -> str:
    """Say why a member cannot go in one letter with the lead; "" when it can."""
    mine, theirs = member.letter, lead.letter
    compared = (
        ("letter", mine.kind.replace("_", " "), theirs.kind.replace("_", " ")),
        ("addressee", mine.addressee.name, theirs.addressee.name),
        ("address", ", ".join(mine.addressee.lines), ", ".join(theirs.addressee.lines)),
        ("channel", mine.channel, theirs.channel),
        ("level", mine.level, theirs.level),
        (
            "signer",
            f"{mine.signature.name}, {mine.signature.role}",
            f"{theirs.signature.name}, {theirs.signature.role}",
        ),
    )
    differing = [
        f"Its {name} is {own or 'none'}, not {other or 'none'}" for name, own, other in compared if own != other
    ]
    return differing[0] if differing else ""


def joint_letter(members: Sequence[Member]) -> JointLetter:
    """Compose the letter of two or more members that fit; nothing in it is new but the schedule and the request.

    What each member's own letter says is taken over as it was verified, each statement and document once. The caller
    verifies the whole again.
    """
    ordered, lead = in_order(members), lead_of(members)
    merged = Merged()
    parts = [_part(merged, member, number, len(ordered)) for number, member in enumerate(ordered, start=1)]
    paragraphs = _in_all([part.paragraphs for part in parts], lambda p: p.text)
    tables = _in_all([part.tables for part in parts], lambda t: (t.title, t.columns, t.rows))
    said, shown = {p.text for p in paragraphs}, {(t.title, t.columns, t.rows) for t in tables}
    for part in parts:
        own = [p for p in part.paragraphs if p.text not in said]
        paragraphs += [p.model_copy(update={"heading": "" if n else part.heading}) for n, p in enumerate(own)]
        tables += [
            t.model_copy(update={"section": part.heading if own else ""})
            for t in part.tables
            if (t.title, t.columns, t.rows) not in shown
        ]
    total = sum((member.at_stake for member in ordered), Decimal(0))
    facts = _shared_facts(ordered, len(ordered), total)
    schedule = Table(
        title="Schedule of claims",
        columns=_SCHEDULE,
        rows=tuple((str(number), *part.row) for number, part in enumerate(parts, start=1)),
        evidence=tuple(part.own for part in parts),
        section=_FIRST,
    )
    opening = Paragraph(
        heading=_FIRST,
        text="The denials of the schedule below share one cause, and what is said of it here holds for each of them.",
        evidence=tuple(part.own for part in parts),
    )
    content = lead.letter.model_copy(
        update={
            "subject": f"{lead.letter.kind.replace('_', ' ').capitalize()} for {len(ordered)} denials of one cause",
            "facts": facts,
            "ask": _ask(lead.letter, len(ordered), total),
            "paragraphs": (opening, *paragraphs),
            "tables": (schedule, *tables),
            "criteria": None,
        }
    )
    every = tuple(dict.fromkeys((*facts, *(fact for member in ordered for fact in member.letter.facts))))
    return JointLetter(content, tuple(merged.evidence), tuple(merged.exhibits), every)


@dataclass(frozen=True)
class _Part:
    heading: str
    row: tuple[str, ...]
    own: str
    paragraphs: tuple[Paragraph, ...]
    tables: tuple[Table, ...]


def _part(merged: Merged, member: Member, number: int, of: int) -> _Part:
    """Take one member in: its row of the schedule stands as evidence, shown by its own remittance."""
    letter, case = member.letter, member.case
    row = _schedule_row(case, number, of)
    evidence = (*letter_evidence(case, member.diagnosis), row)
    cited = shown_in_exhibits(letter, evidence) | set(_carrying(letter, evidence, row))
    names = merged.take(evidence, enclose(evidence, to_enclose(case), cited))
    facts = {fact.label: fact.value for fact in administrative_facts(case)}
    ask = Paragraph(text=letter.ask, evidence=_carrying(letter, evidence, row))
    paragraphs = tuple(renamed_paragraph(p, names) for p in (ask, *letter.paragraphs))
    served = f", {dates_in_words(facts['Date of service'])}" if "Date of service" in facts else ""
    return _Part(
        heading=f"Number {number} of {of}: claim {case.denial.remit.claim_id}{served}",
        row=tuple(facts.get(label, "") for label in _ROW),
        own=names[row.id],
        paragraphs=_headed(paragraphs),
        tables=tuple(renamed_table(t, names) for t in letter.tables),
    )


def _carrying(letter: LetterContent, evidence: Sequence[Evidence], row: Evidence) -> tuple[str, ...]:
    """Return what a request stands by: the schedule's row, and of the rest each that carries more of it."""
    chosen = [row]

    def lacking(items: Sequence[Evidence]) -> int:
        return len(unsupported_in(letter.ask, support_of(items, letter.facts)))

    for item in evidence:
        if lacking(chosen) == 0:
            break
        if item is not row and lacking([*chosen, item]) < lacking(chosen):
            chosen.append(item)
    return tuple(item.id for item in chosen)


def _headed(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Give each paragraph the heading it stands under, so that those said once keep theirs."""
    found, heading = [], ""
    for paragraph in paragraphs:
        heading = paragraph.heading or heading
        found.append(paragraph.model_copy(update={"heading": heading}))
    return tuple(found)


def _schedule_row(case: Case, number: int, of: int) -> Evidence:
    """State a member's administrative facts as evidence, by the remittance they stand in."""
    remit = case.denial.remit
    return Evidence(
        id=f"S{number}",
        kind="remit",
        source=f"{remit.file} claim {remit.claim_id}",
        says=f"Number {number} of {of} in the schedule of {of} denials",
        values={fact.label: fact.value for fact in administrative_facts(case)},
        exhibit="remit",
    )


def _in_all(parts: Sequence[Sequence[_Cites]], what: Callable[[_Cites], object]) -> list[_Cites]:
    """Return what all members say alike, once, by the evidence of each of them."""
    alike = []
    for one in parts[0]:
        found = [next((other for other in part if what(other) == what(one)), None) for part in parts]
        ids = [id_ for other in found if other is not None for id_ in other.evidence]
        if None not in found:
            alike.append(one.model_copy(update={"evidence": tuple(dict.fromkeys(ids))}))
    return alike


def _shared_facts(members: Sequence[Member], count: int, total: Decimal) -> tuple[Field, ...]:
    """Return the RE block: what all members' own have alike, how many denials, and the total."""
    first, *rest = [member.letter.facts for member in members]
    listed = {*_ROW, "Charge"}  # these stand in the schedule, claim by claim
    alike = tuple(fact for fact in first if fact.label not in listed and all(fact in facts for facts in rest))
    own = (("Denials", str(count)), ("Total denied", money(total)))
    return (*alike, *(Field(label=label, value=value) for label, value in own))


_ASKS: Mapping[str, str] = {
    "authorization_request": "Please decide this one request for all dates of service in the schedule below.",
    "records_response": "Please take these records for all denials of the schedule below, and decide them together.",
}


def _ask(letter: LetterContent, count: int, total: Decimal) -> str:
    what = f"the {count} denials of the schedule below"
    usual = f"Please decide {what} together, and pay what is denied in them: {money(total)}."
    return _ASKS.get(letter.kind, usual)
