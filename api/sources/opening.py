"""Open what a statement names as its source: the file as it came, at the passage, never more than is needed."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from api.sources.charts import chart_resource, document_lines, document_text, resource_lines
from api.sources.rows import csv_row, yaml_lines
from api.sources.segments import segment_lines
from api.sources.shown import Line, Shown, has_mark, marked
from knowledge.folder import FileKind, read_policy
from knowledge.records import Repository
from knowledge.types.chart import Document
from knowledge.types.evidence import Evidence, Fact
from knowledge.types.letters import Table
from knowledge.types.record import RecordDeadline, RecordEvidence
from tools.x12.transactions import open_file, segments

AnyEvidence = Evidence | RecordEvidence

_SEGMENT = re.compile(
    r"^(?P<file>\S+?)(?: claim (?P<claim>\S+?))?(?: line (?P<line>\S+?))?,?(?: product)? ?\(?segment (?P<at>\d+)\)?$"
)
_CLAIM = re.compile(r"^(?P<file>\S+) claim (?P<claim>\S+?)(?: line (?P<line>[^ ,]+))?(?:, .*)?$")
_ROW = re.compile(r"^(?P<file>\S+\.csv):(?P<at>\d+)$", re.IGNORECASE)
_SETTING = re.compile(r"^(?P<file>\S*payers\.yaml)(?::\d+)?(?: (?P<payer>\S+))?(?: (?P<key>[^:]+?))?(?::.*)?$")
_SECTION = re.compile(r"^(?P<file>.+?) section (?P<heading>.*)$")
_RESOURCE = re.compile(r"^(?P<file>.+?\.json) (?P<resource>[A-Za-z]+/\S+)$")
_GONE = "The file is not in the records any more, or under another name: take the folder in again."
_MOVED = "The words are not where they stood: the file has changed since this denial was worked."
_TITLES = {
    "remit": "Remittance", "claim": "Claim as submitted", "authorization": "Authorization", "chart": "Chart",
    "policy": "Payer policy", "code_table": "Code table", "coverage": "Coverage", "acknowledgement": "Acknowledgement",
    "contract": "Contract and payer settings", "calculation": "Calculation", "authority": "Law",
}  # fmt: skip


@dataclass(frozen=True)
class Shelf:
    """Where sources are looked for: the practice's files; facts and tables of the denial, for calculations."""

    repository: Repository
    practice_id: str
    facts: Sequence[Fact] = ()
    tables: Sequence[Table] = field(default=())

    def file(self, kinds: Sequence[FileKind], name: str) -> bytes | None:
        """Give the bytes of the newest file of this name that counts."""
        for kind in kinds:
            held = self.repository.files.of_name(self.practice_id, kind, name)
            for one in reversed([one for one in held if one.state in ("accepted", "duplicate")] or list(held)):
                content = self.repository.files.content(self.practice_id, one.id)
                if content is not None:
                    return content
        return None


def open_source(shelf: Shelf, item: AnyEvidence) -> Shown:
    """Open a statement's source at its passage; what cannot be found is said, with the statement itself."""
    shown = Shown(title=_TITLES.get(item.kind, "Source"), where=item.source, says=item.says)
    for pattern, opens in _WAYS:
        found = pattern.match(item.source)
        if found is not None and item.kind in _KINDS[opens]:
            return opens(shelf, item, found, shown)
    if item.kind == "calculation":
        return _calculation(shelf, item, shown)
    return shown.model_copy(update={"text": marked(item.quote, [item.quote]) if item.quote else ()})


def open_rule(shelf: Shelf, deadline: RecordDeadline) -> Shown:
    """Open the payer setting that a deadline rests on."""
    what = deadline.action.replace("_", " ")
    shown = Shown(title="Deadline", where=deadline.rule.partition(":")[0], says=f"{what} by {deadline.date}")
    found = _SETTING.match(deadline.rule)
    if found is None:
        return shown.model_copy(update={"text": marked(deadline.rule, ())})
    return _setting(shelf, None, found, shown.model_copy(update={"says": f"{shown.says}: {deadline.rule}"}))


def document_of(shelf: Shelf, item: AnyEvidence) -> bytes | None:
    """Give the PDF that a statement of the chart stands in; None when it is none."""
    found = _RESOURCE.match(item.source) if item.kind == "chart" else None
    content = shelf.file(("chart",), found["file"]) if found else None
    resource = chart_resource(content, found["file"], found["resource"]) if found and content is not None else None
    is_pdf = isinstance(resource, Document) and resource.media_type == "application/pdf" and resource.content
    return resource.content if isinstance(resource, Document) and is_pdf else None


def _segment(shelf: Shelf, item: AnyEvidence | None, found: re.Match[str], shown: Shown) -> Shown:
    content = shelf.file(("remit", "claim", "acknowledgement"), found["file"])
    if content is None:
        return _gone(shown)
    quote = item.quote if item else None
    lines, there = segment_lines(content, found["file"], int(found["at"]), quote)
    note = "" if there or quote is None else _MOVED
    return shown.model_copy(update={"lines": lines, "code": True, "found": not note, "note": note})


def _whole_claim(shelf: Shelf, item: AnyEvidence | None, found: re.Match[str], shown: Shown) -> Shown:
    """A claim named without a segment: its CLM, and the quoted segment marked."""
    content = shelf.file(("claim",), found["file"])
    at = _line_of_claim(content, found["claim"]) if content is not None else 0
    if content is None or not at:
        return _gone(shown)
    lines, there = segment_lines(content, found["file"], at, item.quote if item else None)
    return shown.model_copy(update={"lines": lines, "code": True, "found": there, "note": "" if there else _MOVED})


def _line_of_claim(content: bytes, claim: str) -> int:
    held = (one for part in open_file(content, "").transactions for one in segments(part))
    return next((one.number for one in held if one.elements[0] == "CLM" and one.elements[1:2] == [claim]), 0)


def _row(shelf: Shelf, item: AnyEvidence | None, found: re.Match[str], shown: Shown) -> Shown:
    content = shelf.file(("authorization", "coverage", "contract"), found["file"])
    lines = csv_row(content, int(found["at"]), _values(item)) if content is not None else ()
    return shown.model_copy(update={"lines": lines}) if lines else _gone(shown)


def _setting(shelf: Shelf, item: AnyEvidence | None, found: re.Match[str], shown: Shown) -> Shown:
    content = shelf.file(("payers",), found["file"])
    if content is None:
        return _gone(shown)
    key = (found["key"] or "").split("[")[0].split(".")[0].strip()
    lines = yaml_lines(content, found["payer"] or "", (key,))
    return shown.model_copy(update={"lines": lines, "code": True})


def _section(shelf: Shelf, item: AnyEvidence | None, found: re.Match[str], shown: Shown) -> Shown:
    content = shelf.file(("policy",), found["file"])
    policy = read_policy(content.decode("utf-8", "replace"), found["file"])[0] if content is not None else None
    if policy is None:
        return _gone(shown)
    held = [one for one in policy.sections if one.heading == found["heading"]]
    quote = item.quote if item else None
    pieces = [marked(one.text, [quote] if quote else ()) for one in held]
    best = next((one for one in pieces if has_mark(one)), pieces[0] if pieces else ())
    there = not quote or has_mark(best)
    where = f"{policy.title}, section {found['heading']} ({found['file']})"
    return shown.model_copy(
        update={"text": best, "where": where, "found": bool(best) and there, "note": "" if best and there else _MOVED}
    )


def _resource(shelf: Shelf, item: AnyEvidence | None, found: re.Match[str], shown: Shown) -> Shown:
    content = shelf.file(("chart",), found["file"])
    resource = chart_resource(content, found["file"], found["resource"]) if content is not None else None
    if resource is None:
        return _gone(shown)
    if not isinstance(resource, Document):
        return shown.model_copy(update={"lines": resource_lines(resource, _values(item))})
    quote = item.quote if item else None
    text, there = document_text(resource, quote, _values(item))
    update = {
        "lines": document_lines(resource),
        "text": text,
        "pdf": resource.media_type == "application/pdf" and bool(resource.content),
        "found": there or not quote,
        "note": "" if there or not quote else _MOVED,
    }
    return shown.model_copy(update=update)


def _calculation(shelf: Shelf, item: AnyEvidence, shown: Shown) -> Shown:
    """A calculation: its steps, the table it makes, and the statements it was made from."""
    kin = [id_ for fact in shelf.facts if item.id in fact.evidence for id_ in fact.evidence if id_ != item.id]
    tables = [table for table in shelf.tables if item.id in table.evidence]
    steps = [step.strip() for step in item.says.split("; ") if step.strip()]
    lines = tuple(Line(label=str(at), pieces=marked(step, ())) for at, step in enumerate(steps, start=1))
    return shown.model_copy(
        update={"lines": lines, "table": tables[0] if tables else None, "kin": tuple(dict.fromkeys(kin))}
    )


def _values(item: AnyEvidence | None) -> tuple[str, ...]:
    if item is None:
        return ()
    quote = (item.quote,) if item.quote else ()
    own = item.values.values() if isinstance(item, Evidence) else ()
    return tuple(dict.fromkeys((*quote, *(value for value in own if len(value) > 1))))


def _gone(shown: Shown) -> Shown:
    return shown.model_copy(update={"found": False, "note": _GONE})


_Opens = Callable[[Shelf, AnyEvidence | None, re.Match[str], Shown], Shown]
_WAYS: tuple[tuple[re.Pattern[str], _Opens], ...] = (
    (_SEGMENT, _segment), (_CLAIM, _whole_claim), (_ROW, _row), (_SETTING, _setting), (_SECTION, _section),
    (_RESOURCE, _resource),
)  # fmt: skip
_X12 = frozenset({"remit", "claim", "acknowledgement"})
_KINDS: dict[_Opens, frozenset[str]] = {
    _segment: _X12, _whole_claim: _X12, _row: frozenset({"authorization", "coverage", "contract"}),
    _setting: frozenset({"contract"}), _section: frozenset({"policy"}), _resource: frozenset({"chart"}),
}  # fmt: skip
