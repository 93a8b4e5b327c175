"""The shield's canary: everything known of the people of a practice, and nothing of it in what leaves or is logged.

Three practices are worked with a model that records what it is asked: the sample practice, and two of invented people
with hard names whose identifiers stand in notes, file names, free text of claims and remits, and the policy. Beside
what the cases really ask, every case's whole briefing and every tool's answer is sent once. The search is its own and
shares nothing with the shield but a list of common words.
"""

import io
import json
import logging
import re
import tempfile
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from agent.desk import Desk
from agent.diagnosis.diagnose import gather
from agent.intake.book import BookInputs, load_book_inputs
from agent.model.asking import Message, ModelFault, Reply, ResponseSchema, Tool, ToolCall
from agent.office import Office
from agent.reader import Reader
from agent.reading.answering import answer_schema
from agent.reading.briefing import briefing, system_prompt
from agent.reading.library import open_library
from agent.reading.needed import Needed, needed
from agent.reading.questions import load_questions
from agent.reading.registry import TOOLS, run_tool
from agent.shield.words import words
from evals.labels import PRACTICES
from evals.suites import SuiteReport
from evals.suites.injections.canaries import disguised_canaries, plain_canaries
from evals.suites.injections.folder import write_folder

EMPTY: dict[str, list[str]] = {"facts": [], "criteria": [], "ranking": []}


class RecordingModel:
    """Keeps every request; looks everything up once, then answers nothing, and fails now and then."""

    name = "recorder"

    def __init__(self) -> None:
        self.requests: list[str] = []
        self._lock = threading.Lock()

    def ask(
        self,
        messages: Sequence[Message],
        *,
        tools: Sequence[Tool] = (),
        schema: ResponseSchema | None = None,
        seconds: float,
    ) -> Reply:
        """Record the request; see `Model.ask`."""
        whole = [list(messages), [tool.model_dump() for tool in tools], schema.schema_ if schema else None]
        with self._lock:
            self.requests.append(_readable(json.dumps(whole, ensure_ascii=False, default=str)))
            place = len(self.requests)
        if place % 7 == 0:
            raise ModelFault("timed_out", "no answer in time")
        if place % 11 == 0:
            raise RuntimeError("the connection broke")
        if tools and not any(message.get("role") == "tool" for message in messages):
            return _look_up(tools)
        parsed = dict(EMPTY) if schema is not None and schema.name == "reading" else {}
        return Reply(message={"role": "assistant", "content": json.dumps(parsed)}, parsed=parsed)


@dataclass(frozen=True)
class _KeepingReader(Reader):
    """Keeps the desks it stood at: their model is behind the shield as the office set it up."""

    desks: list[Desk] = field(default_factory=list)

    def at(self, desk: Desk) -> Desk:
        """See `Reader.at`."""
        self.desks.append(super().at(desk))
        return self.desks[-1]


@dataclass(slots=True)
class Seen:
    """What was sent, and what was written anywhere else: logs, standard output and error, the home's logs."""

    requests: list[str] = field(default_factory=list)
    elsewhere: dict[str, str] = field(default_factory=dict)


def run() -> SuiteReport:
    """Search every request and every log for everything known; `tried` counts the texts searched."""
    tried, failures = 0, list[str]()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        folders = {"cedar": PRACTICES / "cedar" / "folder"}
        for name, (people, policy, contact) in (("plain", plain_canaries()), ("disguised", disguised_canaries())):
            folders[name] = root / name
            write_folder(folders[name], people, policy=policy, payer_contact=contact)
        for name, folder in folders.items():
            seen, inputs = _worked(folder, root / f"home-{name}")
            known = tuple(_known(inputs, folder))
            texts = {f"request {n}": text for n, text in enumerate(seen.requests, start=1)} | seen.elsewhere
            tried += len(texts)
            if len(seen.requests) < len(inputs.charts):
                failures.append(f"{name}: only {len(seen.requests)} requests were made: nothing was tried")
            failures += [
                f"{name}, {where}: holds a {kind}" for where, text in texts.items() for kind in _held(text, known)
            ]
    return SuiteReport(tried=tried, failed=len(failures), failures=tuple(failures))


def _worked(folder: Path, home: Path) -> tuple[Seen, BookInputs]:
    model, seen = RecordingModel(), Seen()
    reader = _KeepingReader(model)
    out, err, log = io.StringIO(), io.StringIO(), io.StringIO()
    with (
        redirect_stdout(out),
        redirect_stderr(err),
        _logged(log),
        Office.open(home, _clock, reader=reader) as office,
    ):
        report = office.take_folder(folder)
        if report.practice_id is None:
            raise RuntimeError(f"{folder.name} was not taken in: the suite has nothing to try")
        office.work(report.practice_id)
        desk = reader.desks[-1]
        for denial_id in desk.casebook.denials:
            _send_all(desk, denial_id)
        inputs = load_book_inputs(office.records, report.practice_id)
    seen.requests = model.requests
    seen.elsewhere = {"standard output": out.getvalue(), "standard error": err.getvalue(), "log": log.getvalue()}
    for path in sorted(home.rglob("*")):
        if path.is_file() and path.suffix in (".log", ".txt", ".jsonl"):
            seen.elsewhere[f"home/{path.name}"] = path.read_text("utf-8", "replace")
    return seen, inputs


def _send_all(desk: Desk, denial_id: str) -> None:
    """Send a case's whole briefing, every question and text, and every tool's answer, through the desk's model."""
    if desk.models is None:
        raise RuntimeError("the desk has no model: nothing can be sent")
    model = desk.models.of(f"whole {denial_id}")  # a budget of its own: the case may have spent the denial's
    q = desk.inquiry(denial_id)
    library = open_library(q)
    hypotheses = gather(q, desk.catalogue)
    criteria = needed(q, hypotheses, desk.catalogue, library).criteria
    whole = Needed(tuple(load_questions().values()), criteria, hypotheses[:6])
    messages: list[Message] = [
        {"role": "system", "content": system_prompt().text},
        briefing(q, whole, library, desk.catalogue),
    ]
    calls = [*_look_up(TOOLS).calls]
    calls += [
        ToolCall(id=text.id, name="read_text", arguments={"text_id": text.id, "offset": 0}) for text in library.texts
    ]
    for call in calls:
        messages.append({"role": "tool", "tool_call_id": call.id, "content": run_tool(call, q, library)})
    try:
        model.ask(messages, tools=TOOLS, schema=answer_schema(), seconds=5)
    except (ModelFault, RuntimeError) as fault:
        logging.getLogger("overturn").exception("asking failed: %s", fault)


def _look_up(tools: Sequence[Tool]) -> Reply:
    given = {"query": "plan dose member authorization signed", "text_id": "D1", "offset": 0, "hcpcs": "J9271"}
    calls = tuple(
        ToolCall(
            id=f"c{n}", name=tool.name, arguments={name: given.get(name, "") for name in tool.parameters["properties"]}
        )
        for n, tool in enumerate(tools)
    )
    wire = [
        {"id": one.id, "type": "function", "function": {"name": one.name, "arguments": json.dumps(one.arguments)}}
        for one in calls
    ]
    return Reply(message={"role": "assistant", "content": None, "tool_calls": wire}, calls=calls)


def _clock() -> datetime:
    return datetime(2026, 7, 31, 12, tzinfo=UTC)


@contextmanager
def _logged(stream: io.StringIO) -> Iterator[None]:
    """Catch all that is logged by anyone, at any level."""
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    level, disabled = root.level, logging.root.manager.disable
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.disable(logging.NOTSET)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        logging.disable(disabled)


def _readable(text: str) -> str:
    """Undo JSON's escapes, twice: a tool's answer is JSON within the request's."""
    for _ in range(2):
        text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found.group(1), 16)), text)
        text = text.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")
    return text


_SHOWN = re.compile(r"\[\[[A-Z]+-\d+(?::[a-z]+)?\]\]")


def _plain(text: str) -> str:
    kept = (char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) not in ("Mn", "Cf"))
    return _SHOWN.sub("\u25a1", "".join(kept))


def _held(text: str, known: Sequence[tuple[str, re.Pattern[str]]]) -> Iterator[str]:
    plain = _plain(text)
    for kind, pattern in known:
        if pattern.search(plain):
            yield kind


def _known(inputs: BookInputs, folder: Path) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Give a pattern for every kind of thing known: all of a kind in one."""
    found: dict[str, set[str]] = {}

    def add(kind: str, *values: str) -> None:
        found.setdefault(kind, set()).update(_plain(value) for value in values if value)

    for person in _people(inputs):
        add("name", *_writings(*person[:2]))
        if person[2]:
            add("birth date", *_days(person[2]))
    for claim in inputs.claims:
        add("member number", claim.member_id)
        add("claim number", claim.claim_id, claim.original_reference)
        add("authorization", *claim.authorizations, *(one for line in claim.lines for one in line.authorizations))
        add("line control", *(line.line_control for line in claim.lines))
        add("address", *(part for part in claim.patient_address[:1] if len(part) > 6))
        add("group number", claim.group_number)
    for delivery in inputs.deliveries:
        add("trace", delivery.header.trace_number)
        for payment in delivery.claims:
            add("claim number", payment.claim_id, payment.payer_claim_number)
            add("line control", *(line.line_control for line in payment.lines))
    for chart in inputs.charts:
        add("record number", *chart.person.identifiers)
    for row in inputs.coverage:
        add("trace", row.trace)
    add("authorization", *(row.auth_number for row in inputs.authorizations))
    add("NPI", inputs.practice.billing_npi, *(provider.npi for provider in inputs.practice.providers))
    add("staff", *(" ".join(p.name.split()[:2]) for p in inputs.practice.providers))
    for path in folder.glob("charts/*"):
        text = path.read_text("utf-8")
        add("phone", *re.findall(r'"phone", "value": "([^"]+)"', text))
        add("e-mail", *re.findall(r'"email", "value": "([^"]+)"', text))
    for kind, values in found.items():
        longest = sorted((value for value in values if len(value) > 2), key=len, reverse=True)
        if longest:
            either = "|".join(f"(?i:{re.escape(v)})" if not _common(v) else re.escape(v) for v in longest)
            yield kind, re.compile(rf"(?<![A-Za-z0-9])(?:{either})(?![A-Za-z0-9])")


def _people(inputs: BookInputs) -> Iterator[tuple[str, str, date | None]]:
    for chart in inputs.charts:
        yield chart.person.first, chart.person.last, chart.person.birth_date
    for claim in inputs.claims:
        yield claim.patient_first, claim.patient_last, claim.birth_date
    for row in inputs.coverage:
        yield row.patient_first, row.patient_last, row.birth_date


def _writings(first: str, last: str) -> Iterator[str]:
    yield from (f"{first} {last}", f"{last}, {first}", f"{first[:1]}. {last}", f"{last}*{first}", f"{last}^{first}")
    if not _common(last):
        yield from (last, last.replace("'", ""), last.replace("-", " "))


def _common(name: str) -> bool:
    return len(name) <= 3 or name.lower() in words().ordinary | words().function


def _days(born: date) -> Iterator[str]:
    yield from (born.isoformat(), born.strftime("%Y%m%d"), born.strftime("%m/%d/%Y"), born.strftime("%m-%d-%Y"))
    yield from (f"{born.month}/{born.day}/{born.year}", f"{born.month}/{born.day}/{born.year % 100:02}")
    yield from (
        born.strftime(f"%B {born.day}, %Y"),
        born.strftime(f"{born.day} %B %Y"),
        born.strftime(f"%b {born.day}, %Y"),
    )
