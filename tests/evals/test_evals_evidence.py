"""Citations are opened in the folder: source, quote, and the figures said of it."""

from pathlib import Path
from typing import Any

import pytest
from eval_builders import evidence, folder, record

from evals.scorers.documents import Documents
from evals.scorers.evidence import Checked, score_evidence
from evals.scorers.statements import unsupported

RIGHT: list[dict[str, Any]] = [
    evidence(
        "remit", "remits/r1.835 segment 8", "CAS*CO*197*400", "PAYER ONE denied J9271: CO-197 $400.00, remarks N54"
    ),
    evidence("claim", "claims/c1.837 claim C-1 (segment 5)", "REF*G1*A-1", "The claim carries authorization A-1"),
    evidence(
        "claim", "claims/c1.837 claim C-1 line 2 (segment 11)", "SV1*HC:96413*100*UN*1***1", "1 unit on 2026-03-16"
    ),
    evidence("authorization", "auths/a.csv:2", "A-1,P1,200", "A-1 allows 200"),
    evidence("chart", "charts/one.json MedicationAdministration/m1", None, "200 mg given, 0 mg discarded"),
    evidence("chart", "charts/one.json DocumentReference/d1", "PD-L1 TPS was 80%", "TPS of 80"),
    evidence("policy", "policies/p.md Dosing", "Give no more than 200 mg.", "at most 200 mg"),
    evidence("policy", "POL-1", "200 mg.", "at most 200 mg"),
    evidence("contract", "payers.yaml:2 P1 ndc_required", None, "the NDC is wanted"),
    evidence("contract", "contracts/k.csv:2", "24.50", "$24.50 a unit, $4,900.00 for 200 units"),
    evidence("code_table", "hcpcs table as of {hcpcs}, row J9271", None, "J9271 on 2026-03-16"),
]

WRONG: list[tuple[dict[str, Any], str, str]] = [
    (evidence("remit", "remits/r2.835 segment 8"), "source", "no such X12 file"),
    (evidence("remit", "remits/r1.835 segment 99"), "source", "the file has"),
    (evidence("remit", "the remit"), "source", "names no file and segment"),
    (evidence("remit", "remits/r1.835 segment 8", "CAS*CO*50*50"), "quote", "does not stand in"),  # of the next claim
    (evidence("remit", "remits/r1.835 segment 4", "CAS*CO*197*400"), "quote", "does not stand in"),  # of the header
    (evidence("remit", "remits/r1.835 segment 8", None, "CO-198"), "says", "does not show CO-198"),
    (evidence("remit", "remits/r1.835 segment 8", None, "$401.00"), "says", "does not show $401.00"),
    (evidence("claim", "claims/c1.837 claim C-2 (segment 5)"), "source", "does not belong to claim C-2"),
    (evidence("claim", "claims/c1.837 claim C-1 line 2 (segment 7)"), "source", "does not begin line 2"),
    (evidence("authorization", "auths/a.csv:3"), "source", "no such file or line"),
    (evidence("authorization", "auths/a.csv:2", "A-1,P1,400"), "quote", "does not stand in"),
    (evidence("authorization", "auths/a.csv:2", None, "allows 400"), "says", "does not show 400"),
    (evidence("coverage", "../outside.csv:2"), "source", "no such file or line"),
    (evidence("chart", "charts/one.json Observation/o1"), "source", "no such resource"),
    (
        evidence("chart", "charts/one.json MedicationAdministration/m1", None, "400 mg given"),
        "says",
        "does not show 400",
    ),
    (evidence("chart", "charts/one.json DocumentReference/d1", "TPS was 90%"), "quote", "does not stand in"),
    (evidence("policy", "policies/p.md Storage"), "source", "no section Storage"),
    (evidence("policy", "POL-2"), "source", "no such policy"),
    (evidence("contract", "payers.yaml:2 P1 max_units"), "source", "has no max_units"),
    (evidence("contract", "payers.yaml:3 P1 ndc_required"), "source", "does not begin the entry"),
    (evidence("contract", "contracts/k.csv:2", None, "$5,000.00 for 200 units"), "says", "does not show $5,000.00"),
    (evidence("contract", "rate of J9271"), "source", "names no file and row"),
    (evidence("code_table", "hcpcs table as of {hcpcs}, row X0000"), "source", "no row X0000"),
    (evidence("code_table", "hcpcs table as of 1999-01-01, row J9271"), "source", "the table stands for"),
    (evidence("code_table", "moods table as of 2026-01-01, row J9271"), "source", "no table moods"),
]


@pytest.fixture
def documents(tmp_path: Path) -> Documents:
    return Documents(folder(tmp_path))


def check(item: dict[str, Any], documents: Documents) -> Checked:
    from knowledge.codes import load_codes

    dated = {**item, "source": item["source"].replace("{hcpcs}", str(load_codes().sources["hcpcs"].as_of))}
    (found,) = score_evidence(record(evidence=[dated]), documents)
    return found


@pytest.mark.parametrize("item", RIGHT, ids=lambda item: str(item["source"]))
def test_a_citation_that_holds_is_right(item: dict[str, Any], documents: Documents) -> None:
    found = check(item, documents)

    assert found.problem == ""
    assert found.source is True
    assert found.quote is (True if item["quote"] else None)


@pytest.mark.parametrize(("item", "field", "problem"), WRONG, ids=[f"{i}-{w[1]}" for i, w in enumerate(WRONG)])
def test_a_citation_that_does_not_hold_is_wrong(
    item: dict[str, Any], field: str, problem: str, documents: Documents
) -> None:
    found = check(item, documents)

    assert getattr(found, field) is False
    assert problem in found.problem


def test_what_cannot_be_opened_is_not_called_right(documents: Documents) -> None:
    reckoned = check(evidence("calculation", "calculation units", None, "1 + 1 = 2"), documents)
    scanned = check(evidence("chart", "charts/one.json DocumentReference/scan", "a quote", "80"), documents)

    assert (reckoned.source, reckoned.quote, reckoned.says) == (None, None, None)
    assert (scanned.source, scanned.quote, scanned.says) == (None, None, None)


@pytest.mark.parametrize(
    ("says", "source", "lacking"),
    [
        ("on 2026-03-16", "20260316", []),
        ("on 2026-03-17", "20260316", ["2026-03-17"]),
        ("$1,200.50 and $300.00", "1200.5 300", []),
        ("NDC 55513020601", "55513-0206-01", []),
        ("C3411", "C34.11", []),
        ("Diagnosis D64.81, anemia", '{"code": "D64.81"}', []),
        ("Diagnosis D64.81.", "D6481", []),
        ("Diagnosis D64.81", "D64.8 and 81", ["D64.81"]),
        ("every 4 weeks", "every 28 days", []),
        ("every 4 weeks", "every 21 days", ["4"]),
        ("20 mg", "2026-01-01 200 mg", ["20"]),
    ],
)
def test_figures_are_found_however_they_are_written(says: str, source: str, lacking: list[str]) -> None:
    assert unsupported(says, source) == lacking
