"""Which decision needs which role."""

from typing import get_args

import pytest

from agent.approving.authority import authorities, check_authority
from agent.approving.refusal import ApprovalRefused
from knowledge.records import Role
from knowledge.types.corrections import DiffRow
from knowledge.types.diagnosis import Remedy

ROLES = set(get_args(Role))


def row(segment: str, element: str, before: str | None, after: str | None) -> DiffRow:
    return DiffRow(
        loop="2400 line 1", segment=segment, element=element, before=before, after=after, why="It is charted"
    )


def may(remedy: str, *changes: DiffRow) -> set[str | None]:
    allowed: set[str | None] = set()
    for role in (*sorted(ROLES), None):
        try:
            check_authority(remedy, changes, role)  # type: ignore[arg-type]
        except ApprovalRefused:
            continue
        allowed.add(role)
    return allowed


def test_every_remedy_of_the_table_is_one() -> None:
    assert {found.value for found in authorities() if found.subject == "remedy"} <= set(get_args(Remedy))


@pytest.mark.parametrize(
    ("remedy", "roles"),
    [
        ("write_off", {"manager"}),
        ("refund", {"manager", "compliance"}),
        ("bill_patient", {"biller", "manager"}),
        ("appeal", ROLES | {None}),
    ],
)
def test_money_that_is_given_up_or_asked_of_a_patient_needs_its_role(remedy: str, roles: set[str | None]) -> None:
    assert may(remedy) == roles


@pytest.mark.parametrize(
    ("change", "roles"),
    [
        (row("HI", "", "HI*ABK:C3411", "HI*ABK:C3412"), {"coder", "clinician"}),
        (row("SV1", "SV107", "1", "1:2"), {"coder", "clinician"}),
        (row("SV1", "SV101", "HC:99214", "HC:99214:25"), {"coder", "clinician"}),
        (row("SV1", "SV101", "HC:96413", "HC:96413:59"), {"coder"}),
        (row("SV1", "SV101", "HC>96413", "HC>96413>XU"), {"coder"}),
        (row("SV1", "SV101", "HC:J9271", "HC:J9271:JZ"), {"coder", "biller", "manager"}),
        (row("SV1", "", None, "SV1*HC:J9271:JW*100*UN*10~"), {"coder", "biller", "manager"}),
        (row("SV1", "SV104", "20", "40"), ROLES | {None}),
        (row("SV1", "SV101", "HC:J9271:JZ", "HC:J9299:JZ"), ROLES | {None}),
        (row("SV1", "SV101-2", "J9271", "J9299"), ROLES | {None}),
        (row("REF", "", None, "REF*G1*AUTH77"), ROLES | {None}),
    ],
)
def test_a_changed_diagnosis_or_modifier_needs_who_may_read_the_chart(change: DiffRow, roles: set[str | None]) -> None:
    assert may("corrected_claim", change) == roles


def test_two_changes_need_whoever_may_decide_both() -> None:
    diagnosis, modifier = row("HI", "", "a", "b"), row("SV1", "SV101", "HC:96413", "HC:96413:59")
    assert may("corrected_claim", diagnosis, modifier) == {"coder"}


def test_numbers_of_the_envelope_need_nobody() -> None:
    assert may("corrected_claim", row("HI", "", "a", "b").model_copy(update={"part": "envelope"})) == ROLES | {None}


def test_the_refusal_says_who_may_and_why() -> None:
    with pytest.raises(ApprovalRefused, match=r"write off is for a manager .* biller may not"):
        check_authority("write_off", (), "biller")
