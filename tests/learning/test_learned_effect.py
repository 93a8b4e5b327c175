"""The measure of rules: what they put right and what they spoil, by rule; rules files."""

import json
from pathlib import Path

import pytest

from evals.learned.effect import Changed, read_rules, worse


def changed(rule: str, before: bool, after: bool) -> Changed:
    return Changed(
        practice="p",
        denial_id="d",
        claim_id="c",
        rules=(rule,),
        before="x",
        after="y",
        right_before=before,
        right_after=after,
        lowered=False,
    )


def test_a_rule_that_spoils_right_answers_is_counted_apart_from_what_it_puts_right() -> None:
    cases = [changed("R-1", False, True), changed("R-2", True, False), changed("R-2", False, False)]
    assert worse(cases) == {"R-1": (1, 0), "R-2": (0, 1)}


def test_withdrawn_rules_of_a_file_are_left_out(tmp_path: Path) -> None:
    row = {"rule_id": "R-1", "match": {"payer_id": "P"}, "change": {"remedy": "appeal"}, "state": "in_force"}
    file = tmp_path / "rules.json"
    file.write_text(json.dumps([row, {**row, "rule_id": "R-2", "state": "withdrawn"}]))
    assert [rule for rule, _ in read_rules(file).rules] == ["R-1"]


def test_a_file_that_is_no_rules_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text('[{"rule_id": "R-1", "match": {}, "change": {"remedy": "prayer"}}]')
    with pytest.raises(ValueError, match="remedy"):
        read_rules(file)
