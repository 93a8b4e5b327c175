"""A denial over its whole life in one home: sent, decided, the next level, paid, taken back, entered, withdrawn."""

from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest
from sending_home import READY, Clock, Practice, Watcher
from x12_builders import PLAIN, enveloped, transaction

from agent.following.due import unanswered
from agent.following.entering import BadOutcome, Given, OutcomeKeyReused, enter_outcome, withdraw_outcome
from agent.following.settled import settled
from agent.following.timeline import timeline
from agent.sending.channels.folder import Folder
from agent.sending.kept import Kept
from agent.work import Draft
from knowledge.records import Approval, OutcomeEntry
from knowledge.types.outcomes import Account, LifeEntry
from knowledge.types.record import DenialRecord
from tools.packet.verification import verify

DECIDED = date(2026, 6, 16)
REASON = "The dose billed exceeds the dose authorized."
HEAD = [
    "N1*PR*CASCADE HEALTH PLAN*XV*CASC1",
    "N1*PE*CEDAR ONCOLOGY ASSOCIATES*XX*1999999992",
    "REF*TJ*841234567",
    "LX*1",
]
PATIENT = ["NM1*QC*1*OKAFOR*GRACE****MI*CHP400118"]
DENIED = ["SVC*HC:J9271:JZ*22800*0**0**400", "DTM*472*20260316", "CAS*CO*198*22800", "REF*6R*CED26-0316L1", "LQ*HE*N54"]
PAID = ["SVC*HC:J9271:JZ*22800*20000**400", "DTM*472*20260316", "CAS*CO*45*2800", "REF*6R*CED26-0316L1"]


def remit(day: str, paid: int, *body: str, plb: tuple[str, ...] = ()) -> bytes:
    head = [f"BPR*I*{paid}*C*ACH*CCP*01*124000054*DA*55512077*1820551200**01*102000076*DA*90417733*{day}"]
    head += [f"TRN*1*CHP{day}*1820551200", f"DTM*405*{day}", *HEAD]
    return PLAIN.render(enveloped([transaction("835", [*head, *body, *plb])]))


def clp(status: str, charge: int, paid: int, number: str, lines: list[str]) -> list[str]:
    return [f"CLP*CED26-0316*{status}*{charge}*{paid}**12*{number}*11*1", *PATIENT, *lines]


@pytest.fixture
def sent(practice: Practice, watcher: Watcher, clock: Clock) -> Practice:
    done = practice.send(Folder(watcher.folder, clock), READY)
    assert [one.state for one in done.sends] == ["handed_over"]
    clock.now = datetime(2026, 7, 1, 9, tzinfo=UTC)
    return practice


def record(practice: Practice) -> DenialRecord:
    found = practice.office.record(practice.practice_id, READY)
    assert found is not None
    return found


def take(practice: Practice, name: str, data: bytes, kind: str = "remit") -> None:
    report = practice.office.take_file(practice.practice_id, kind, name, data)  # type: ignore[arg-type]
    assert [f.outcome for f in report.files] == ["new"], report.findings
    practice.office.work(practice.practice_id)


def enter(practice: Practice, result: str = "upheld", key: str | None = None, **more: object) -> OutcomeEntry:
    given = {"on": DECIDED, "by": "Pat", "reference": "R-77123", "codes": ("CO-198",), **more}
    return enter_outcome(practice.office, practice.practice_id, READY, Given(result, **given), key)  # type: ignore[arg-type]


def life(practice: Practice) -> tuple[LifeEntry, ...]:
    return timeline(practice.office.records, practice.practice_id, READY)


def account(practice: Practice) -> Account:
    with practice.office.records.reading() as repository:
        found = repository.outcomes.account(practice.practice_id, READY)
    assert found is not None
    return found


def approvals(practice: Practice) -> tuple[Approval, ...]:
    with practice.office.records.reading() as repository:
        return repository.approvals.all(practice.practice_id, READY)


def draft(practice: Practice) -> Draft:
    with practice.office.records.reading() as repository:
        found = repository.casework.work(practice.practice_id, READY, "draft", Draft)
    assert found is not None
    return found


def reasons(practice: Practice) -> list[str]:
    return [reason.code for reason in record(practice).review_reasons]


def letter_pdf() -> bytes:
    import io

    out = pikepdf.new()
    out.add_blank_page(page_size=(612, 792))
    buffer = io.BytesIO()
    out.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def test_what_is_sent_waits_and_is_listed_once_the_payers_days_are_over(sent: Practice) -> None:
    sent.office.work(sent.practice_id)
    assert record(sent).status == "sent"
    (early,) = unanswered(sent.office.records, sent.practice_id, date(2026, 5, 20))
    (late,) = unanswered(sent.office.records, sent.practice_id, date(2026, 6, 20))
    assert (early.answer_due, early.days_over) == (date(2026, 6, 15), -26)
    assert (late.days_over, "no answer by 2026-06-15" in late.says) == (5, True)


def test_an_upheld_level_opens_the_next_with_its_own_clock_and_a_letter_that_tells_and_encloses_it(
    sent: Practice,
) -> None:
    before = approvals(sent)[-1]
    enter(sent, reason=REASON, letter=letter_pdf(), letter_name="decision.pdf")
    found = record(sent)
    assert (found.status, found.remedy, found.route) == ("in_review", "appeal", "review")
    assert (found.deadlines[0].action, found.deadlines[0].date) == ("appeal", "2026-08-15")
    assert "from decision_date 2026-06-16" in found.deadlines[0].rule
    assert "earlier-decision" in reasons(sent)
    assert {"S1", "D1"} <= {item.id for item in found.evidence}
    made = draft(sent)
    assert made.letter is not None
    told = made.letter.paragraphs[0]
    assert told.heading == "Earlier decision"
    assert REASON in told.text
    assert made.letter.addressee.lines[1:] == ("PO Box 14", "Boise ID 83701")
    assert made.lacking == ()
    # What was sent stays as it went.
    (still, *_) = [one for one in approvals(sent) if one.sha256 == before.sha256]
    assert (still.void_code, still.files) == ("answered", before.files)
    for file in before.files:
        assert Kept(sent.office.home).get(file.sha256)
    assert life(sent)[-1].kind in ("worked", "level_opened")
    assert "level_opened" in [entry.kind for entry in life(sent)]


def test_the_next_levels_packet_holds_the_earlier_letter_and_the_decision_letter(sent: Practice) -> None:
    (file,) = [f for f in approvals(sent)[-1].files if f.kind == "letter"]
    enter(sent, reason="", letter=letter_pdf(), letter_name="decision.pdf")
    with pikepdf.open(sent.office.home / next(f.path for f in draft(sent).files if f.kind == "packet")) as packet:
        pages = len(packet.pages)
    with sent.office.at_desk(sent.practice_id) as desk:
        case = desk.casebook.case(READY)
        held = {one.key: one for one in case.enclosures}
    assert held["round:1:sent"].pdf == Kept(sent.office.home).get(file.sha256)
    assert held["round:1:decision"].pdf == letter_pdf()
    assert pages >= 6
    made = draft(sent).letter
    assert made is not None
    assert {"S1", "D1"} <= {id_ for p in made.paragraphs for id_ in p.evidence}


def test_a_decision_that_is_not_in_the_letter_is_refused(sent: Practice) -> None:
    made = draft(sent).letter
    assert made is not None
    packet = sent.office.home / next(f.path for f in approvals(sent)[-1].files if f.kind == "letter")
    with pytest.raises(BadOutcome, match="does not stand so"):
        enter(sent, reason="Words that no letter has.", letter=packet.read_bytes(), letter_name="decision.pdf")
    with pytest.raises(BadOutcome, match="no PDF"):
        enter(sent, letter=b"MZ garbage", letter_name="decision.exe")
    assert record(sent).status == "sent"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"on": date(2027, 1, 1)}, "future"),
        ({"on": date(2026, 4, 2)}, "before the denial"),
        ({"level": "supreme court"}, "no level"),
        ({"by": " "}, "who"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_and_nothing_is_written(
    sent: Practice, more: dict[str, object], says: str
) -> None:
    with pytest.raises(BadOutcome, match=says):
        enter(sent, **more)
    with sent.office.records.reading() as repository:
        assert repository.outcomes.entries(sent.practice_id) == {}


def test_an_entry_sent_again_counts_once_and_its_key_is_for_nothing_else(sent: Practice) -> None:
    first, second = enter(sent), enter(sent)
    assert first == second
    enter(sent, key="mine", on=date(2026, 6, 17))
    with pytest.raises(OutcomeKeyReused):
        enter(sent, "overturned", key="mine")


def test_a_decision_that_was_withdrawn_by_mistake_can_be_entered_again(sent: Practice) -> None:
    for _ in range(3):
        entry = enter(sent)
        assert (entry.withdrawn_at, enter(sent)) == (None, entry)
        withdraw_outcome(sent.office, sent.practice_id, READY, entry.key, by="Kim", reason="misread")
        assert record(sent).status == "sent"


def test_two_entries_that_contradict_each_other_go_to_a_person_who_withdraws_one(sent: Practice) -> None:
    wrong = enter(sent)
    enter(sent, "overturned", on=date(2026, 6, 20))
    assert "outcome-conflict" in reasons(sent)
    withdraw_outcome(sent.office, sent.practice_id, READY, wrong.key, by="Kim", reason="another claim's letter")
    assert record(sent).status == "sent"
    told = life(sent)
    assert next(e.says for e in told if e.key == f"entered:{wrong.key}").startswith("Withdrawn")
    assert any("withdrawn by Kim: another claim's letter" in e.says for e in told)


def test_a_withdrawn_decision_puts_the_denial_back_and_nothing_is_sent_twice(
    sent: Practice, watcher: Watcher, clock: Clock
) -> None:
    watcher.look()
    entry = enter(sent)
    withdraw_outcome(sent.office, sent.practice_id, READY, entry.key, by="Kim", reason="misread")
    assert record(sent).status == "sent"
    sent.office.work(sent.practice_id)
    sent.send(Folder(watcher.folder, clock))
    watcher.look()
    assert len(sent.ledger()) == 1
    assert len(watcher.taken) == 1
    with pytest.raises(BadOutcome, match="withdrawn by Kim"):
        withdraw_outcome(sent.office, sent.practice_id, READY, entry.key, by="Lee", reason="again")


def test_overturned_by_letter_is_no_cash_and_waits_for_the_payment(sent: Practice) -> None:
    enter(sent, "overturned")
    assert (record(sent).status, account(sent).recovered) == ("sent", 0)
    assert settled(sent.office.records, sent.practice_id) == ()


def test_with_both_levels_decided_no_level_is_left_and_a_person_is_told(
    sent: Practice, watcher: Watcher, clock: Clock
) -> None:
    enter(sent)
    sent.answer("approve", "k9")
    sent.send(Folder(watcher.folder, clock), READY)
    clock.now = datetime(2026, 9, 30, 9, tzinfo=UTC)
    enter(sent, on=date(2026, 9, 1), reference="R-9")
    found = record(sent)
    assert (found.status, found.remedy, found.deadlines) == ("in_review", "hold", ())
    assert "no-level-left" in reasons(sent)
    sent.answer("reject", "k10")
    (ended,) = settled(sent.office.records, sent.practice_id)
    assert (ended.ending, ended.recovered, ended.fought, ended.remedy) == ("lost", 0, True, "appeal")
    assert len(sent.ledger()) == 2


def test_a_later_remit_that_pays_what_is_sent_wins_it_in_cash(sent: Practice) -> None:
    take(sent, "june.835", remit("20260620", 20000, *clp("1", 22800, 20000, "26C260317", PAID)))
    assert (record(sent).status, account(sent).recovered) == ("won", 20000)
    (ended,) = settled(sent.office.records, sent.practice_id)
    assert (ended.ending, ended.recovered, ended.ended_on) == ("won", 20000, date(2026, 6, 20))
    assert [e.amount for e in life(sent) if e.kind == "paid"] == [20000]
    assert approvals(sent)[0].void_code == "answered"


def test_a_later_remit_that_denies_what_is_sent_upholds_it_and_opens_the_next_level(sent: Practice) -> None:
    take(sent, "june.835", remit("20260620", 0, *clp("1", 22800, 0, "26C260316", DENIED)))
    found = record(sent)
    assert (found.status, found.remedy) == ("in_review", "appeal")
    assert found.deadlines[0].date == "2026-08-19"
    assert [(e.kind, e.at) for e in life(sent) if e.kind == "upheld"] == [("upheld", date(2026, 6, 20))]


def test_paid_and_recovered_at_the_foot_of_a_later_remit_it_is_open_again(sent: Practice) -> None:
    take(sent, "june.835", remit("20260620", 20000, *clp("1", 22800, 20000, "26C260317", PAID)))
    other = [
        "CLP*ELSE1*1*30000*25000**12*26C999999*11*1",
        *PATIENT,
        "SVC*HC:J9271*30000*25000**500",
        "DTM*472*20260401",
    ]
    back = remit("20260628", 5000, *other, plb=("PLB*1999999992*20261231*WO:26C260317*20000",))
    take(sent, "late.835", back)
    found = record(sent)
    assert (found.status, account(sent).recovered, account(sent).recouped) == ("in_review", 0, 20000)
    assert "recouped-by-plb" in reasons(sent)
    assert [e.kind for e in life(sent) if e.source.startswith("late.835")] == ["recouped"]


def test_a_denial_given_up_and_paid_after_all_is_won_and_says_so(practice: Practice) -> None:
    practice.answer("edit", "k3", changes={"remedy": "write_off", "then": None})
    practice.answer("approve", "k4", role="manager")
    with practice.office.records.transaction() as repository:
        repository.denials.set_status(practice.practice_id, READY, "closed")
    take(practice, "june.835", remit("20260425", 20000, *clp("1", 22800, 20000, "26C260317", PAID)))
    assert (record(practice).status, account(practice).recovered) == ("won", 20000)


def test_a_status_response_is_taken_in_and_told(sent: Practice) -> None:
    body = [
        *("BHT*0010*08*1*20260625*1200*DG", "HL*1**20*1", "NM1*PR*2*CASCADE HEALTH PLAN*****PI*CASC1", "HL*2*1*21*1"),
        *("HL*3*2*19*1", "HL*4*3*22*0", "NM1*IL*1*OKAFOR*GRACE****MI*CHP400118", "TRN*2*CED26-0316"),
        *("STC*P1:20*20260625**23580", "REF*1K*26C260316"),
    ]
    text = PLAIN.render(enveloped([transaction("277", body)], functional="HN", version="005010X212"))
    take(sent, "status.277", text, "acknowledgement")
    assert record(sent).status == "sent"
    (told,) = [e for e in life(sent) if e.kind == "payer_status"]
    assert "pending (P1:20)" in told.says
    assert told.at == date(2026, 6, 25)


def test_the_letter_of_the_next_level_stands_by_its_evidence(sent: Practice, tmp_path: Path) -> None:
    from agent.drafting.letters import letter_evidence
    from knowledge.types.diagnosis import Diagnosis

    enter(sent, reason=REASON)
    made = draft(sent).letter
    assert made is not None
    with sent.office.at_desk(sent.practice_id) as desk:
        case = desk.casebook.case(READY)
        with desk.records.reading() as repository:
            diagnosis = repository.casework.work(sent.practice_id, READY, "diagnose", Diagnosis)
    assert diagnosis is not None
    evidence = letter_evidence(case, diagnosis)
    assert verify(made, evidence) == ()
    lying = made.paragraphs[0].model_copy(update={"text": made.paragraphs[0].text.replace("R-77123", "R-99999")})
    assert verify(made.model_copy(update={"paragraphs": (lying, *made.paragraphs[1:])}), evidence) != ()
