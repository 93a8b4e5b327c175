"""What a reader is given and what it gives back: one sentence with the names in it, findings and misses."""

from datetime import date
from typing import NamedTuple

from knowledge.types.chart import Polarity, Topic
from tools.chart.facts.lexicon import Mention


class Line(NamedTuple):
    """One sentence. Mentions are placed within `text`; `day` is the day of its document."""

    text: str
    mentions: tuple[Mention, ...]
    day: date | None
    of_family: bool = False


class Found(NamedTuple):
    """A fact the sentence states. `day` only where it is another than the document's."""

    topic: Topic
    name: str
    values: dict[str, str]
    polarity: Polarity = "unstated"
    day: date | None = None


class Missed(NamedTuple):
    """A topic the sentence names without a fact that is sure, and why."""

    topic: Topic
    name: str
    why: str


Reading = Found | Missed
