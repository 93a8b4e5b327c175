"""Records are joined to labels one to one by the remit's own keys."""

from pathlib import Path

from eval_builders import decoy, label, practice, record

from evals.scorers.matching import pair


def test_a_record_is_joined_by_line_control_whatever_its_cause(tmp_path: Path) -> None:
    found = pair(practice(tmp_path, [label()]), [record(root_cause="unknown", remedy="hold")])

    assert found.pairs[0][1] is not None
    assert not found.false_alarms


def test_a_label_without_a_record_is_missed(tmp_path: Path) -> None:
    found = pair(practice(tmp_path, [label()]), [])

    assert found.pairs == ((label(), None),)


def test_a_decoy_taken_for_a_denial_is_a_false_alarm_with_its_reason(tmp_path: Path) -> None:
    paid = decoy(case="paid", hcpcs="96413", line_control="L2", charge="100.00", why="paid in full")
    wrong = record(line__hcpcs="96413", line__line_control="L2", line__charge="100.00")

    found = pair(practice(tmp_path, [label()], [paid]), [record(), wrong])

    assert [(alarm.kind, alarm.says) for alarm in found.false_alarms] == [("decoy", "paid in full")]


def test_the_same_denial_recorded_twice_is_a_duplicate(tmp_path: Path) -> None:
    found = pair(practice(tmp_path, [label()]), [record(), record(denial_id="den_2")])

    assert found.pairs[0][1] is not None
    assert [alarm.kind for alarm in found.false_alarms] == ["duplicate"]


def test_a_record_of_another_remit_is_a_stray_that_names_the_claims_cases(tmp_path: Path) -> None:
    other = record(remit__file="remits/r9.835", remit__trace_number="T9")

    found = pair(practice(tmp_path, [label()]), [other])

    assert found.pairs[0][1] is None
    assert found.false_alarms[0].kind == "stray"
    assert "its cases: one" in found.false_alarms[0].says


def test_a_record_of_an_unknown_claim_is_a_stray(tmp_path: Path) -> None:
    found = pair(practice(tmp_path, [label()]), [record(remit__claim_id="C-77")])

    assert found.false_alarms[0].says == "nothing is known of this claim"


def test_another_payer_claim_number_is_another_answer(tmp_path: Path) -> None:
    found = pair(practice(tmp_path, [label()]), [record(remit__payer_claim_number="ICN9")])

    assert found.pairs[0][1] is None


def test_a_payer_claim_number_that_is_not_known_does_not_part_them(tmp_path: Path) -> None:
    found = pair(practice(tmp_path, [label()]), [record(remit__payer_claim_number=None)])

    assert found.pairs[0][1] is not None


def test_either_copy_of_a_remit_delivered_twice_will_do(tmp_path: Path) -> None:
    truth = label(remit_files=["r1.835", "again.txt"], trace_number="T1")

    found = pair(practice(tmp_path, [truth]), [record(remit__file="elsewhere/again.txt", remit__trace_number=None)])

    assert found.pairs[0][1] is not None


def test_without_line_control_code_and_charge_tell_lines_apart(tmp_path: Path) -> None:
    given, wasted = (
        label(case="given", line_control=None, charge="400.00"),
        label(case="wasted", line_control=None, charge="40.00", modifiers=["JW"]),
    )
    of_waste = record(line__line_control=None, line__charge="40.00", line__modifiers=["JW"])

    found = pair(practice(tmp_path, [given, wasted]), [of_waste])

    assert [(truth.case, answer is not None) for truth, answer in found.pairs] == [("given", False), ("wasted", True)]
    assert not found.ambiguous


def test_modifiers_tell_apart_what_code_and_charge_do_not(tmp_path: Path) -> None:
    lines = [label(case=mod, line_control=None, modifiers=[mod]) for mod in ("JW", "JZ")]

    found = pair(practice(tmp_path, lines), [record(line__line_control=None, line__modifiers=["JZ"])])

    assert [(truth.case, answer is not None) for truth, answer in found.pairs] == [("JW", False), ("JZ", True)]


def test_lines_alike_in_everything_are_joined_in_order_and_named_ambiguous(tmp_path: Path) -> None:
    twins = [label(case=name, line_control=None) for name in ("first", "second")]
    records = [record(line__line_control=None, denial_id=name) for name in ("den_1", "den_2")]

    found = pair(practice(tmp_path, twins), records)

    assert [answer.denial_id if answer else None for _, answer in found.pairs] == ["den_1", "den_2"]
    assert len(found.ambiguous) == 1
    assert "first, second" in found.ambiguous[0]


def test_a_claim_level_denial_is_not_a_line(tmp_path: Path) -> None:
    whole = label(line=None)

    assert pair(practice(tmp_path, [whole]), [record(line=None)]).pairs[0][1] is not None
    assert pair(practice(tmp_path, [whole]), [record()]).pairs[0][1] is None
