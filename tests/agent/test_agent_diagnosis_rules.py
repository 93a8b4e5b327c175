"""Rules no diagnosis may break, whatever the doses, the authorization and the payer's codes."""

from decimal import Decimal

from agent_builders import CATALOGUE, asked, auth, case, chart, claim, diagnosed, dose, line, order, payer
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.drafting.corrections import dose_units
from knowledge.types.diagnosis import Diagnosis

CODES = ("CO-16", "CO-45", "CO-50", "CO-150", "CO-151", "CO-153", "CO-197", "CO-198", "CO-284", "CO-18", "PI-A1")
REMARKS = ((), ("N54",), ("M53",), ("N362",), ("N640",), ("MA130",), ("M62", "N45"))
CLAIM_CHANGES = {"corrected_claim", "new_claim", "reopening"}
QUANTITIES = st.integers(1, 900)
AUTHORIZED = st.one_of(st.none(), QUANTITIES)


@settings(max_examples=150, deadline=None)
@given(
    mg=QUANTITIES,
    authorized=AUTHORIZED,
    basis=st.sampled_from(["billing_units", "mg", "vials"]),
    per=st.sampled_from(["dose", "total", None]),
    codes=st.sampled_from(CODES),
    remarks=st.sampled_from(REMARKS),
)
def test_a_claim_billed_as_given_is_never_changed_in_its_units(
    mg: int, authorized: int | None, basis: str, per: str | None, codes: str, remarks: tuple[str, ...]
) -> None:
    row = auth(quantity=Decimal(authorized) if authorized else None, quantity_basis=basis, per=per)
    found = case(
        codes, remarks, sent=claim(line(mg)), auths=(row,), chart=chart(dose(mg, wasted=0), orders=(order(mg),))
    )
    named = diagnosed(found)
    assert named.root_cause != "billed-units-wrong"
    assert dose_units(asked(found)).get("1") in (None, Decimal(mg))
    if named.root_cause in ("auth-units-mismatch", "auth-valid-payer-error", "mue-exceeded-dose-right"):
        assert not {named.remedy, named.then} & CLAIM_CHANGES


@settings(max_examples=150, deadline=None)
@given(mg=QUANTITIES, billed=QUANTITIES, authorized=QUANTITIES, codes=st.sampled_from(CODES))
def test_a_claim_is_changed_only_to_the_dose_given_never_to_the_authorization(
    mg: int, billed: int, authorized: int, codes: str
) -> None:
    row = auth(quantity=Decimal(authorized))
    found = case(codes, sent=claim(line(billed)), auths=(row,), chart=chart(dose(mg, wasted=0)))
    assert dose_units(asked(found)).get("1") in (None, Decimal(mg))
    assert (diagnosed(found).root_cause == "auth-units-mismatch") <= (billed == mg > authorized)


@settings(max_examples=150, deadline=None)
@given(
    charted=st.booleans(),
    sent=st.booleans(),
    authorized=st.booleans(),
    known=st.booleans(),
    codes=st.sampled_from(CODES),
    remarks=st.sampled_from(REMARKS),
)
def test_what_is_proven_names_its_evidence_and_what_is_not_says_what_is_missing(
    charted: bool, sent: bool, authorized: bool, known: bool, codes: str, remarks: tuple[str, ...]
) -> None:
    found = case(
        codes,
        remarks,
        sent=claim() if sent else None,
        auths=(auth(),) if authorized else (),
        chart=chart(dose(), orders=(order(),)) if charted else None,
        payer=payer() if known else None,
    )
    named = diagnosed(found)
    assert named == diagnosed(found)
    assert 0 <= named.confidence <= 1
    assert named.confidence + sum(other.confidence for other in named.alternatives) <= 1.001
    assert [item.id for item in named.evidence] == [f"E{place}" for place, _ in enumerate(named.evidence, start=1)]
    _holds(named)


def _holds(named: Diagnosis) -> None:
    ids = {item.id for item in named.evidence}
    for hypothesis in named.hypotheses:
        for fact in hypothesis.facts:
            assert set(fact.evidence) <= ids, fact.name
    if named.root_cause == "unknown":
        assert "cause-unknown" in {reason.code for reason in named.review_reasons}
        assert named.remedy in ("hold", "contact_payer")
        return
    cause = CATALOGUE.get(named.root_cause)
    assert named.category == cause.category
    assert "{" not in named.says
    leading = named.hypotheses[0]
    assert (leading.root_cause, leading.standing) == (named.root_cause, "confirmed")
    assert any(fact.evidence for fact in leading.facts), "a proven cause rests on something"
