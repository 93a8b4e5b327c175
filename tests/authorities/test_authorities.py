"""Law in letters: only from the table, only where and when it holds, and refused from anywhere else."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.authorities import AuthorityTableError, load_authorities
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent, Paragraph, Party, Signature
from tools.packet.law import authority_evidence, law_sentences, stray_law, unconfirmed
from tools.packet.verification import verify

DAY = date(2026, 3, 16)


def letter(text: str, *cited: str) -> LetterContent:
    return LetterContent(
        kind="appeal",
        denial_id="d-1",
        date=date(2026, 5, 1),
        sender=Party(name="Cedar Oncology Associates"),
        addressee=Party(name="Cascade Health Plan"),
        subject="Appeal",
        facts=(),
        ask="Please review the line.",
        paragraphs=(Paragraph(heading="Request", text=text, evidence=cited),),
        signature=Signature(name="Billing Office", role="Billing office"),
    )


def says(text: str, evidence: tuple[Evidence, ...], *cited: str) -> list[str]:
    return [fault.text for fault in verify(letter(text, *cited), evidence) if fault.kind == "citation"]


def cited_ids(cause: str, business: str, served: date | None = DAY, determined: date | None = DAY) -> list[str]:
    found = authority_evidence(cause, business, served, determined)  # type: ignore[arg-type]
    return [next(iter(item.values)) for item in found]


def test_every_entry_has_a_source_a_day_and_says_how_sure_it_is() -> None:
    for one in load_authorities():
        assert one.source
        assert one.checked_on <= date(2026, 11, 24)
        assert one.citable or one.why_not
        assert not one.citable or (one.in_force_from is not None and one.applies_to)


def test_what_is_only_proposed_or_unsure_is_never_cited() -> None:
    held = {one.id: one for one in load_authorities()}
    assert not held["cms-0062-p"].citable
    assert all(held[id_].citable for sentence in law_sentences() for id_ in sentence.cite)


def test_member_rights_are_not_cited_for_a_provider() -> None:
    assert cited_ids("auth-valid-payer-error", "commercial") == []
    assert cited_ids("off-label-compendia-supported", "commercial") == []


def test_redetermination_rule_is_for_original_medicare_alone() -> None:
    assert "cfr_405_942" in cited_ids("mue-exceeded-dose-right", "medicare_ffs")
    for business in ("commercial", "exchange", "medicare_advantage", "medicaid", "medicaid_mco", "other"):
        assert "cfr_405_942" not in cited_ids("mue-exceeded-dose-right", business)


def test_a_rule_is_not_cited_for_a_service_before_it_was_in_force() -> None:
    assert "cfr_422_138_c" in cited_ids("auth-valid-payer-error", "medicare_advantage", date(2024, 1, 1))
    assert "cfr_422_138_c" not in cited_ids("auth-valid-payer-error", "medicare_advantage", date(2023, 12, 31))


def test_an_unknown_day_admits_nothing_that_turns_on_it() -> None:
    assert cited_ids("auth-valid-payer-error", "medicare_advantage", None) == []
    assert cited_ids("mue-exceeded-dose-right", "medicare_ffs", DAY, None) == []


def test_law_cited_from_the_table_stands() -> None:
    law = authority_evidence("mue-exceeded-dose-right", "medicare_ffs", DAY, DAY)
    assert not verify(letter("This is a request for redetermination under 42 CFR 405.942 [LAW1].", "LAW1"), law)


@pytest.mark.parametrize(
    "text",
    [
        "The plan is bound by 42 CFR 422.138(c).",
        "The plan is bound by 42 C.F.R. § 405.942.",
        "Section 1861(t)(2) of the Social Security Act says so.",
        "NCD 110.21 covers it.",
        "LCD L33394 covers it.",
        "The Medicare Benefit Policy Manual, chapter 15, covers it.",
        "Pub. 100-02 covers it.",
        "CMS-0062-P covers it.",
        "ERISA section 503 covers it.",
    ],
)
def test_law_from_anywhere_else_is_refused(text: str) -> None:
    law = authority_evidence("jw-jz-missing", "medicaid", DAY, DAY)
    assert law == ()
    assert says(text, law)


def test_another_paragraph_of_a_cited_rule_is_refused() -> None:
    law = authority_evidence("auth-valid-payer-error", "medicare_advantage", DAY, DAY)
    assert list(stray_law("It rests on 42 CFR 422.138(c).", law)) == []
    assert list(stray_law("It rests on 42 CFR 422.138(a).", law)) == ["42 CFR 422.138(a)"]
    assert list(stray_law("It rests on 42 CFR 422.13.", law)) == ["42 CFR 422.13"]


def test_law_that_the_cited_policy_itself_names_may_be_repeated() -> None:
    policy = Evidence(
        id="E1", kind="policy", source="P-1 section Scope", says="P-1 asks", quote="Covered as in NCD 110.21."
    )
    assert says('The policy reads: "Covered as in NCD 110.21." [E1]', (policy,), "E1") == []
    assert says('The policy reads: "Covered as in NCD 110.21." [E1] NCD 310.1 too.', (policy,), "E1") == ["NCD 310.1"]


def test_what_nobody_read_is_to_be_confirmed_before_it_goes() -> None:
    law = authority_evidence("off-label-compendia-supported", "medicare_ffs", DAY, DAY)
    told = unconfirmed(law)
    assert any("1861(t)(2)" in one for one in told)
    assert not any("Benefit Policy Manual" in one for one in told)


def test_a_broken_table_says_what_to_do(tmp_path: Path) -> None:
    table = tmp_path / "authorities.yaml"
    table.write_text("authorities:\n  - {id: x, kind: statute, citation: A, title: t, says: A, applies_to: []}\n")
    with pytest.raises(AuthorityTableError, match="correct the entry"):
        load_authorities(table)
