"""Put several cases' evidence and exhibits into one packet: each statement and each document once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.types.evidence import Evidence
from knowledge.types.letters import Exhibit, ExhibitPassage, Paragraph, Table
from tools.packet.citations import MARKER


@dataclass
class Merged:
    """Evidence and exhibits of all members so far, under ids and keys of their own."""

    evidence: list[Evidence] = field(default_factory=list)
    exhibits: list[Exhibit] = field(default_factory=list)
    _known: dict[tuple[object, ...], str] = field(default_factory=dict)
    _shown: dict[str, int] = field(default_factory=dict)

    def take(self, evidence: Sequence[Evidence], exhibits: Sequence[Exhibit]) -> dict[str, str]:
        """Add one member's evidence with the exhibits that show it; give the new id of each of its ids."""
        names: dict[str, str] = {}
        added: dict[str, int] = {}
        for item in evidence:
            key = (item.kind, item.source, item.quote, item.says, tuple(sorted(item.values.items())))
            if key not in self._known:
                self._known[key] = f"E{len(self._known) + 1}"
                added[item.id] = len(self.evidence)
                self.evidence.append(item.model_copy(update={"id": self._known[key], "exhibit": ""}))
            names[item.id] = self._known[key]
        keys = {exhibit.key: self._show(exhibit, names) for exhibit in exhibits}
        for item in evidence:
            if item.id in added and item.exhibit in keys:
                place = added[item.id]
                self.evidence[place] = self.evidence[place].model_copy(update={"exhibit": keys[item.exhibit]})
        return names

    def _show(self, exhibit: Exhibit, names: Mapping[str, str]) -> str:
        """Add an exhibit, or what it shows to the same document that stands there already; give its key."""
        passages = tuple(
            ExhibitPassage(quote=passage.quote, evidence=names.get(passage.evidence, passage.evidence))
            for passage in exhibit.passages
        )
        shown = tuple(names.get(id_, id_) for id_ in exhibit.evidence)
        content = repr(exhibit.model_copy(update={"key": "", "proves": "", "passages": (), "evidence": ()}))
        place = self._shown.get(content)
        if place is None:
            self._shown[content] = len(self.exhibits)
            key = f"{len(self.exhibits) + 1}:{exhibit.key}"
            self.exhibits.append(
                exhibit.model_copy(update={"key": key, "passages": passages, "evidence": tuple(dict.fromkeys(shown))})
            )
            return key
        held = self.exhibits[place]
        both = {
            "passages": tuple(dict.fromkeys((*held.passages, *passages))),
            "evidence": tuple(dict.fromkeys((*held.evidence, *shown))),
        }
        self.exhibits[place] = held.model_copy(update=both)
        return held.key


def renamed_text(text: str, names: Mapping[str, str]) -> str:
    """Return a text with the ids of its citations renamed; an id that is not known stays and is found unsupported."""

    def mark(match: re.Match[str]) -> str:
        lead = match.group(0)[: match.group(0).index("[")]
        ids = [part.strip() for part in re.split(r"[,;]", match.group(1))]
        return f"{lead}[{', '.join(names.get(id_, id_) for id_ in ids)}]"

    return MARKER.sub(mark, text)


def renamed_paragraph(paragraph: Paragraph, names: Mapping[str, str]) -> Paragraph:
    """Return a paragraph that cites by the new ids."""
    ids = tuple(names.get(id_, id_) for id_ in paragraph.evidence)
    return paragraph.model_copy(update={"text": renamed_text(paragraph.text, names), "evidence": ids})


def renamed_table(table: Table, names: Mapping[str, str]) -> Table:
    """Return a table that cites by the new ids."""
    return table.model_copy(update={"evidence": tuple(names.get(id_, id_) for id_ in table.evidence)})
