"""Which exhibits a packet gets, what they show, and what of them is marked."""

from letter_cases import CLAIM, REMIT, ev
from seed_letter import NOTE
from seed_records import ROW, records

from knowledge.types.evidence import Evidence
from knowledge.types.letters import ExhibitPassage
from tools.packet.citations import resolve
from tools.packet.enclosing import Records, enclose
from tools.packet.exhibits import MONOSPACE_WIDTH, lay_out, mark
from tools.packet.record_exhibits import claim_exhibit, remit_exhibit

AUTH = Evidence(
    id="E3", kind="authorization", source="auths/auths.csv:2", quote=ROW, says="200 units a dose", exhibit="auth:A-1"
)
CHART_NOTE = Evidence(
    id="E4",
    kind="chart",
    source="charts/whitfield.json DocumentReference/d1",
    quote="Pembrolizumab changed from 200 mg every 3 weeks to 400 mg every 6 weeks",
    says="The order was changed",
    exhibit="chart:DocumentReference/d1",
)
GIVEN = Evidence(id="E5", kind="chart", source="x", says="400 mg given", exhibit="chart:MedicationAdministration/m1")
ORDER = Evidence(id="E6", kind="chart", source="x", says="Order of 400 mg", exhibit="chart:MedicationRequest/o2")
UNITS = ev(7, "calculation", "400 mg at 1 mg a unit is 400 units")
ALL = (UNITS, GIVEN, CHART_NOTE, AUTH, CLAIM, REMIT, ORDER)


def test_exhibits_come_in_the_order_a_reviewer_reads() -> None:
    made = enclose(ALL, records())
    assert [e.title for e in made] == [
        "Remittance of March 30, 2026",
        "Claim CLM-1001 as submitted",
        "Authorization A-1",
        "Oncology follow-up note of March 2, 2026",
        "Chart entries",
        "Calculations",
    ]


def test_every_piece_of_evidence_is_shown_by_some_exhibit() -> None:
    assert set(resolve(enclose(ALL, records()), ALL, ())) == {e.id for e in ALL}
    assert set(resolve(enclose(ALL, Records()), ALL, ())) == {e.id for e in ALL}


def test_only_what_the_letter_cites_is_enclosed() -> None:
    assert [e.key for e in enclose(ALL, records(), cited=("E1", "E3"))] == ["remit", "auth:A-1"]


def test_quotes_are_marked_in_the_record() -> None:
    for number, exhibit in enumerate(enclose(ALL, records()), start=1):
        layout = lay_out(number, exhibit)
        assert layout.lost == ()
        assert len(layout.targets) == len(exhibit.passages)


def test_chart_entries_are_told_with_dose_times_and_waste() -> None:
    (entries,) = (e for e in enclose(ALL, records()) if e.title == "Chart entries")
    assert entries.table is not None
    assert [row[0] for row in entries.table.rows] == ["March 2, 2026", "March 16, 2026"]
    assert "400 mg" in entries.table.rows[1][2]
    assert "10:05 to 10:36" in entries.table.rows[1][2]
    assert "discarded 0 mg" in entries.table.rows[1][2]


def test_remit_and_claim_show_their_lines_and_their_segments() -> None:
    held = records()
    assert held.header is not None
    assert held.payment is not None
    assert held.claim is not None
    remit, claim = remit_exhibit(held.header, held.payment), claim_exhibit(held.claim)
    assert remit.table is not None
    assert claim.table is not None
    assert remit.table.rows[0][5:] == ("CO-198 $24,960.00", "N54")
    assert claim.table.rows[0][5] == "00006302604"
    assert "CAS*CO*198*24960*400~\n" in remit.text


def test_marked_runs_put_together_give_the_text_back() -> None:
    marked = mark(1, NOTE, (ExhibitPassage(quote="Same total dose per 6 weeks", evidence="E4"),))
    assert "\n".join("".join(str(run["text"]) for run in line) for line in marked.lines) == NOTE
    assert "".join(str(r["text"]) for line in marked.lines for r in line if r["mark"]) == "Same total dose per 6 weeks"


def test_passage_over_a_line_break_is_marked_on_both_lines() -> None:
    quote = "first dose at the 400 mg schedule"
    marked = mark(2, NOTE, (ExhibitPassage(quote=quote, evidence="E4"),))
    assert [sum(bool(r["mark"]) for r in line) for line in marked.lines].count(1) == 2
    assert marked.targets == ("passage:2:E4",)


def test_lines_too_long_for_the_page_are_cut_without_loss() -> None:
    text = "REF*" + "A" * 300 + "*" + "B" * 40
    marked = mark(1, text, (), width=MONOSPACE_WIDTH)
    lines = ["".join(str(run["text"]) for run in line) for line in marked.lines]
    assert "".join(lines) == text
    assert max(map(len, lines)) <= MONOSPACE_WIDTH


def test_overlapping_passages_keep_both_targets() -> None:
    passages = (
        ExhibitPassage(quote="400 mg every 6 weeks, first", evidence="E1"),
        ExhibitPassage(quote="6 weeks, first dose", evidence="E2"),
    )
    assert mark(1, NOTE, passages).targets == ("passage:1:E1", "passage:1:E2")


def test_evidence_of_another_remit_is_not_shown_as_this_one() -> None:
    other = ev(9, "remit", "Paid $10.00 on 2026-02-01 on claim CLM-9").model_copy(update={"exhibit": "paid:feb.835"})
    first, second = enclose((REMIT, other), records())
    assert first.key == "remit"
    assert second.key == "paid:feb.835"
    assert "CAS*" not in second.text
