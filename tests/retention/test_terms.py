"""Terms: what has ended is listed; what is open, held or unclear is kept and said; erased only when told to."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from erased_home import MEMBER, PRACTICE, READY, opened, tells
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from agent.retention import BadPolicy, place_hold, policy_of, standing_on
from agent.retention.due import term_end
from api.cli import app
from api.commands import erase as erase_command
from api.commands import retention as retention_command
from knowledge.types.practice import Payer

LATER = date(2040, 1, 1)


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(each) for each in arguments], env={"COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.output


def settled(home: Path) -> None:
    """Close every denial of the home."""
    with opened(home) as office, office.records.transaction() as tx:
        for stored in tuple(tx.denials.all(PRACTICE)):
            tx.denials.set_status(PRACTICE, stored.denial_id, "closed")


def test_a_term_runs_from_the_last_thing_that_happened(home: Path) -> None:
    settled(home)
    with opened(home) as office:
        on = lambda day: standing_on(office.records, home, PRACTICE, day)  # noqa: E731
        assert on(date(2036, 4, 30)).ended == ()
        ended = {one.asked.member: one for one in on(LATER).ended}
    assert MEMBER in ended
    assert READY in ended[MEMBER].denials
    assert ended[MEMBER].ended_on == term_end(ended[MEMBER].latest, 10)
    assert ended[MEMBER].latest >= date(2026, 5, 1)  # worked, and come in, on that day


def test_what_is_not_settled_or_is_held_is_kept_and_said(home: Path) -> None:
    with opened(home) as office:
        kept = {one.member: one.why for one in standing_on(office.records, home, PRACTICE, LATER).kept}
    assert f"not settled: {READY}" in kept[MEMBER]
    settled(home)
    with opened(home) as office:
        hold = place_hold(
            office.records, PRACTICE, "member", MEMBER, why="w", by="ada", now=datetime(2026, 5, 1, tzinfo=UTC)
        )
        standing = standing_on(office.records, home, PRACTICE, LATER)
    assert hold.hold_id in {one.member: one.why for one in standing.kept}[MEMBER]
    assert MEMBER not in {one.asked.member for one in standing.ended}


def test_the_command_lists_and_carries_out_only_when_told_to(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(home)
    assert "Nothing was changed" in run("retention", "--home", home, "--as-of", "2040-01-01")
    assert "has not come yet" in run("retention", "--home", home, "--as-of", "2940-01-01", "--carry-out", code=2)
    for module in (erase_command, retention_command):
        monkeypatch.setattr(module, "now", lambda: datetime(2040, 1, 1, tzinfo=UTC))
    assert tells(home)
    said = run("retention", "--home", home, "--carry-out")
    assert "backups made before" in said
    assert said.count("erased (") >= 3
    assert tells(home) == []
    assert "0 patients ended" in run("retention", "--home", home)


def test_holds_are_placed_listed_and_lifted_with_reasons(home: Path) -> None:
    placed = run("retention", "hold", "--member", MEMBER, "--why", "Doe v. Plan", "--home", home)
    hold_id = placed.split(":")[0]
    assert "Doe v. Plan" in run("retention", "holds", "--home", home)
    assert hold_id in run("erase", "--member", MEMBER, "--home", home, code=2)
    run("retention", "lift", hold_id, "--why", "settled", "--home", home)
    assert "No holds" in run("retention", "holds", "--home", home)
    assert "settled" in run("retention", "holds", "--lifted", "--home", home)
    assert "there is no hold" in run("retention", "lift", hold_id, "--why", "again", "--home", home, code=2)
    assert "nothing of member" in run("retention", "hold", "--member", "NOBODY1", "--why", "w", "--home", home, code=2)


def test_erase_shows_first_and_erases_when_told_to(home: Path) -> None:
    assert "Nothing was changed" in run("erase", READY, "--home", home)
    assert tells(home)
    with opened(home):
        assert "in use" in run("erase", READY, "--home", home, "--carry-out", code=2)
    assert "erased (" in run("erase", READY, "--home", home, "--carry-out")
    assert tells(home) == []
    assert "every one as it was written" in run("audit", "verify", "--home", home)
    assert "No erasure was cut off" in run("erase", "--finish", "--home", home)
    assert "either by a DENIAL or by --member" in run("erase", "--home", home, code=2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("default: {years: 5, why: short}", "45 CFR 164.316"),
        ("default: {years: 0, why: none}", "default.years"),
        ("default: {years: 7}", "default.why"),
        ("practices: {p: {years: 9, why: state}}", "42 CFR 422.504"),
        ("practices: [", "line 1 is no YAML"),
        ("keep: 10", "keep: Extra inputs"),
        ("- 1", "the whole file"),
    ],
)
def test_a_policy_that_cannot_hold_is_refused_with_what_to_write(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "retention.yaml").write_text(text)
    payers = (Payer(id="M", name="M", line_of_business="medicare_advantage"),)
    with pytest.raises(BadPolicy, match=says.replace(".", r"\.")):
        policy_of(tmp_path, "p", payers)


def test_a_practices_own_term_comes_before_the_homes_and_that_before_ours(tmp_path: Path) -> None:
    assert policy_of(tmp_path, "p", ()).years == 10
    (tmp_path / "retention.yaml").write_text("default: {years: 7, why: ours}\npractices: {p: {years: 25, why: state}}")
    assert (policy_of(tmp_path, "p", ()).years, policy_of(tmp_path, "q", ()).years) == (25, 7)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 100))
def test_a_term_of_years_ends_on_its_day_or_the_day_after_february(day: date, years: int) -> None:
    end = term_end(day, years)
    assert end.year == day.year + years
    assert (end.month, end.day) in ((day.month, day.day), (3, 1))
    assert end > day
