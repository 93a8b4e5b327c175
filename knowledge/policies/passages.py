"""Passages: pieces of a policy short enough to be read at a glance and to be found by what they say."""

import re
from collections.abc import Iterator

from knowledge.types.practice import Frozen, Policy, PolicySection

MOST_CHARACTERS = 700
"""A piece ends before it would be longer, at a paragraph or list item; a single longer paragraph is kept whole."""

_ITEM = re.compile(r"\s*(?:[-*+•]|\(?(?:\d{1,2}|[A-Za-z])[.)])\s+\S")


class Passage(Frozen):
    """A piece of a policy section. `text` stands verbatim in the section's text.

    `line` is the section's line in the file, `number` the place among the policy's passages, counted from 0. `score`
    is that of a search, higher is better; 0 where nothing was searched.
    """

    policy_id: str
    payer_id: str
    title: str
    heading: str
    text: str
    line: int
    number: int
    score: float = 0.0

    @property
    def searched(self) -> str:
        """The words a search looks at: the heading and the text. The title is the same for all of a policy."""
        return f"{self.heading}. {self.text}"


def cut_passages(policy: Policy) -> tuple[Passage, ...]:
    """Cut a policy into passages, in the order of the document; sections without text give none."""
    pieces = [(section, text) for section in policy.sections for text in _pieces(section)]
    return tuple(
        Passage(
            policy_id=policy.policy_id,
            payer_id=policy.payer_id,
            title=policy.title,
            heading=section.heading,
            text=text,
            line=section.line,
            number=number,
        )
        for number, (section, text) in enumerate(pieces)
    )


def _pieces(section: PolicySection) -> Iterator[str]:
    """Cut a section at paragraphs and list items; a list's first items stay with the words that lead into it."""
    lines: list[str] = []
    length = 0
    for block in _blocks(section.text):
        if lines and length + len(block) > MOST_CHARACTERS and not lines[-1].rstrip().endswith(":"):
            yield _joined(lines)
            lines, length = [], 0
        lines.append(block)
        length += len(block)
    if lines:
        yield _joined(lines)


def _joined(blocks: list[str]) -> str:
    return "".join(blocks).strip()


def _blocks(text: str) -> Iterator[str]:
    """Cut text into paragraphs and list items, each with the line ends that follow it."""
    block = ""
    blank = False
    for line in text.splitlines(keepends=True):
        if block.strip() and (_ITEM.match(line) or (blank and line.strip())):
            yield block
            block = ""
        block += line
        blank = not line.strip()
    if block.strip():
        yield block
