"""Who is to be erased is told exactly, or it is an error that says how to be exact."""

from datetime import date

import pytest

from agent.erasure.patient import Asked, NotExact, Patient, patient_among
from knowledge.records.mentions import Mention

BORN, SPOUSE_BORN = date(1958, 4, 12), date(1961, 2, 3)


def mention(kind: str, row: int, member: str = "FAM100200", **more: object) -> Mention:
    given = {"kind": kind, "row": row, "file_id": row, "file": f"f{row}", "members": (member,) if member else ()}
    return Mention.model_validate({**given, **more})


GRACE = {"last": "Okafor", "first": "Grace", "born": BORN}
SAM = {"last": "Okafor", "first": "Sam", "born": SPOUSE_BORN}


def found(mentions: list[Mention], **asked: object) -> Patient:
    return patient_among(mentions, [], Asked("p", member="FAM100200", **asked))  # type: ignore[arg-type]


def rows(patient: Patient) -> list[int]:
    return [one.row for one in patient.theirs]


def test_a_member_id_of_one_person_takes_all_that_carries_it() -> None:
    mentions = [
        mention("coverage", 1, **GRACE),
        mention("authorization", 2, numbers=("A-1",)),
        mention("remit", 3, "fam-100200", last="OKAFOR", first="GRACE", claim="C-1"),
        mention("acknowledgement", 4, "", claim="C-1"),
        mention("coverage", 5, "OTHER1", last="Bianchi", first="Paolo", born=BORN),
        mention("acknowledgement", 6, "", claim="C-2"),
    ]
    assert rows(found(mentions)) == [1, 2, 3, 4]


def family() -> list[Mention]:
    return [
        mention("coverage", 1, **GRACE),
        mention("coverage", 2, **SAM),
        mention("claim", 3, **GRACE, claim="C-1", named=("A-1",)),
        mention("claim", 4, **SAM, claim="C-2", named=("A-2",)),
        mention("remit", 5, last="OKAFOR", first="GRACE", claim="C-1"),
        mention("remit", 6, last="OKAFOR", first="SAM", claim="C-2"),
        mention("authorization", 7, numbers=("A-1",)),
        mention("acknowledgement", 8, claim="C-2"),
    ]


def test_a_familys_id_is_not_one_person() -> None:
    with pytest.raises(NotExact, match=r"2 people .* born 1958-04-12, given name Grace; born 1961-02-03"):
        found(family())
    mentions = family()
    mentions[6] = mention("authorization", 7, numbers=("A-1",))
    with pytest.raises(NotExact, match=r"1 records carry the member id.*C-2"):
        found(mentions[:3] + mentions[4:], born=BORN)


def test_of_a_family_one_is_chosen_and_what_is_anothers_stays() -> None:
    mentions = [*family()[:7], mention("acknowledgement", 8, "", claim="C-2")]
    patient = found(mentions, born=BORN)
    assert rows(patient) == [1, 3, 5, 7]
    assert patient.shared == {"fam100200"}
    with pytest.raises(NotExact, match="nobody of that birth date"):
        found(mentions, born=date(2000, 1, 1))


def test_what_nothing_tells_whose_it_is_must_be_said() -> None:
    mentions = [
        *family()[:6],
        mention("authorization", 7, numbers=("A-9",)),
        mention("acknowledgement", 8, "", claim="C-2"),
    ]
    with pytest.raises(NotExact, match="A-9"):
        found(mentions, born=BORN)
    assert 7 in rows(found(mentions, born=BORN, also=("A-9",)))
    assert 7 not in rows(found(mentions, born=BORN, apart=("A-9",)))


def test_a_name_written_otherwise_on_their_own_claim_is_theirs() -> None:
    mentions = [
        mention("claim", 1, **GRACE, claim="C-1"),
        mention("remit", 2, last="OKAFFOR", first="GRACE", claim="C-1"),
    ]
    assert rows(found(mentions)) == [1, 2]
    with pytest.raises(NotExact, match="C-7"):
        found([*mentions, mention("remit", 3, last="OKAFFOR", first="GRACE", claim="C-7")])


def test_an_answer_under_their_claim_number_for_somebody_else_is_not_theirs() -> None:
    mentions = [
        mention("claim", 1, **GRACE, claim="C-1"),
        mention("remit", 2, "STRANGER9", last="BIANCHI", first="PAOLO", claim="C-1"),
    ]
    assert rows(found(mentions)) == [1]


def test_the_same_name_and_birth_date_under_another_id_must_be_said() -> None:
    mentions = [mention("coverage", 1, **GRACE), mention("coverage", 2, "MCARE77", **GRACE)]
    with pytest.raises(NotExact, match="MCARE77"):
        found(mentions)
    assert rows(found(mentions, also=("MCARE77",))) == [1, 2]
    assert rows(found(mentions, apart=("mcare-77",))) == [1]


def test_a_chart_says_which_ids_are_one_persons() -> None:
    mentions = [
        mention("coverage", 1, **GRACE),
        mention("coverage", 2, "MCARE77", **GRACE),
        mention("chart", 3, "", **GRACE, members=("CED1", "FAM100200", "MCARE77")),
    ]
    assert rows(found(mentions)) == [1, 2, 3]


def test_one_person_written_in_two_ways_is_named_in_both() -> None:
    mentions = [
        mention("coverage", 1, **GRACE),
        mention("claim", 2, last="Okafor", first="Gracie", born=BORN, claim="C-1"),
    ]
    with pytest.raises(NotExact, match="2 people"):
        found(mentions)
    assert rows(found(mentions, given=("Grace", "gracie"))) == [1, 2]


def test_nobody_is_an_error_too() -> None:
    with pytest.raises(NotExact, match="nothing of member FAM100200"):
        found([mention("coverage", 1, "OTHER1", **GRACE)])
    with pytest.raises(NotExact, match="no denial den_x"):
        patient_among([], [], Asked("p", denial_id="den_x"))
