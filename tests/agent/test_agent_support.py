"""What supports a use, what leaves only the line of treatment to dispute, a preferred product that was tolerated."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from agent_builders import SERVED, asked, case, chart, claim, dose, line, note, order, payer
from test_agent_carve_out import policy

from agent.diagnosis.inquiry import Inquiry
from knowledge.types.chart import Amount, Condition, Document
from knowledge.types.practice import StepRule

BEFORE = SERVED - timedelta(days=20)


def patient(icd10: str, text: str, *documents: Document, stage: str = "") -> Inquiry:
    found = Condition(resource="Condition/c", icd10=icd10, text=text, stage=stage)
    return asked(
        case("CO-55", ("N623",), chart=chart(dose(), orders=(order(),), conditions=(found,), documents=documents))
    )


PANCREAS = ("C250", "Adenocarcinoma of head of pancreas")


@pytest.mark.parametrize(
    ("kind", "text", "truth"),
    [
        ("Compendium page", "Pancreatic adenocarcinoma\nPembrolizumab, MSI-H: category 2A.", "confirmed"),
        ("Compendium page", "Pancreatic adenocarcinoma\nPembrolizumab: category 2B.", "refuted"),
        ("Compendium page", "Pancreatic adenocarcinoma\nNivolumab: category 1.", "unknown"),
        ("Compendium page", "Gastric cancer\nPembrolizumab: category 1.", "unknown"),
        ("Drug information reply", "Keytruda in pancreatic cancer.\nDrugDex: class IIa. NCCN: no entry.", "confirmed"),
        ("Drug information reply", "Keytruda in pancreatic cancer.\nNCCN: no entry. DrugDex: class III.", "refuted"),
        ("Drug information reply", "Keytruda in pancreatic cancer.\nNCCN: no entry.", "unknown"),
        ("Progress note", "Pembrolizumab is NCCN category 2A here.", "confirmed"),
        ("Progress note", "FOLFIRINOX is NCCN category 1, but she declines it.", "unknown"),
        ("Progress note", "Plan to check whether pembrolizumab is NCCN category 2A.", "unknown"),
        ("Denial letter", "Pembrolizumab is not NCCN category 1.", "unknown"),
        ("Progress note", "Pembrolizumab is not listed in NCCN.", "unknown"),
    ],
)
def test_a_compendium_entry_is_of_the_drug_and_the_disease(kind: str, text: str, truth: str) -> None:
    assert patient(*PANCREAS, note(kind, BEFORE, text)).fact("compendium-support-documented").truth == truth


def test_an_entry_made_after_the_service_supports_nothing() -> None:
    page = note("Compendium page", SERVED + timedelta(days=1), "Pancreatic cancer\nPembrolizumab: category 2A.")
    assert patient(*PANCREAS, page).fact("compendium-support-documented").truth == "unknown"


@pytest.mark.parametrize(
    ("kind", "text", "truth"),
    [
        (
            "Drug label page",
            "1.3 Melanoma. Pembrolizumab is indicated for metastatic melanoma.",
            "confirmed",
        ),
        (
            "Drug label page",
            "1.3 Melanoma. Indicated in adults, unresectable.\nPrinted for the file.",
            "confirmed",
        ),
        ("Prescribing information", "KEYTRUDA\n1 INDICATIONS AND USAGE\nMelanoma, metastatic.", "confirmed"),
        ("Drug label page", "Pembrolizumab is indicated for cervical cancer.", "unknown"),
        ("Drug label page", "Nivolumab is indicated for melanoma.", "unknown"),
        ("Off-label request", "Pembrolizumab is indicated for melanoma.", "unknown"),
    ],
)
def test_a_label_page_supports_the_disease_it_names(kind: str, text: str, truth: str) -> None:
    found = patient("C439", "Malignant melanoma", note(kind, BEFORE, text), stage="Stage IV")
    assert found.fact("use-is-supported").truth == truth


LINES = "1. Cervical cancer.\n2. Progression on a platinum."


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        (LINES, "confirmed"),
        (LINES + "\n3. PD-L1 CPS at least 1.", "unknown"),
        (LINES + "\n3. The use stands in a compendium the plan names on its site.", "unknown"),
    ],
)
def test_a_line_is_disputed_only_where_nothing_else_is_open(text: str, truth: str) -> None:
    found = Condition(resource="Condition/c", icd10="C539", text="Cervical cancer")
    seen = note("Progress note", BEFORE, "Progressed on carboplatin and paclitaxel.")
    of = case(
        "CO-50",
        ("N180",),
        chart=chart(dose(), conditions=(found,), documents=(seen,)),
        policy=policy(text, "Coverage criteria", ("J9271",)),
    )
    assert asked(of).fact("lines-decide").truth == truth


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("She did fine with Fulphila in April.", "confirmed"),
        ("Q5108 was well tolerated.", "confirmed"),
        ("No problems with pegfilgrastim-jmdb last cycle.", "confirmed"),
        ("Fulphila was not tolerated.", "refuted"),
        ("Tolerated Fulphila until hives at cycle 3.", "refuted"),
        ("Chemotherapy tolerated well.", "refuted"),
        ("If Fulphila is tolerated, continue.", "refuted"),
    ],
)
def test_a_preferred_product_that_was_tolerated_excuses_nothing(text: str, truth: str) -> None:
    six = Amount(value=Decimal(6), unit="mg")
    given = dose(hcpcs="Q5108", drug="pegfilgrastim-jmdb", day=date(2026, 2, 10), dose=six, resource="M/0")
    of = case(
        "CO-272",
        ("N410",),
        sent=claim(line(12, hcpcs="J2506")),
        payer=payer(step_therapy=(StepRule(drug="J2506", prefer=("Q5108", "Q5111")),)),
        chart=chart(given, documents=(note("Nursing note", SERVED, text),)),
    )
    assert asked(of).fact("preferred-product-tolerated").truth == truth
