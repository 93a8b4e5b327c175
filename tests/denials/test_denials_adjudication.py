"""Which adjudications are denials: the truth table of domain 1.1 and 1.2."""

from decimal import Decimal

import pytest
from denial_builders import (
    ADVANTAGE,
    COMMERCIAL,
    MEDICARE,
    STRANGER,
    UNTOLD,
    clp,
    denials,
    examined,
    of_line,
    remit,
    svc,
)


@pytest.mark.parametrize(
    ("adjustments", "paid"),
    [
        ("CO-45 200, PR-2 160", 640),  # contract and coinsurance
        ("PR-1 1000", 0),  # all to the deductible
        ("CO-45 300, PR-1 700", 0),
        ("CO-45 300, PR-3 700", 0),
        ("PR-66 100", 900),  # blood deductible
        ("PR-142 1000", 0),  # Medicaid share of cost
        ("CO-253 16, CO-45 200", 784),  # sequestration
        ("OA-23 1000", 0),  # the first payer took care of all
        ("OA-23 600, CO-45 400", 0),
        ("CO-23 1000", 0),
        ("OA-133 1000", 0),  # pended
        ("CO-223 1000", 0),
        ("CO-237 10", 990),
        ("CO-131 1000", 0),
        ("CO-104 100", 900),
        ("OA-100 1000", 0),  # paid to the patient
        ("OA-209 1000", 0),
        ("CO-246 1000", 0),  # reporting only
        ("CO-59 500", 500),
        ("CO-172 150", 850),
        ("CO-144 -20", 1020),
        ("CO-94 -50", 1050),
        ("CO-42 200, PR-127 160", 640),  # retired, meaning 45 and 2
    ],
)
def test_none_of_these_is_a_denial(adjustments: str, paid: int) -> None:
    assert of_line(svc(paid=paid, adjustments=adjustments)) is None


@pytest.mark.parametrize(
    ("adjustments", "paid", "stake"),
    [
        ("CO-150 200", 800, "200.00"),  # a lower level paid: answered with the record (root cause downcoded-by-payer)
        ("OA-257 1000", 0, "1000.00"),  # premium grace period: held and followed (root cause premium-grace-period)
    ],
)
def test_a_cut_level_and_a_grace_period_are_recorded(adjustments: str, paid: int, stake: str) -> None:
    found = of_line(svc(paid=paid, adjustments=adjustments))
    assert found is not None
    assert str(found.amount_at_stake) == stake


@pytest.mark.parametrize(
    ("adjustments", "stake"),
    [
        ("CO-197 1000", "1000.00"),
        ("CO-45 300, CO-197 700", "700.00"),  # the contractual part is never at stake
        ("PR-204 1000", "1000.00"),
        ("PR-96 1000", "1000.00"),
        ("PR-27 1000", "1000.00"),
        ("PR-31 1000", "1000.00"),
        ("OA-18 1000", "1000.00"),
        ("PI-50 1000", "1000.00"),
        ("CO-15 1000", "1000.00"),  # retired reasons are denials still
        ("CO-62 1000", "1000.00"),
        ("CO-125 1000", "1000.00"),
        ("CO-138 1000", "1000.00"),
        ("CO-29 1000", "1000.00"),
        ("CR-197 1000", "1000.00"),  # 4010 group
        ("CO-197 600, CO-50 400", "1000.00"),
        ("CO-97 1000", "1000.00"),  # a drug is no expected bundle
        ("PR-24 1000", "1000.00"),
    ],
)
def test_unpaid_and_refused_is_a_denial(adjustments: str, stake: str) -> None:
    found = of_line(svc(adjustments=adjustments))
    assert found is not None
    assert (found.kind, found.amount_at_stake, found.outcome) == ("denied", Decimal(stake), "open")
    assert found.denied_units == 400


def test_a_paid_line_with_refused_units_is_partly_denied_by_those_units() -> None:
    found = of_line(svc(paid=500, adjustments="CO-198 500 x200"))
    assert found is not None
    assert (found.kind, found.amount_at_stake, found.denied_units) == ("partly_denied", Decimal("500.00"), 200)


def test_refused_part_beside_a_deductible_is_partly_denied_with_unknown_units() -> None:
    found = of_line(svc(adjustments="PR-1 600, CO-50 400"))
    assert found is not None
    assert (found.kind, found.amount_at_stake, found.denied_units) == ("partly_denied", Decimal("400.00"), None)


def test_two_reasons_naming_the_same_units_do_not_deny_more_than_the_line_has() -> None:
    found = of_line(svc(adjustments="CO-198 500 x400, CO-151 500 x400"))
    assert found is not None
    assert found.denied_units == 400


def test_units_come_from_the_units_submitted_when_none_were_paid() -> None:
    found = of_line(svc(adjustments="CO-197 1000", units=0, units_submitted=400))
    assert found is not None
    assert found.line is not None
    assert (found.line.units, found.denied_units) == (400, 400)


def test_units_nobody_states_stay_unknown() -> None:
    found = of_line(svc(adjustments="CO-197 1000", units=0))
    assert found is not None
    assert found.line is not None
    assert (found.line.units, found.denied_units) == (None, None)


@pytest.mark.parametrize("group", ["CO", "PR"])
def test_a_fee_schedule_reduction_of_the_whole_charge_is_suspected(group: str) -> None:
    found = of_line(svc(adjustments=f"{group}-45 1000"))
    assert found is not None
    assert (found.kind, found.amount_at_stake) == ("zero_allowed", Decimal("1000.00"))


@pytest.mark.parametrize("carc", ["45", "131"])
def test_a_discount_without_a_contract_is_disputed(carc: str) -> None:
    found = of_line(svc(paid=600, adjustments=f"PI-{carc} 400"), STRANGER)
    assert found is not None
    assert (found.kind, found.amount_at_stake, found.doubts) == ("payment_dispute", Decimal("400.00"), ())


def test_a_discount_under_contract_is_contractual() -> None:
    assert of_line(svc(paid=600, adjustments="PI-45 400"), COMMERCIAL) is None


def test_a_discount_of_a_payer_whose_contract_is_unknown_goes_to_a_person() -> None:
    found = of_line(svc(paid=600, adjustments="PI-45 400"), UNTOLD)
    assert found is not None
    assert [code for code, _ in found.doubts] == ["contract-unknown"]


@pytest.mark.parametrize(
    ("payer", "denied"), [(MEDICARE, True), (STRANGER, True), (COMMERCIAL, False), (ADVANTAGE, False)]
)
def test_capitation_is_a_denial_only_where_nobody_is_capitated(payer: object, denied: bool) -> None:
    found = of_line(svc(adjustments="CO-24 1000"), payer)  # type: ignore[arg-type]
    assert (found is not None) is denied


def test_capitation_is_a_denial_of_a_code_with_a_contracted_rate() -> None:
    arrived = remit(clp(svc(adjustments="CO-24 1000")))
    assert denials(arrived, rate_for=lambda *_: Decimal(2))[0].kind == "denied"


@pytest.mark.parametrize("carc", ["97", "234"])
@pytest.mark.parametrize("code", ["36591", "36592", "96523", "A4216"])
def test_a_bundle_that_billing_rules_expect_is_none(code: str, carc: str) -> None:
    bundled = svc(code, 50, 0, f"CO-{carc} 50", control="2", remarks="N390", units=1)
    assert of_line(bundled, COMMERCIAL, svc("96413", 300, 300, control="1")) is None


def test_a_supply_is_bundled_with_a_visit_as_well_as_with_an_infusion() -> None:
    supply = svc("A4216", 50, 0, "CO-97 50", control="2", units=1)
    assert of_line(supply, COMMERCIAL, svc("99214", 300, 300, control="1")) is None


def test_a_supply_with_no_other_service_that_day_is_a_denial() -> None:
    assert of_line(svc("A4216", 50, 0, "CO-97 50", units=1)) is not None


def test_a_port_flush_alone_that_day_is_a_denial() -> None:
    assert of_line(svc("96523", 50, 0, "CO-97 50", units=1)) is not None


def test_the_service_that_bundles_may_stand_on_another_claim_of_that_day() -> None:
    flush = remit(clp(svc("96523", 50, 0, "CO-97 50", units=1)))
    infusion = remit(clp(svc("96413", 300, 300), claim_id="C2", number="ICN2"), trace="EFT2", file="remits/b.835")
    assert len(denials(flush)) == 1
    assert denials(infusion, flush) == ()


def test_a_visit_bundled_into_an_infusion_is_a_denial() -> None:
    visit = svc("99214", 200, 0, "CO-97 200", control="2", units=1)
    assert of_line(visit, COMMERCIAL, svc("96413", 300, 300, control="1")) is not None


def test_an_unknown_reason_is_a_denial_with_a_doubt() -> None:
    found = of_line(svc(adjustments="CO-999 1000"))
    assert found is not None
    assert [code for code, _ in found.doubts] == ["unknown-carc"]


def test_a_reduction_that_leaves_nothing_is_a_denial_with_a_doubt() -> None:
    found = of_line(svc(adjustments="CO-147 1000"))
    assert found is not None
    assert [code for code, _ in found.doubts] == ["reduction-whole-charge"]


@pytest.mark.parametrize(("remarks", "doubts"), [("", 1), ("N211", 1), ("MA01", 1), ("N115", 0), ("MA01 M51", 0)])
def test_a_reason_that_needs_a_remark_is_doubted_without_one_that_explains(remarks: str, doubts: int) -> None:
    found = of_line(svc(adjustments="CO-16 1000", remarks=remarks))
    assert found is not None
    assert [code for code, _ in found.doubts] == ["remark-missing"] * doubts


def test_claim_remarks_satisfy_the_need_and_follow_the_line_remarks() -> None:
    found = of_line(svc(adjustments="CO-16 1000", remarks="M51"), remarks="MA130 M51")
    assert found is not None
    assert (found.remarks, found.doubts) == (("M51", "MA130"), ())


@pytest.mark.parametrize("status", ["25", "23", "5", "13"])
def test_estimates_forwarded_and_undecided_claims_are_none(status: str) -> None:
    assert of_line(svc(adjustments="CO-197 1000"), status=status) is None


@pytest.mark.parametrize("status", ["1", "2", "3", "4", "19", "20", "21"])
def test_the_claim_status_alone_makes_no_denial_and_hides_none(status: str) -> None:
    assert of_line(svc(adjustments="PR-1 1000"), status=status) is None
    assert of_line(svc(adjustments="CO-197 1000"), status=status) is not None


def test_status_4_without_adjustments_is_none() -> None:
    assert denials(remit(clp(svc(), status="4"))) == ()


def test_slots_that_cancel_each_other_take_nothing() -> None:
    assert of_line(svc(paid=1000, adjustments="CO-50 400, CO-50 -400")) is None


def test_a_line_that_charges_nothing_is_none() -> None:
    assert of_line(svc(charge=0, adjustments="CO-16 0")) is None


def test_a_denied_line_out_of_balance_is_doubted() -> None:
    found = of_line(svc(adjustments="CO-197 900"))
    assert found is not None
    assert [code for code, _ in found.doubts] == ["line-out-of-balance"]


def test_a_claim_denied_as_a_whole_is_one_record_without_a_line() -> None:
    (found,) = denials(remit(clp(svc(), svc("96413", 300, control="2"), adjustments="CO-29 1300")))
    assert found.line is None
    assert (found.kind, found.amount_at_stake, found.denied_units) == ("denied", Decimal("1300.00"), None)


def test_a_claim_without_lines_is_judged_at_claim_level() -> None:
    (found,) = denials(remit(clp(charge=700, paid=0, adjustments="CO-29 700")))
    assert (found.line, found.amount_at_stake) == (None, Decimal("700.00"))


def test_denied_lines_of_one_claim_are_one_record_each() -> None:
    found = denials(remit(clp(svc(adjustments="CO-197 1000"), svc("96413", 300, 0, "CO-197 300", control="2"))))
    assert [d.line.hcpcs for d in found if d.line] == ["J9271", "96413"]
    assert len({d.denial_id for d in found}) == 2


def test_equal_lines_of_one_claim_are_two_denials() -> None:
    found = denials(remit(clp(svc(adjustments="CO-198 1000", control=""), svc(adjustments="CO-198 1000", control=""))))
    assert len({d.denial_id for d in found}) == 2


def test_a_recoded_line_goes_by_the_code_that_was_billed() -> None:
    found = of_line(svc("J9999", adjustments="CO-16 1000", remarks="M51", submitted="J9271"))
    assert found is not None
    assert found.line is not None
    assert found.line.hcpcs == "J9271"


def test_every_line_without_a_record_is_explained() -> None:
    result = examined(
        remit(
            clp(
                svc(paid=1000),
                svc("96413", 300, 0, "CO-197 300", control="2"),
                svc("36591", 20, 0, "CO-97 20", control="3"),
            )
        )
    )
    assert [(n.hcpcs, n.standing) for n in result.not_denied] == [("J9271", "paid"), ("36591", "bundled")]
    assert all(n.why for n in result.not_denied)
