import pytest

from knowledge.payers import PayerDirectory
from knowledge.types.practice import Payer

DIRECTORY = PayerDirectory(
    [
        Payer(id="CASC1", name="Cascade Health Plan", aliases=("84001", "CASCADE HEALTH PLAN")),
        Payer(id="CASC2", name="Cascade Medicare Advantage", aliases=("84002", "CASCADE")),
        Payer(id="SUMA", name="Summit", aliases=("CASCADE",)),
    ]
)


@pytest.mark.parametrize("name", ["CASC1", "casc1", " 84001 ", "cascade  health\tplan"])
def test_ids_aliases_and_names_lead_to_the_payer(name: str) -> None:
    found = DIRECTORY.resolve(name)
    assert found is not None
    assert found.id == "CASC1"


def test_a_shared_alias_leads_to_nobody_and_says_why() -> None:
    match = DIRECTORY.find("Cascade")
    assert match.payer is None
    assert "CASC2, SUMA" in match.says
    assert DIRECTORY.shared_names() == (("cascade", ("CASC2", "SUMA")),)


@pytest.mark.parametrize("name", ["", "  ", "Cascade Health", "CASC"])
def test_a_part_of_a_name_leads_to_nobody(name: str) -> None:
    assert DIRECTORY.resolve(name) is None


def test_several_names_of_one_party_agree_or_lead_to_nobody() -> None:
    agreed = DIRECTORY.find_any(["unknown", "84002", "CASCADE"]).payer
    assert agreed is not None
    assert agreed.id == "CASC2"
    assert DIRECTORY.find_any(["84001", "84002"]).payer is None
    assert DIRECTORY.find_any([""]).says == "no payer is named"
