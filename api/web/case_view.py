"""A case as its page shows it, read from the records of one denial alone."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

from agent.following.timeline import timeline
from agent.work import Draft, Investigation
from api.access.principal import Principal
from api.service import Service
from api.web.case_standing import Standing, standing_of
from knowledge.causes import load_catalogue
from knowledge.codes import Codes, load_codes
from knowledge.records import Approval, LetterEdit, Outgoing, Question, WorklistItem
from knowledge.records.queue import WorkGroup
from knowledge.types.diagnosis import Diagnosis
from knowledge.types.evidence import Evidence, Fact
from knowledge.types.letters import CriteriaStanding, LetterContent, Table
from knowledge.types.outcomes import Account, LifeEntry
from knowledge.types.practice import Payer
from knowledge.types.record import DenialRecord, RecordDeadline
from tools.corrected_claim.reading import ReadChange, read_changes
from tools.packet.law import authority_evidence
from tools.packet.word.outline import letter_print


@dataclass(frozen=True)
class Code:
    """A code of the payer, and what it says in our words."""

    code: str
    says: str
    amount: str = ""


@dataclass(frozen=True)
class Clock:
    """A deadline with the days left; `number` names it in an address."""

    number: int
    deadline: RecordDeadline
    left: int


@dataclass(frozen=True)
class Open:
    """A cause that is still open beside the leading one, and what would settle it."""

    name: str
    confidence: float
    settled_by: str


@dataclass(frozen=True)
class CaseView:
    """Everything the page shows. `tag` changes with whatever a decision rests on."""

    practice_id: str
    practice_name: str
    as_of: date
    record: DenialRecord
    item: WorklistItem | None
    cause: str
    adjustments: tuple[Code, ...]
    remarks: tuple[Code, ...]
    decisive: tuple[Fact, ...]
    beside: tuple[Fact, ...]
    alternatives: tuple[Open, ...]
    evidence: dict[str, Evidence]
    tables: tuple[Table, ...]
    criteria: CriteriaStanding | None
    clocks: tuple[Clock, ...]
    letter: LetterContent | None
    changes: tuple[ReadChange, ...]
    lacking: tuple[str, ...]
    missing: tuple[str, ...]
    life: tuple[LifeEntry, ...]
    account: Account | None
    approval: Approval | None
    sends: tuple[Outgoing, ...]
    edits: tuple[LetterEdit, ...]
    questions: tuple[Question, ...]
    group: WorkGroup | None
    people: dict[str, str]
    clinicians: tuple[str, ...]
    standing: Standing
    tag: str
    letter_tag: str = ""
    files: tuple[str, ...] = field(default=())

    @property
    def binding(self) -> Clock | None:
        """The clock of what is to be done; else the next that runs out, else the last that did."""
        own = [one for one in self.clocks if one.deadline.action == self.record.remedy]
        running = [one for one in self.clocks if one.left >= 0]
        return min(own or running or self.clocks[-1:], key=lambda one: one.left, default=None)

    @property
    def denial_id(self) -> str:
        """Its id."""
        return self.record.denial_id


def case_view(service: Service, principal: Principal, practice_id: str, denial_id: str) -> CaseView | None:
    """Read a case; None when the practice has no such denial or it has not been worked yet."""
    records = service.office.records
    with records.reading() as repository:
        stored = repository.denials.get(practice_id, denial_id)
        if stored is None or stored.record is None:
            return None
        record = DenialRecord.model_validate(stored.record)
        found = repository.casework.work(practice_id, denial_id, "investigate", Investigation)
        diagnosis = repository.casework.work(practice_id, denial_id, "diagnose", Diagnosis)
        draft = repository.casework.work(practice_id, denial_id, "draft", Draft)
        reviews = repository.casework.reviews(practice_id, denial_id)
        approval = repository.approvals.live(practice_id, denial_id)
        sends = repository.outbox.of(practice_id, denial_id)
        practice = repository.files.practice(practice_id)
        payers = {payer.id: payer for payer in repository.facts.payers(practice_id)}
        item = repository.worklist.get(practice_id, denial_id)
        edits = repository.correspondence.edits(practice_id, denial_id)
        account = repository.outcomes.account(practice_id, denial_id)
        questions = repository.questions.of(practice_id, denial_id)
        users = [user for user in repository.access.users() if _works(user.practices, practice_id, user.disabled_at)]
        with service.worklists.at(practice_id) as (index, _):
            row = index.row(denial_id)
        group = repository.groups.some(practice_id, [row.group]).get(row.group) if row and row.group else None
    assert practice is not None  # a denial is a practice's
    as_of = practice.as_of or service.office.clock().date()
    payer = payers.get(record.remit.payer_id or "")
    letter = draft.letter if draft else None
    decisive, beside = _facts(diagnosis, found)
    people = {user.user_id: user.name for user in users}
    people.setdefault(principal.id, principal.name)
    codes = load_codes(service.office.home / "codes")
    return CaseView(
        practice_id=practice_id,
        practice_name=practice.name,
        as_of=as_of,
        record=record,
        item=item,
        cause=_cause(record.root_cause),
        adjustments=tuple(_adjustments(record, codes)),
        remarks=tuple(_remarks(record, codes)),
        decisive=decisive,
        beside=beside,
        alternatives=tuple(Open(_cause(one.root_cause), one.confidence, one.settled_by) for one in record.alternatives),
        evidence={item.id: item for item in (*_evidence(record, found, diagnosis), *_law(record, payer))},
        tables=_tables(letter, diagnosis),
        criteria=letter.criteria if letter else None,
        clocks=tuple(
            Clock(number, one, (date.fromisoformat(one.date) - as_of).days)
            for number, one in enumerate(record.deadlines)
        ),
        letter=letter,
        changes=read_changes(draft.changes) if draft else (),
        lacking=draft.lacking if draft else (),
        missing=tuple(dict.fromkeys((*record.missing, *(draft.missing if draft else ())))),
        life=timeline(records, practice_id, denial_id),
        account=account,
        approval=approval,
        sends=sends,
        edits=edits,
        questions=questions,
        group=group,
        people=people,
        clinicians=tuple(sorted({user.name for user in users if user.role == "clinician"})),
        standing=standing_of(record, draft, principal, practice, payer, approval, sends),
        tag=tag_of(record, letter, len(reviews)),
        letter_tag=letter_print(letter) if letter else "",
        files=tuple(sorted((name for name, made in record.products if made is not None), key=_first_packet)),
    )


def tag_of(record: DenialRecord, letter: LetterContent | None, reviews: int) -> str:
    """Name what a decision rests on: record, letter and decisions so far; its place in the queue is none of it."""
    said = record.model_dump_json(exclude={"priority", "series"})
    print_ = letter_print(letter) if letter else ""
    return hashlib.sha256(f"{said}|{print_}|{reviews}".encode()).hexdigest()[:24]


@cache
def bearers() -> dict[str, str]:
    """Say who bears an adjustment, by its group (domain facts 1.1)."""
    text = files("api").joinpath("web/groups.csv").read_text(encoding="utf-8")
    return {row["group"]: row["bears"] for row in csv.DictReader(text.splitlines())}


def _first_packet(name: str) -> tuple[bool, bool, str]:
    return name != "packet", name != "corrected_claim", name


def _works(practices: frozenset[str] | None, practice_id: str, disabled_at: object) -> bool:
    return disabled_at is None and (practices is None or practice_id in practices)


def _cause(root_cause: str) -> str:
    known = {cause.id: cause.name for cause in load_catalogue().causes}
    return known.get(root_cause, root_cause.replace("-", " "))


def _adjustments(record: DenialRecord, codes: Codes) -> Iterator[Code]:
    on = date.fromisoformat(record.remit.paid_on) if record.remit.paid_on else None
    for one in record.adjustments:
        reason = codes.carc.lookup(one.carc, on)
        says = reason.meaning if reason and reason.meaning else "A reason our table does not describe"
        bears = bearers().get(one.group, "")
        yield Code(f"{one.group}-{one.carc}", f"{says}. {bears}".strip(), one.amount)


def _remarks(record: DenialRecord, codes: Codes) -> Iterator[Code]:
    for remark in record.remarks:
        known = codes.rarc.lookup(remark)
        yield Code(remark, known.meaning if known else "A remark our table does not describe")


def _facts(diagnosis: Diagnosis | None, found: Investigation | None) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Give the facts of the leading cause, and the others that were established."""
    hypotheses = diagnosis.hypotheses if diagnosis else ()
    cause = diagnosis.root_cause if diagnosis else ""
    own = next((one for one in hypotheses if one.root_cause == cause), hypotheses[0] if hypotheses else None)
    order = {"refuted": 0, "unknown": 1, "confirmed": 2}
    decisive = tuple(sorted(own.facts, key=lambda fact: order[fact.truth])) if own else ()
    names = {fact.name for fact in decisive}
    every: Sequence[Fact] = found.facts if found else ()
    return decisive, tuple(fact for fact in every if fact.name not in names)


def _evidence(record: DenialRecord, found: Investigation | None, diagnosis: Diagnosis | None) -> Iterator[Evidence]:
    for one in record.evidence:
        yield Evidence.model_validate(one.model_dump())
    yield from found.evidence if found else ()
    yield from diagnosis.evidence if diagnosis else ()


def _law(record: DenialRecord, payer: Payer | None) -> tuple[Evidence, ...]:
    if payer is None:
        return ()
    served = record.line.service_date if record.line else None
    days = [date.fromisoformat(day) if day else None for day in (served, record.remit.paid_on)]
    return authority_evidence(record.root_cause, payer.line_of_business, *days)


def _tables(letter: LetterContent | None, diagnosis: Diagnosis | None) -> tuple[Table, ...]:
    made = [*(diagnosis.tables if diagnosis else ())]
    made += [table for table in (letter.tables if letter else ()) if table.title not in {one.title for one in made}]
    return tuple(made)
