"""The benchmark's file is one the reader has nothing to say about."""

from x12_reading import claims, codes

from evals.bench.generate import generate_remit
from tools.x12.summary import summarize


def test_generated_remit_is_whole_balanced_and_the_same_every_time() -> None:
    data = generate_remit(40)
    assert data == generate_remit(40)
    assert codes(data) == []
    assert len(claims(data)) == 40
    summary = summarize(data, "f")
    assert (summary.claims, summary.service_lines, summary.cas_adjustments) == (40, 160, 320)
    assert summary.sum_bpr02 == summary.sum_clp04


def test_generated_remit_weighs_what_the_bar_is_about() -> None:
    assert 600 < len(generate_remit(100)) / 100 < 800
