"""The counts and sums of a remittance file."""

import json
from decimal import Decimal

import msgspec
from x12_builders import PLAIN, Claim, Line, Remit, enveloped, transaction

from tools.x12.remits import read_remits
from tools.x12.summary import full, summarize

REVERSAL = Claim("C2", "22", "-400.00", "-300.00", (Line(charge="-400.00", paid="-300.00", cas=("CO*45*-100.00",)),))
RICH = Claim(
    "C3",
    charge="500.00",
    cas=("CO*97*100.00",),
    lines=(Line(cas=("CO*45*50.00*****16*50.00", "CO*97*0.00"), more=("LQ*HE*N130", "LQ*RX*70")),),
)
REMIT = Remit((Claim("C1"), REVERSAL, RICH), plb=("1999999992*20261231*WO:X*15.5***L6*-5", "1*2*FB*0"))


def test_counts_and_sums_are_those_of_the_segments() -> None:
    other = transaction("999", ["CLP*X*1*5*5", "CAS*CO*1*1"], "0002")
    data = PLAIN.render(enveloped([transaction("835", REMIT.body()), other]))
    summary = msgspec.to_builtins(summarize(data, "f"))
    findings = summary.pop("findings")
    assert summary == {
        "interchanges": 1,
        "transactions": 1,
        "claims": 3,
        "service_lines": 3,
        "cas_adjustments": 6,
        "lq_remarks": 2,
        "reversals": 1,
        "plb_adjustments": 3,
        "sum_clp03": "500.00",
        "sum_clp04": "300.00",
        "sum_bpr02": "289.50",
        "sum_cas": "200.00",
    }
    assert [finding["code"] for finding in findings] == ["other-transaction"]


def test_cut_file_is_counted_up_to_the_cut_and_said_to_be() -> None:
    data = REMIT.bytes()
    data = data[: data.index(b"CLP*C3")]
    summary = summarize(data, "f")
    assert summary.findings[0].code == "truncated"
    assert (summary.claims, summary.service_lines, summary.sum_clp03) == (2, 2, "0.00")
    assert full(data, "f")["quarantined"] is True


def test_claim_that_cannot_be_read_is_counted_all_the_same() -> None:
    data = Remit((Claim("C1"), Claim("C2", charge="x")), paid="600.00").bytes()
    summary = summarize(data, "f")
    assert (summary.claims, summary.sum_clp03, summary.sum_clp04) == (2, "400.00", "600.00")
    assert "bad-claim" in [finding.code for finding in summary.findings]


def test_more_than_two_decimals_are_printed_as_they_are() -> None:
    assert summarize(Remit((Claim(paid="300.005"),), paid="300.005").bytes(), "f").sum_clp04 == "300.005"


def test_full_gives_every_fact_as_json() -> None:
    facts = json.loads(msgspec.json.encode(full(REMIT.bytes(), "f")))
    (remit,) = facts["remits"]
    assert facts["quarantined"] is False
    assert [claim["claim_id"] for claim in remit["claims"]] == ["C1", "C2", "C3"]
    assert remit["claims"][0]["lines"][0]["adjustments"][0]["amount"] == "100.00"
    assert remit["claims"][0]["lines"][0]["service_date"] == "2026-03-16"
    assert remit["header"]["paid_on"] == "2026-04-21"
    assert len(remit["provider_adjustments"]) == 3
    assert remit["trailer"]["claims"] == 3


def test_typed_facts_add_up_to_the_summary() -> None:
    summary = summarize(REMIT.bytes(), "f")
    claims = [event for event in read_remits(REMIT.bytes(), "f") if hasattr(event, "claim_id")]
    lines = [line for claim in claims for line in claim.lines]  # type: ignore[union-attr]
    adjustments = [one for holder in [*claims, *lines] for one in holder.adjustments]  # type: ignore[union-attr]
    assert len(adjustments) == summary.cas_adjustments
    assert sum((one.amount for one in adjustments), Decimal(0)) == Decimal(summary.sum_cas)
