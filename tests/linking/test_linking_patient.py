"""Chart, coverage, policy, acknowledgement and sibling lines."""

from datetime import date

from linking_builders import ack, chart, codes, joined, policy, sent, span


def test_the_member_id_joins_the_chart_whatever_its_spelling() -> None:
    links, case = joined(claims=[sent()], charts=[chart("charts/m.json", "h-123")])
    assert links.chart is not None
    assert (links.chart.value, links.chart.rule) == ("charts/m.json", "member id")
    assert case.chart is not None


def test_two_people_of_one_name_are_two_people() -> None:
    one = chart("charts/one.json", "H999", birth=date(1960, 5, 4))
    two = chart("charts/two.json", "H123", birth=date(1979, 1, 1))
    links, _ = joined(claims=[sent(birth=date(1979, 1, 1))], charts=[one, two])
    assert links.chart is not None
    assert links.chart.value == "charts/two.json"


def test_a_name_alone_never_joins_a_chart() -> None:
    links, _ = joined(claims=[sent(birth=None)], charts=[chart()])
    assert (links.chart, codes(links)) == (None, [])
    assert joined(charts=[chart()])[0].chart is None


def test_name_and_birth_date_together_join_the_chart() -> None:
    links, _ = joined(claims=[sent(last="MOSS", first="ida")], charts=[chart()])
    assert links.chart is not None
    assert links.chart.rule == "family name, given name and birth date"


def test_two_charts_of_one_member_id_are_not_chosen_between() -> None:
    links, _ = joined(charts=[chart("charts/a.json", "H123"), chart("charts/b.json", "H123")])
    assert (links.chart, codes(links)) == (None, ["chart-ambiguous"])


def test_a_dependent_is_told_from_the_subscriber_of_the_same_id() -> None:
    subscriber = chart("charts/a.json", "H123", first="Rolf", birth=date(1955, 1, 1))
    dependent = chart("charts/b.json", "H123")
    links, _ = joined(claims=[sent()], charts=[subscriber, dependent])
    assert links.chart is not None
    assert links.chart.value == "charts/b.json"
    alone, _ = joined(claims=[sent()], charts=[subscriber])
    assert (alone.chart, codes(alone)) == (None, ["chart-of-another"])


def test_coverage_is_found_by_member_id_and_by_person_with_any_payer() -> None:
    own, other = span(), span("SUMA", "S9", "Moss", "Ida", date(1960, 5, 4))
    stranger = span("SUMA", "S8", "Moss", "Ida", date(1979, 1, 1))
    _, case = joined(claims=[sent()], coverage=[stranger, other, own])
    assert case.coverage == (own, other)


def test_coverage_of_another_person_under_the_same_id_is_left_out() -> None:
    _, case = joined(claims=[sent()], coverage=[span(birth=date(1955, 1, 1))])
    assert case.coverage == ()


def test_the_policy_in_force_on_the_date_of_service_is_linked() -> None:
    old = policy("P-2025", date(2025, 1, 1), date(2025, 12, 31))
    links, case = joined(policies=[old, policy()])
    assert links.policy_id is not None
    assert links.policy_id.value == "P-2026"
    assert case.policy is not None


def test_no_policy_in_force_is_none_and_two_are_ambiguous() -> None:
    assert joined(policies=[policy(start=date(2026, 6, 1))])[0].policy_id is None
    links, _ = joined(policies=[policy(), policy("P-OTHER")])
    assert (links.policy_id, codes(links)) == (None, ["policy-ambiguous"])


def test_acknowledgements_are_those_of_the_claim_by_date() -> None:
    late, early = ack(on=date(2026, 3, 25)), ack()
    _, case = joined(acknowledgements=[late, ack("C2"), early])
    assert case.acknowledgements == (early, late)


def test_the_members_other_claims_with_the_payer_stand_in_the_case() -> None:
    own, earlier, elsewhere = sent(), sent(claim_id="C0", on=date(2026, 2, 1)), sent(claim_id="C9", payer="SUMA")
    _, case = joined(claims=[own, elsewhere, earlier])
    assert case.member_claims == (earlier, own)
