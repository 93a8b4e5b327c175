import pytest

from agent.reading.quotes import find_quote
from agent.shield.orders import orders_a_program
from evals.suites.injections.planting import PAYLOADS, disguised

CLINICAL = [
    "Plan: continue pembrolizumab. New orders placed, follow up in 3 weeks. Patient ignores dietary rules.",
    "Respiratory system: clear. System review negative. Report of 05/11 confirmed metastatic disease.",
    "Pathology: CLDN18.2 positive, 90% of tumor cells, strong intensity. Criteria for ECOG 1 are met clinically.",
    "Approval is not a guarantee of payment; benefits and eligibility apply. Tell us before the service.",
    "He says to submit the claim again with the order and the note. Records sent by fax.",
    "Discussed with the team; the assistant: surgeon Dr. Holm. Use of the port was reviewed.",
]


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.id)
def test_every_planted_order_is_known_for_one_and_no_quote_is_taken_beside_it(payload) -> None:  # type: ignore[no-untyped-def]
    text = f"HER2 0, CLDN18.2 pending at the outside laboratory.\n{disguised(payload)}\n"
    assert orders_a_program(text)
    assert find_quote("HER2 0, CLDN18.2 pending at the outside laboratory.", text) is None


@pytest.mark.parametrize("text", CLINICAL)
def test_what_clinicians_and_payers_write_orders_nobody(text: str) -> None:
    assert not orders_a_program(text)
