"""A small home to teach in: one remit of the sample practice, worked; two of its denials are alike."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.learning.deciding import accept, withdraw
from agent.learning.proposing import propose
from agent.learning.rulebook import LearnedRule, rules_of
from agent.office import Office
from agent.work import Draft
from knowledge.types.learned import RuleChange, RuleUse
from knowledge.types.record import DenialRecord

CEDAR = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / "folder"
PARTS = (
    *("practice.yaml", "payers.yaml", "auths/cascade.csv", "charts/ced10018-okafor.json"),
    *("charts/ced10029-oconnell.json", "policies/chp-onc-014.md", "remits/CHP_ERA_0403.txt"),
    *("claims/casc1_20260312.837", "claims/casc1_20260319.837"),
)
DOSE, WASTE = "den_e5fd8dbe708661eda5d2", "den_1345b4d2f19b0afb7a91"
"""Two lines of one drug and claim, denied alike: the authorization had expired; a person decides both."""
UNITS = "den_9521f2aa9451e870bc0e"
"""A line that needs nobody: the authorization is to be amended."""
LATER = datetime(2026, 5, 1, 12, tzinfo=UTC)


def clock() -> datetime:
    return LATER


class Home:
    """One office, its one practice, and people who correct and decide."""

    def __init__(self, office: Office) -> None:
        self.office = office
        ((self.practice_id, _),) = office.practices()

    def record(self, denial_id: str) -> DenialRecord:
        found = self.office.record(self.practice_id, denial_id)
        assert found is not None
        return found

    def answer(self, denial_id: str) -> tuple[str, str, str | None]:
        found = self.record(denial_id)
        return found.root_cause, found.remedy, found.then

    def reasons(self, denial_id: str) -> dict[str, str]:
        return {reason.code: reason.says for reason in self.record(denial_id).review_reasons}

    def draft(self, denial_id: str) -> Draft:
        with self.office.records.reading() as repository:
            found = repository.casework.work(self.practice_id, denial_id, "draft", Draft)
        assert found is not None
        return found

    def edit(self, denial_id: str, key: str = "k1", **changes: Any) -> DenialRecord:
        given = {"key": key, "decision": "edit", "reason": "this payer wants it so", "by": "Ana Ruiz"}
        return self.office.review(self.practice_id, denial_id, changes=changes, **given)  # type: ignore[arg-type]

    def rules(self) -> tuple[LearnedRule, ...]:
        with self.office.records.reading() as repository:
            return rules_of(repository, self.practice_id)

    def rule(self) -> LearnedRule:
        (rule,) = self.rules()
        return rule

    def accept(self, rule_id: str | None = None, role: Any = "manager", **more: Any) -> LearnedRule:
        with self.at_desk() as desk:
            named = rule_id or self.rule().rule_id
            return accept(desk, named, by="Max Ode", role=role, why="by phone", at=LATER, **more)

    def withdraw(self, rule_id: str | None = None, role: Any = "manager") -> LearnedRule:
        with self.at_desk() as desk:
            return withdraw(desk, rule_id or self.rule().rule_id, by="Max Ode", role=role, why="no more", at=LATER)

    def propose(self, denial_id: str, **change: Any) -> LearnedRule:
        with self.at_desk() as desk:
            wanted = RuleChange.model_validate(change)
            return propose(desk, denial_id, wanted, by="Ana Ruiz", why="their letter of March", at=LATER)

    def in_force(self, denial_id: str, **change: Any) -> LearnedRule:
        """Propose, accept and work: the short way to a rule that applies."""
        roles = ("coder",) if "modifier" in change else ("manager",)
        rule = self.accept(self.propose(denial_id, **change).rule_id, role=roles[0])
        self.work()
        return rule

    def used(self, rule: LearnedRule, denial_id: str, count: int) -> None:
        """Note that people approved `count` cases the rule moved."""
        with self.office.records.transaction() as repository:
            names = sorted(self.denials())[:count]
            assert len(names) == count, "the home holds too few denials"
            for name in names:
                use = RuleUse(rule_id=rule.rule_id, version=rule.version, denial_id=name, standing="kept", at=LATER)
                repository.learned.put_use(self.practice_id, use)
        assert denial_id in self.denials()

    def denials(self) -> set[str]:
        return {record.denial_id for record in self.office.records_of(self.practice_id)}

    def work(self) -> None:
        self.office.work(self.practice_id)

    def worked(self, denial_id: str) -> int:
        return sum(event.kind == "worked" for event in self.office.timeline(self.practice_id, denial_id))

    def at_desk(self) -> Any:
        return self.office.at_desk(self.practice_id)


__all__ = ["CEDAR", "DOSE", "LATER", "PARTS", "UNITS", "WASTE", "Home", "clock"]
