"""An unlisted code for a drug with a code of its own, numbers given to another drug, and codes that ended long ago."""

from decimal import Decimal
from typing import Any

import pytest
from agent_builders import asked, case, chart, claim, diagnosed, dose, line

from agent.diagnosis.case import Case
from agent.diagnosis.named_drug import codes_in_words
from knowledge.types.claim import DrugIdentification

WYOST = DrugIdentification("N4", "61314024063", Decimal("1.7"), "ML")


def unlisted(words: str, *doses: Any, hcpcs: str = "J3590", drug: DrugIdentification | None = None) -> Case:
    billed = line(1, hcpcs=hcpcs, modifiers=(), description=words, drug=drug)
    return case("CO-189", ("N56",), sent=claim(billed), chart=chart(*doses) if doses else None)


def denosumab(**changed: Any) -> Any:
    given: dict[str, Any] = {"hcpcs": "Q5136", "drug": "denosumab-bbdz", "ndc11": "61314024063"}
    return dose(120, **{**given, **changed})


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("DENOSUMAB-BBDZ 120MG SC", {"Q5136"}),
        ("Wyost 120 mg subcut", {"Q5136"}),
        ("SACITUZUMAB GOVITECAN 720 MG IV", {"J9317"}),  # the suffix left out, and only one such product
        ("Inj. pembrolizumab 200 mg IV", {"J9271"}),
        ("ado-trastuzumab emtansine 240 mg", {"J9354"}),
        ("fam-trastuzumab deruxtecan-nxki 400 mg", {"J9358"}),
        ("TRASTUZUMAB-ABCD 420 MG", set()),  # a suffix the table does not know
        ("ondrelimab 500 mg", set()),
        ("amivantamab and hyaluronidase 1600 mg SC", set()),  # not amivantamab alone
        ("daratumumab 1800 mg SC", set()),  # under the skin it is another product
        ("rituximab 1400 mg subcutaneous", set()),
        ("pegylated liposomal irinotecan 90 mg", set()),
        ("", set()),
    ],
)
def test_a_drug_is_named_by_its_whole_name(words: str, codes: set[str]) -> None:
    assert codes_in_words(asked(unlisted("")), words) == codes


def test_an_unlisted_code_where_the_drug_has_its_own_is_confirmed() -> None:
    found = diagnosed(unlisted("DENOSUMAB-BBDZ 120MG SC", denosumab(), drug=WYOST))
    assert found.root_cause == "code-not-yet-effective"
    assert found.values["successor"] == "Q5136"


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("DENOSUMAB-BBDZ 120 MG", denosumab(hcpcs="J0897", drug="denosumab")),
        ("DENOSUMAB-BBDZ 120 MG", denosumab(ndc11="55513073001")),  # name and product charted disagree
        ("ONDRELIMAB 500 MG", denosumab()),  # a name the table does not know
    ],
)
def test_words_and_chart_that_disagree_are_for_a_person(words: str, given: Any) -> None:
    made = unlisted(words, given, drug=WYOST)
    assert asked(made).fact("code-not-in-force-yet").truth == "unknown"


def test_a_name_without_its_suffix_is_one_of_several_products_until_the_chart_says_which() -> None:
    assert len(codes_in_words(asked(unlisted("")), "denosumab 120 mg")) > 1
    assert asked(unlisted("DENOSUMAB 120 MG")).fact("code-not-in-force-yet").truth == "unknown"
    found = asked(unlisted("DENOSUMAB 120 MG", denosumab(), drug=WYOST)).fact("code-not-in-force-yet")
    assert found.values["successor"] == "Q5136"


def test_a_drug_billed_on_its_own_line_is_not_what_the_unlisted_line_means() -> None:
    billed = claim(line(1, hcpcs="J3590", modifiers=(), description="", drug=None), line(number="2"))
    made = case("CO-189", ("N56",), sent=billed, chart=chart(dose()))
    assert asked(made).fact("code-not-in-force-yet").truth == "unknown"


def filgrastim(**changed: Any) -> Any:
    given: dict[str, Any] = {"hcpcs": "J1442", "drug": "filgrastim", "resource": "MedicationAdministration/f"}
    return dose("0.3", **{**given, **changed})


def reused(*doses: Any, code: str = "J1440") -> Case:
    return case("CO-11", ("N56",), sent=claim(line(1, hcpcs=code, modifiers=(), drug=None)), chart=chart(*doses))


def test_a_number_given_to_another_drug_is_an_ended_code_for_the_drug_it_used_to_mean() -> None:
    found = asked(reused(filgrastim())).fact("code-ended-before-service")
    assert found.truth == "confirmed"
    assert (found.values["successor"], found.values["successor_units"]) == ("J1442", "300")


def test_a_reused_number_of_an_uncoded_dose_goes_by_the_name() -> None:
    cisplatin = dose(150, hcpcs="", drug="cisplatin 1 mg/mL")
    found = asked(reused(cisplatin, code="J9062")).fact("code-ended-before-service")
    assert (found.truth, found.values["successor"]) == ("confirmed", "J9060")


@pytest.mark.parametrize(
    "doses",
    [
        (),
        (dose(),),  # another drug
        (filgrastim(status="not-done"),),
        (filgrastim(), dose(1, hcpcs="J1440", drug="fecal microbiota", resource="MedicationAdministration/m")),
    ],
)
def test_a_reused_number_stands_where_the_old_drug_was_not_surely_given(doses: tuple[Any, ...]) -> None:
    assert asked(reused(*doses)).truth("code-ended-before-service") != "confirmed"


@pytest.mark.parametrize(
    ("code", "successor", "units"),
    [("J9375", "J9370", "2"), ("J9110", "J9100", "5"), ("J0880", "J0881", "5"), ("J9170", "J9171", "20")],
)
def test_codes_that_ended_long_ago_have_successors_with_units(code: str, successor: str, units: str) -> None:
    found = asked(reused(code=code)).fact("code-ended-before-service")
    assert found.truth == "confirmed"
    assert (found.values["successor"], found.values["successor_units"]) == (successor, units)
