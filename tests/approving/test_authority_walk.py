"""Every remedy with every kind of change and letter: who may approve it, and what nobody may release by policy."""

from itertools import product
from typing import get_args

import pytest

from agent.approving.authority import check_authority, levels_named, needed
from agent.approving.letter_subjects import letter_subjects
from agent.approving.refusal import ApprovalRefused
from agent.approving.signing import check_provider_signed
from knowledge.records import Role
from knowledge.types.corrections import DiffRow
from knowledge.types.diagnosis import Remedy
from knowledge.types.letters import LetterContent, Party, Signature
from knowledge.types.practice import Payer, Practice, Provider

ROLES = frozenset(get_args(Role))
ANYBODY = ROLES | {None}

REMEDIES: dict[str, frozenset[str | None]] = {
    "write_off": frozenset({"manager"}),
    "refund": frozenset({"compliance", "manager"}),
    "bill_patient": frozenset({"biller", "manager"}),
}


def row(segment: str, element: str, before: str | None, after: str | None) -> DiffRow:
    return DiffRow(
        loop="2400 line 1", segment=segment, element=element, before=before, after=after, why="It is charted"
    )


CHANGES: dict[str, tuple[DiffRow | None, frozenset[str | None]]] = {
    "none": (None, ANYBODY),
    "units": (row("SV1", "SV104", "20", "40"), ANYBODY),
    "authorization": (row("REF", "", None, "REF*G1*AUTH77"), ANYBODY),
    "code": (row("SV1", "SV101-2", "J9271", "J9299"), ANYBODY),
    "diagnosis": (row("HI", "", "HI*ABK:C3411", "HI*ABK:C3412"), frozenset({"coder", "clinician"})),
    "pointer": (row("SV1", "SV107", "1", "2"), frozenset({"coder", "clinician"})),
    "modifier 25": (row("SV1", "SV101-3", None, "25"), frozenset({"coder", "clinician"})),
    "modifier 59": (row("SV1", "SV101-3", None, "59"), frozenset({"coder"})),
    "modifier taken off": (row("SV1", "SV101-3", "59", None), frozenset({"coder"})),
    "modifier JZ": (row("SV1", "SV101-3", None, "JZ"), frozenset({"coder", "biller", "manager"})),
}

LETTERS: dict[str, tuple[tuple[tuple[str, str], ...], frozenset[str | None]]] = {
    "plain": ((), ANYBODY),
    "physician": ((("signer", "physician"),), ANYBODY),
    "waiver": ((("waiver", "medicare_advantage"),), frozenset({"biller", "manager"})),
    "judge": ((("level", "administrative law judge"),), frozenset({"counsel"})),
}


def may(remedy: str, changes: tuple[DiffRow, ...], letter: tuple[tuple[str, str], ...]) -> frozenset[str | None]:
    allowed = set()
    for role in (*sorted(ROLES), None):
        try:
            check_authority(remedy, changes, role, letter)  # type: ignore[arg-type]
        except ApprovalRefused:
            continue
        allowed.add(role)
    return frozenset(allowed)


@pytest.mark.parametrize("remedy", sorted(get_args(Remedy)))
def test_each_change_and_letter_needs_whoever_may_decide_all_of_it(remedy: str) -> None:
    for (what, (change, by_change)), (kind, (letter, by_letter)) in product(CHANGES.items(), LETTERS.items()):
        wanted = REMEDIES.get(remedy, ANYBODY) & by_change & by_letter
        assert may(remedy, (change,) if change else (), letter) == wanted, (remedy, what, kind)


def letter(**more: object) -> LetterContent:
    given: dict[str, object] = {
        "kind": "appeal",
        "denial_id": "den_1",
        "date": "2026-05-01",
        "sender": Party(name="Cedar"),
        "addressee": Party(name="Summit"),
        "subject": "Appeal",
        "facts": (),
        "ask": "Pay.",
        "paragraphs": (),
        "signature": Signature(name="Office", role="Billing office"),
    }
    return LetterContent.model_validate({**given, **more})


def payer(**more: object) -> Payer:
    given = {"id": "SUMA", "name": "Summit", "line_of_business": "medicare_advantage", "contracted": False}
    return Payer.model_validate({**given, **more})


@pytest.mark.parametrize(
    ("content", "of", "found"),
    [
        (letter(), payer(), {("waiver", "medicare_advantage")}),
        (letter(kind="reconsideration"), payer(), {("waiver", "medicare_advantage")}),
        (letter(kind="records_response"), payer(), set()),
        (letter(), payer(contracted=True), set()),
        (letter(), payer(contracted=None), set()),
        (letter(level="Hearing before an Administrative Law Judge"), None, {("level", "administrative law judge")}),
        (letter(level="ALJ hearing"), None, {("level", "alj")}),
        (letter(level="First level appeal"), None, set()),
        (letter(signature=Signature(name="", role="Treating physician")), None, {("signer", "physician")}),
        (None, payer(), set()),
    ],
)
def test_a_letter_is_found_to_need_signer_waiver_or_counsel(
    content: LetterContent | None, of: Payer | None, found: set[tuple[str, str]]
) -> None:
    assert set(letter_subjects(content, of, levels_named())) == found


def test_only_a_commercial_waiver_is_none_of_the_tables() -> None:
    subjects = tuple(letter_subjects(letter(), payer(line_of_business="commercial"), levels_named()))
    assert needed("appeal", (), subjects) == ()


@pytest.mark.parametrize("signed_by", [None, "  ", "Gregor Nobody MD"])
def test_a_waiver_names_a_provider_of_the_practice_who_signed(signed_by: str | None) -> None:
    practice = Practice(
        name="Cedar",
        providers=(Provider(npi="1888888884", name="Ana Ruiz MD"),),
    )
    with pytest.raises(ApprovalRefused):
        check_provider_signed(signed_by, practice, "a waiver is needed")
    check_provider_signed("Dr. Ana Ruiz", practice, "a waiver is needed")
