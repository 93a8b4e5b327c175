"""The label's highest dose for a body: per kg, per m2, flat, capped, and what is not known."""

from datetime import date
from decimal import Decimal

import pytest

from knowledge.codes import load_codes
from tools.dosing.label import carboplatin_most, label_doses, label_limit, label_rows
from tools.dosing.ordered import Body

D = Decimal
HEAVY = Body(height_cm=D(168), weight_kg=D(111), age=50, sex="male")


@pytest.mark.parametrize(
    ("drug", "given", "over"),
    [
        ("brentuximab vedotin", "200", True),  # 1.8 mg/kg x 111 kg = 199.8, at most 180
        ("brentuximab vedotin", "185", None),  # a rounding of the limit is for a person
        ("brentuximab vedotin", "180", False),
        ("enfortumab vedotin-ejfv", "138", True),
        ("enfortumab vedotin-ejfv", "125", False),
        ("datopotamab deruxtecan-dlnk", "640", True),
        ("panitumumab", "660", False),
        ("panitumumab", "720", False),  # 666 mg and 10% rounding
        ("panitumumab", "800", True),
        ("pembrolizumab", "400", False),
        ("pembrolizumab", "800", True),
        ("pembrolizumab + berahyaluronidase alfa-pmph (SC)", "790", False),
        ("trastuzumab-dttb", "888", False),  # the loading dose
        ("trastuzumab + hyaluronidase-oysk (SC)", "600", False),
        ("trastuzumab + hyaluronidase-oysk (SC)", "1200", True),
        ("carboplatin", "1050", True),
        ("carboplatin", "900", False),
        ("carboplatin", "930", None),
        ("vincristine", "2", False),
        ("vincristine", "2.8", True),
        ("denosumab-bbdz", "120", False),
        ("tebentafusp-tebn", "0.068", False),
        ("mirvetuximab soravtansine-gynx", "700", False),  # above adjusted weight, not above actual weight
        ("carfilzomib", "165", False),  # 70 mg/m2 at 2.2 m2 at most is 154 mg
        ("carfilzomib", "170", True),
    ],
)
def test_a_dose_is_held_against_the_label(drug: str, given: str, over: bool | None) -> None:
    limit = label_limit(drug, HEAVY)
    assert limit.over(D(given)) is over, limit


def test_a_body_that_is_not_known_leaves_the_limit_open_but_a_cap_stands() -> None:
    assert label_limit("panitumumab", Body()).over(D(800)) is None
    assert label_limit("panitumumab", Body()).missing == ("weight",)
    assert label_limit("brentuximab vedotin", Body()).over(D(200)) is True


def test_a_mixed_product_is_not_its_parent() -> None:
    assert label_doses("pertuzumab/trastuzumab/hyaluronidase-zzxf (SC)") == ()
    assert label_doses("nivolumab + relatlimab-rmbw") == ()
    assert [row.drug for row in label_doses("paclitaxel protein-bound (Teva)")] == ["paclitaxel protein-bound"]


def test_a_drug_not_in_the_file_has_no_limit() -> None:
    limit = label_limit("ondrelimab", HEAVY)
    assert limit.milligrams is None
    assert limit.over(D(9999)) is None


def test_every_row_names_a_drug_of_the_code_table() -> None:
    table = load_codes().hcpcs
    drugs = [table.lookup(code, date(2026, 7, 1)) for code in table.codes]
    names = {drug.generic.lower() for drug in drugs if drug is not None}
    unknown = [row.drug for row in label_rows() if not any(name.startswith(row.drug) for name in names)]
    assert unknown == []


@pytest.mark.parametrize(("auc", "most"), [("4", 600), ("5", 750), ("6", 900)])
def test_carboplatin_ends_at_the_capped_clearance(auc: str, most: int) -> None:
    assert carboplatin_most(D(auc)) == most
