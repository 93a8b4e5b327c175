"""The questions with their answers, and the policies they are asked of."""

from pathlib import Path

import yaml

from knowledge.folder.policy_file import read_policy
from knowledge.policies.passages import Passage, cut_passages
from knowledge.policies.words import tokens
from knowledge.types.practice import Frozen, Policy

HERE = Path(__file__).parent


class Question(Frozen):
    """A question, the policy it is asked of, and a phrase that stands only in the passage that answers it."""

    policy: str
    asks: str
    quote: str


class QuestionError(Exception):
    """A question that cannot be measured: which, and what is wrong with it."""


class Asked(Frozen):
    """A question with its policy, and its answer among the policy's passages."""

    question: Question
    policy: Policy
    passages: tuple[Passage, ...]
    answer: int

    @property
    def shared(self) -> tuple[str, ...]:
        """Stems that the question has in common with the passage that answers it."""
        passage = self.passages[self.answer]
        return tuple(sorted(set(tokens(self.question.asks)) & set(tokens(f"{passage.heading} {passage.text}"))))


def read_policies(folder: Path) -> tuple[Policy, ...]:
    """Read every policy document of a folder.

    Raises:
        QuestionError: when one is not complete.
    """
    found = []
    for path in sorted(folder.glob("*.md")):
        policy, findings = read_policy(path.read_text(encoding="utf-8"), path.name)
        if policy is None or findings:
            raise QuestionError(f"{path.name}: {'; '.join(finding.says for finding in findings)}")
        found.append(policy)
    return tuple(found)


def read_questions(path: Path, policies: tuple[Policy, ...]) -> tuple[Asked, ...]:
    """Read questions and find the one passage that answers each.

    Raises:
        QuestionError: when a policy is not there, or the phrase stands in no passage or in several.
    """
    by_id = {policy.policy_id: policy for policy in policies}
    found = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        question = Question.model_validate(entry)
        policy = by_id.get(question.policy)
        if policy is None:
            raise QuestionError(f"{question.asks!r}: no policy {question.policy} in the folder")
        passages = cut_passages(policy)
        holding = [at for at, passage in enumerate(passages) if question.quote in f"{passage.heading}\n{passage.text}"]
        if len(holding) != 1:
            raise QuestionError(f"{question.asks!r}: {question.quote!r} stands in {len(holding)} passages, not in one")
        found.append(Asked(question=question, policy=policy, passages=passages, answer=holding[0]))
    return tuple(found)


def tuning() -> tuple[Asked, ...]:
    """Read the questions that the search may be tuned on."""
    return read_questions(HERE / "tuning" / "questions.yaml", read_policies(HERE / "tuning"))


def test() -> tuple[Asked, ...]:
    """Read the sixty questions of the test."""
    return read_questions(HERE / "questions.yaml", read_policies(HERE / "policies"))
