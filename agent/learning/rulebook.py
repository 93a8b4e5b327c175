"""A practice's learned rules as they stand: what is proposed, what is in force, by which steps and examples."""

from collections.abc import Sequence

from knowledge.records import Repository
from knowledge.types.learned import RuleContent, RuleEntry, RuleExample, RuleState, RuleUse
from knowledge.types.practice import Frozen

PROBATION = 5
"""So many cases that a version of a rule moved must have been approved by a person, with no correction since, before
a case it moves may go straight through; and then only where the house's own answer had gone so, too."""


class LearnedRule(Frozen):
    """One rule: `in_force` is the step that put its version in force, `pending` the one that waits for a yes."""

    rule_id: str
    entries: tuple[RuleEntry, ...]
    examples: tuple[RuleExample, ...] = ()
    uses: tuple[RuleUse, ...] = ()

    @property
    def in_force(self) -> RuleEntry | None:
        """Return the acceptance that holds; None where there is none, or it was withdrawn."""
        found: RuleEntry | None = None
        for entry in self.entries:
            if entry.action == "accepted":
                found = entry
            elif entry.action == "withdrawn":
                found = None
        return found

    @property
    def pending(self) -> RuleEntry | None:
        """Return what is proposed and not answered yet."""
        last = self.entries[-1]
        return last if last.action in ("proposed", "changed") else None

    @property
    def state(self) -> RuleState:
        """Return how the rule stands; in force goes before a change that is proposed beside it."""
        if self.in_force is not None:
            return "in_force"
        return "proposed" if self.pending is not None else "withdrawn"

    @property
    def content(self) -> RuleContent:
        """Return what the rule says: what is in force, else what was said last."""
        return (self.in_force or self.entries[-1]).content

    @property
    def version(self) -> int:
        """Return the version of `content`."""
        return (self.in_force or self.entries[-1]).version

    @property
    def kept(self) -> int:
        """Count the cases this version moved that a person approved since one was last corrected again."""
        count = 0
        for use in self.uses:
            if use.version == self.version:
                count = count + 1 if use.standing == "kept" else 0
        return count

    @property
    def contradicted(self) -> int:
        """Count the cases this version moved that a person corrected again."""
        return sum(use.version == self.version and use.standing == "contradicted" for use in self.uses)

    @property
    def on_probation(self) -> bool:
        """Tell whether every case it moves still goes to a person."""
        return self.kept < PROBATION


def rules_of(repository: Repository, practice_id: str) -> tuple[LearnedRule, ...]:
    """Return every rule of a practice, by id."""
    examples, uses = repository.learned.examples(practice_id), repository.learned.uses(practice_id)
    return as_rules(repository.learned.entries(practice_id), examples, uses)


def as_rules(
    entries: Sequence[RuleEntry], examples: Sequence[RuleExample] = (), uses: Sequence[RuleUse] = ()
) -> tuple[LearnedRule, ...]:
    """Put rules together from their steps."""
    return tuple(
        LearnedRule(
            rule_id=name,
            entries=tuple(entry for entry in entries if entry.rule_id == name),
            examples=tuple(one for one in examples if one.rule_id == name),
            uses=tuple(one for one in uses if one.rule_id == name),
        )
        for name in sorted({entry.rule_id for entry in entries})
    )
