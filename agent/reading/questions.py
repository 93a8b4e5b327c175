"""The questions a model may be asked, as data; refused at start when one names a fact no check establishes."""

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

import agent.diagnosis.checks  # noqa: F401 - fills the registry of checks
from agent.diagnosis.inquiry import CHECKS
from knowledge.types.practice import Frozen


class Question(Frozen):
    """A fact that stands in words: how to ask for it, where its quote comes from, which slot the quote fills."""

    fact: str
    ask: str
    where: Literal["chart", "policy"]
    quote_as: str


@cache
def load_questions() -> dict[str, Question]:
    """Load the questions by the fact they settle.

    Raises:
        ValueError: a question names a fact that no check establishes, or one is there twice.
    """
    text = files(__package__).joinpath("questions.yaml").read_text(encoding="utf-8")
    found: dict[str, Question] = {}
    for entry in yaml.safe_load(text):
        question = Question.model_validate(entry)
        if question.fact not in CHECKS:
            raise ValueError(f"questions.yaml asks for {question.fact}, which no check establishes")
        if question.fact in found:
            raise ValueError(f"questions.yaml asks for {question.fact} twice")
        found[question.fact] = question
    return found
