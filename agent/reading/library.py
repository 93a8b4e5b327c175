"""What a model may read of a case: the documents of its own chart and the policy in force, each under a short name.

Nothing else can be opened by name: another patient's chart is not in the library of this case.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal

from agent.diagnosis.inquiry import Inquiry

Kind = Literal["chart", "policy"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text: `id` as the model names it ("D3", "P1"), `source` as evidence names it, `title` what it is.

    `section` is the heading of a policy's section; `day` when a chart's document was made, None when it is not known.
    """

    id: str
    kind: Kind
    source: str
    title: str
    day: date | None
    text: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """The texts of one case, in the order they are named."""

    texts: tuple[Text, ...]
    key: str

    def get(self, name: str) -> Text | None:
        """Return the text of this name; None when the case has none."""
        return next((text for text in self.texts if text.id == name.strip().upper()), None)

    def marked(self, text: Text, start: int = 0, stop: int | None = None) -> str:
        """Return a text as content that cannot pass for anything else: its marks carry a key it does not know."""
        day = f' date="{text.day.isoformat()}"' if text.day else ""
        head = f'<text id="{text.id}" kind="{text.kind}" title="{_plain(text.title)}"{day} key="{self.key}">'
        return f'{head}\n{text.text[start:stop]}\n</text key="{self.key}">'


def open_library(q: Inquiry) -> Library:
    """Name the chart's documents (reports and findings with words, too) and the policy's sections."""
    texts: list[Text] = []
    chart, policy = q.case.chart, q.case.policy
    if chart is not None:
        for document in sorted(chart.documents, key=lambda d: (str(d.day or ""), d.resource)):
            if document.text.strip():
                title = document.kind or document.title or "Document"
                texts.append(Text(f"D{len(texts) + 1}", "chart", document.resource, title, document.day, document.text))
        for report in (*chart.reports, *chart.procedures):
            if report.conclusion.strip():
                title = report.kind or "Report"
                texts.append(Text(f"D{len(texts) + 1}", "chart", report.resource, title, report.day, report.conclusion))
    for number, section in enumerate(policy.sections if policy else (), 1):
        if policy is not None and section.text.strip():
            source = f"{policy.policy_id} section {section.heading}"
            title = f"{policy.policy_id} {policy.title}: {section.heading}"
            texts.append(Text(f"P{number}", "policy", source, title, None, section.text, section.heading))
    return Library(tuple(texts), _key(q.case.denial.denial_id, texts))


def _key(denial_id: str, texts: list[Text]) -> str:
    """Make the key of a case's marks: always the same for the same case, and in none of its texts."""
    number = 0
    while True:
        key = hashlib.sha256(f"{denial_id}|{number}".encode()).hexdigest()[:10]
        if not any(key in text.text for text in texts):
            return key
        number += 1


def _plain(title: str) -> str:
    return "".join(letter for letter in title if letter.isalnum() or letter in " .,:;()-/'")[:120]
