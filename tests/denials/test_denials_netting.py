"""Reversals, corrections, resubmissions and duplicates over several remits, whatever their order of arrival."""

from datetime import date
from decimal import Decimal

from denial_builders import clp, denials, examined, remit, reversed_, svc
from hypothesis import given
from hypothesis import strategies as st

from knowledge.types.claim import ClaimLine, SubmittedClaim
from knowledge.types.denial import Denial
from knowledge.types.reading import Place
from knowledge.types.remit import ClaimPayment
from tools.denials.delivery import Delivery

APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)

REFUSED = svc(adjustments="CO-197 1000")
ALLOWED = svc(paid=640, adjustments="CO-45 200, PR-2 160")


def refused(number: str = "ICN1", segment: int = 12, **more: object) -> ClaimPayment:
    return clp(REFUSED, number=number, segment=segment, **more)  # type: ignore[arg-type]


def allowed(number: str = "ICN1", segment: int = 12, **more: object) -> ClaimPayment:
    return clp(ALLOWED, number=number, segment=segment, **more)  # type: ignore[arg-type]


def april(*claims: ClaimPayment) -> Delivery:
    return remit(*claims, day=APRIL, trace="EFT-APR", file="remits/april.835")


def may(*claims: ClaimPayment, **more: object) -> Delivery:
    return remit(*claims, day=MAY, trace="EFT-MAY", file="remits/may.835", **more)  # type: ignore[arg-type]


def june(*claims: ClaimPayment) -> Delivery:
    return remit(*claims, day=JUNE, trace="EFT-JUN", file="remits/june.835")


def one(*arrived: Delivery) -> Denial:
    (found,) = denials(*arrived)
    assert denials(*reversed(arrived)) == (found,)
    return found


def codes(denial: Denial) -> list[str]:
    return [code for code, _ in denial.doubts]


def test_a_denial_reversed_and_paid_within_one_remit_is_none() -> None:
    original = refused(segment=10)
    arrived = april(original, reversed_(original, segment=11), allowed(segment=12))
    result = examined(arrived)
    assert result.denials == ()
    assert [n.standing for n in result.not_denied] == ["denied", "reversal", "paid"]


def test_a_denial_reversed_and_paid_by_a_later_remit_is_won() -> None:
    original = refused()
    found = one(april(original), may(reversed_(original, segment=11), allowed("ICN2")))
    assert (found.outcome, found.outcome_file) == ("won", "remits/may.835")
    assert (found.remit.file, found.amount_at_stake) == ("remits/april.835", Decimal("1000.00"))


def test_the_reversal_and_its_correction_may_stand_in_two_files_of_one_day() -> None:
    original = refused()
    reversal = remit(reversed_(original), day=MAY, trace="EFT-R", file="remits/z.835")
    correction = remit(allowed("ICN2"), day=MAY, trace="EFT-C", file="remits/b.835")
    assert one(april(original), reversal, correction).outcome == "won"


def test_a_reversal_pairs_by_the_original_reference_when_numbers_change() -> None:
    original = refused("ICN1")
    found = one(april(original), may(reversed_(original, number="ICN9", original="ICN1"), allowed("ICN9")))
    assert found.outcome == "won"


def test_paid_reversed_and_paid_again_is_none() -> None:
    original = allowed()
    correction = clp(svc(paid=700, adjustments="CO-45 200, PR-2 100"), number="ICN2", segment=12)
    assert denials(may(reversed_(original, segment=11), correction), april(original)) == ()


def test_paid_then_reversed_and_corrected_to_denied_is_a_denial() -> None:
    original = allowed()
    found = one(april(original), may(reversed_(original, segment=11), refused()))
    assert (found.kind, found.outcome, found.amount_at_stake) == ("denied", "open", Decimal("1000.00"))
    assert [h.paid for h in found.history] == [Decimal("640.00"), Decimal("-640.00"), Decimal("0.00")]


def test_a_payment_taken_back_with_nothing_after_it_is_open_under_the_reversal() -> None:
    original = allowed()
    found = one(april(original), may(reversed_(original)))
    assert (found.kind, found.outcome, found.amount_at_stake) == ("recouped", "open", Decimal("640.00"))
    assert (found.remit.claim_status, found.remit.file) == ("22", "remits/may.835")
    assert [(a.carc, a.amount) for a in found.adjustments] == [("45", Decimal("200.00")), ("2", Decimal("160.00"))]
    assert found.line is not None
    assert (found.line.charge, found.line.paid) == (Decimal("1000.00"), Decimal("0.00"))


def test_a_won_denial_whose_payment_is_taken_back_is_open_again_under_its_own_name() -> None:
    won = one(april(refused()), may(allowed("ICN2")))
    paid = allowed("ICN2")
    again = one(april(refused()), may(paid), june(reversed_(paid)))
    assert (won.outcome, again.outcome, again.kind) == ("won", "open", "recouped")
    assert again.denial_id == won.denial_id


def test_a_reversal_without_its_original_is_no_denial_and_is_said() -> None:
    result = examined(may(reversed_(allowed())))
    assert result.denials == ()
    assert [n.standing for n in result.not_denied] == ["reversal"]


def test_a_denial_taken_back_without_a_correction_stays_open_and_is_doubted() -> None:
    original = refused()
    found = one(april(original), may(reversed_(original)))
    assert (found.outcome, codes(found)) == ("open", ["reversed-without-correction"])


def test_a_reversal_that_does_not_mirror_is_paired_when_only_one_answer_is_meant_and_doubted() -> None:
    taken = reversed_(clp(svc(paid=100, adjustments="CO-45 900")))
    found = one(april(refused()), may(taken, refused("ICN2")))
    assert "reversal-amounts-differ" in codes(found)


def test_a_reversal_takes_back_the_answer_whose_reasons_it_mirrors() -> None:
    first = clp(svc(adjustments="CO-16 1000", remarks="M51"), number="ICN1", segment=10)
    second = clp(svc(adjustments="CO-197 1000"), number="ICN1", segment=12)
    found = one(april(first), may(second), june(reversed_(first)))
    assert [a.carc for a in found.adjustments] == ["197"]
    assert found.outcome == "open"


def test_a_resubmission_that_pays_wins_the_denial_without_a_reversal() -> None:
    assert one(april(refused()), may(allowed("ICN2"))).outcome == "won"


def test_a_later_allowance_left_to_the_patient_wins_too() -> None:
    later = clp(svc(adjustments="CO-45 400, PR-1 600"), number="ICN2")
    assert one(april(refused()), may(later)).outcome == "won"


def test_a_later_remit_that_pays_part_wins_part_and_says_what_is_left() -> None:
    later = clp(svc(paid=400, adjustments="CO-198 600 x200"), number="ICN2")
    found = one(april(refused()), may(later))
    assert (found.outcome, found.kind, found.amount_at_stake) == ("partly_won", "partly_denied", Decimal("600.00"))
    assert codes(found) == ["part-still-denied"]


def test_a_later_denial_for_another_reason_is_the_one_record_with_both_in_its_history() -> None:
    later = clp(svc(adjustments="CO-29 1000"), number="ICN2")
    found = one(april(refused()), may(later))
    assert [a.carc for a in found.adjustments] == ["29"]
    assert (found.remit.file, len(found.history), found.outcome) == ("remits/may.835", 2, "open")
    assert found.denial_id == one(april(refused())).denial_id


def test_the_same_statement_again_starts_no_new_clock() -> None:
    found = one(april(refused()), may(refused()))
    assert (found.remit.file, len(found.history)) == ("remits/april.835", 2)


def test_a_second_submission_denied_for_the_same_reason_is_a_new_decision() -> None:
    assert one(april(refused("ICN1")), may(refused("ICN2"))).remit.file == "remits/may.835"


def test_a_refused_duplicate_of_a_denied_line_stands_beside_it() -> None:
    twice = clp(svc(adjustments="OA-18 1000"), number="ICN2")
    found = denials(may(twice), april(refused()))
    assert sorted(d.adjustments[0].carc for d in found) == ["18", "197"]
    assert [d.outcome for d in found] == ["open", "open"]
    assert len({d.denial_id for d in found}) == 2


def test_a_refused_duplicate_of_a_paid_line_is_its_own_open_record() -> None:
    twice = clp(svc(adjustments="OA-18 1000"), number="ICN2")
    found = one(april(allowed()), may(twice))
    assert (found.adjustments[0].carc, found.outcome) == ("18", "open")


def test_a_line_called_duplicate_and_paid_later_is_won() -> None:
    first = clp(svc(adjustments="OA-18 1000"), number="ICN1")
    assert one(april(first), may(allowed("ICN2"))).outcome == "won"


def test_a_duplicate_reversed_and_paid_within_one_remit_is_none() -> None:
    first = clp(svc(adjustments="OA-18 1000"), segment=10)
    assert denials(april(first, reversed_(first, segment=11), allowed(segment=12))) == ()


def test_a_denial_of_a_line_that_an_earlier_answer_allowed_is_doubted() -> None:
    found = one(april(allowed()), may(clp(svc(adjustments="CO-29 1000"), number="ICN2")))
    assert (found.outcome, codes(found)) == ("open", ["allowed-before"])


def test_a_later_pend_decides_nothing() -> None:
    found = one(april(refused()), may(clp(svc(adjustments="OA-133 1000"))))
    assert (found.outcome, codes(found)) == ("open", ["later-answer-decides-nothing"])


def test_lines_without_control_numbers_are_matched_by_code_day_and_charge() -> None:
    bare = clp(svc(adjustments="CO-197 1000", control=""))
    later = clp(svc(paid=640, adjustments="CO-45 200, PR-2 160", control=""), number="ICN2")
    assert one(april(bare), may(later)).outcome == "won"


def test_two_services_of_one_code_and_day_under_different_controls_are_two_lines() -> None:
    found = denials(
        april(clp(REFUSED)),
        may(clp(svc(charge=200, paid=200, modifiers=("JW",), control="2"), number="ICN2")),
    )
    assert [d.outcome for d in found] == ["open"]


def test_the_same_claim_number_with_another_payer_is_another_claim() -> None:
    from denial_builders import MEDICARE

    other = may(allowed("ICN2"), payer=MEDICARE)
    assert [d.outcome for d in denials(april(refused()), other)] == ["open"]


def test_a_claim_denied_as_a_whole_and_paid_later_is_won() -> None:
    whole = clp(svc(), adjustments="CO-29 1000")
    found = one(april(whole), may(allowed("ICN2")))
    assert (found.line, found.outcome) == (None, "won")


def test_a_claim_denied_as_a_whole_then_line_by_line_is_the_lines_matter() -> None:
    whole = clp(svc(), adjustments="CO-29 1000")
    found = one(april(whole), may(refused("ICN2")))
    assert found.line is not None


def test_a_line_denied_and_later_the_whole_claim_is_the_claims_matter() -> None:
    found = one(april(refused()), may(clp(svc(), number="ICN2", adjustments="CO-29 1000")))
    assert found.line is None


def replacement(claim_id: str, original: str) -> SubmittedClaim:
    place = Place(1, 0)
    line = ClaimLine(place, "1", "J9271", (), Decimal(1000), Decimal(400), start_date=date(2026, 3, 16))
    return SubmittedClaim(
        place=place,
        file="claims/r.837",
        claim_id=claim_id,
        charge=Decimal(1000),
        payer_id="CASC1",
        payer_name="",
        member_id="H123",
        patient_last="Moss",
        patient_first="Ida",
        birth_date=None,
        frequency="7",
        original_reference=original,
        lines=(line,),
    )


def test_a_replacement_under_a_new_number_answers_the_claim_it_replaced() -> None:
    arrived = (april(refused()), may(allowed("ICN2", claim_id="C1R")))
    assert [d.outcome for d in denials(*arrived)] == ["open"]
    assert [d.outcome for d in denials(*arrived, claims=[replacement("C1R", "ICN1")])] == ["won"]


def test_a_replacement_numbered_anew_is_matched_by_its_service() -> None:
    paid = clp(
        svc(paid=640, adjustments="CO-45 200, PR-2 160", control="C1R-1", modifiers=("JZ",)),
        claim_id="C1",
        number="ICN2",
        frequency="7",
    )
    assert one(april(refused()), may(paid)).outcome == "won"


def test_a_recovery_at_the_foot_of_a_remit_is_a_note_in_the_history_and_no_denial() -> None:
    taken = may(plb=(("WO", "ICN1 C1", 640),))
    assert denials(april(allowed()), taken) == ()
    found = one(april(refused()), taken)
    assert found.history[-1].says.startswith("640.00 taken from payment EFT-MAY (PLB WO ICN1 C1)")


def test_the_same_remit_renamed_and_reenveloped_changes_nothing() -> None:
    first = april(refused())
    again = remit(refused(segment=77), day=APRIL, trace="EFT-APR", file="remits/copy.era", control="9999")
    assert denials(first, again) == denials(first)
    assert denials(again, first) == denials(first)


def test_one_trace_with_two_contents_is_doubted_and_pays_nothing_off() -> None:
    other = remit(allowed(), day=APRIL, trace="EFT-APR", file="remits/other.835")
    found = one(april(refused()), other)
    assert found.outcome == "open"
    assert set(codes(found)) == {"remit-conflict", "remit-conflict-payment"}


STORY = (
    april(refused(segment=10), clp(svc(paid=400, adjustments="CO-198 600 x200"), claim_id="C2", number="ICN7")),
    may(reversed_(refused()), allowed("ICN2"), clp(svc(adjustments="OA-18 1000"), claim_id="C2", number="ICN8")),
    june(reversed_(allowed("ICN2")), clp(svc("96413", 300, 0, "CO-97 300"), claim_id="C3", number="ICN5")),
    remit(clp(svc("96413", 300, 300), claim_id="C3", number="ICN6"), day=JUNE, trace="EFT-X", file="remits/x.835"),
    may(reversed_(refused()), allowed("ICN2"), clp(svc(adjustments="OA-18 1000"), claim_id="C2", number="ICN8")),
)


@given(st.permutations(STORY), st.integers(0, 4))
def test_no_order_of_arrival_and_no_second_delivery_changes_the_records(arrived: list[Delivery], extra: int) -> None:
    assert denials(*arrived, arrived[extra]) == denials(*STORY)
