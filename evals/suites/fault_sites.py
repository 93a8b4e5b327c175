"""The places of the program that ask a model, each ready to be worked with any model."""

import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from agent.casebook import Casebook
from agent.diagnosis.case import Case
from agent.diagnosis.diagnose import gather
from agent.diagnosis.inquiry import Inquiry
from agent.drafting.argument import argued_letter
from agent.model import Model
from agent.model.accounting import Account, BudgetedModel
from agent.model.prices import load_prices
from agent.model.settings import ModelSettings
from agent.office import Office
from agent.reader import Reader
from agent.reading.findings import Reading
from agent.reading.library import open_library
from agent.reading.loop import read_case
from agent.reading.needed import Needed, needed
from evals.fake_model import Answerer, Received, Response, answer_of, calls_of, filled
from evals.fake_model.replies import schema_in, tools_in
from evals.suites.faults import CallSite, Result, seconds
from evals.suites.injections.canaries import plain_canaries
from evals.suites.injections.folder import write_folder
from evals.suites.lies.material import material
from knowledge.causes import load_catalogue
from knowledge.codes import load_codes
from knowledge.types.letters import LetterCase
from knowledge.types.record import DenialRecord
from tools.packet.arguing import argued
from tools.packet.composing import LetterIncomplete

_DECIDED = ("root_cause", "category", "remedy", "amount_at_stake", "status", "deadlines", "route")
"""What a model that says nothing, or fails, must leave as it is."""


def reading_sites() -> tuple[CallSite, ...]:
    """Return the askings of a reading: the first, the one after tools, and the judging told once what was rejected."""
    case, wanted, as_of = _case_to_read()
    codes, catalogue = load_codes(), load_catalogue()

    def work(model: Model) -> Result:
        settings = ModelSettings(name=model.name, denial_seconds=seconds())
        budgeted = BudgetedModel(model, Account(model.name, load_prices()), "a case", settings, time.monotonic)
        reading = read_case(Inquiry(case, codes, as_of), budgeted, catalogue)
        if reading is None:
            return Result("review")
        taken = "".join(one.model_dump_json() for one in (*reading.facts, *reading.criteria))
        return Result("deterministic" if reading.fault else "answered", taken)

    right = _constant({"facts": [], "criteria": [], "ranking": []})
    asked = wanted.questions[0].fact
    unproven = {"fact": asked, "answer": "confirmed", "text_id": "D1", "quote": "words that stand nowhere", "why": "so"}
    rejected = _constant({"facts": [unproven], "criteria": [], "ranking": []})
    sites: tuple[tuple[str, tuple[Answerer, ...]], ...] = (
        ("reading a case", ()),
        ("reading after tools", (_looks_up,)),
        ("judging again", (rejected,)),
    )
    return tuple(CallSite(name, work, right, lead) for name, lead in sites)


def practice_sites() -> tuple[CallSite, ...]:
    """Return a practice's whole work: taken in, read, decided, recorded; held against the same without a model."""
    alone, _ = _practice(None)

    def work(model: Model) -> Result:
        settings = ModelSettings(name=model.name, denial_seconds=seconds())
        record, reading = _practice(Reader(model, settings))
        moved = [name for name in _DECIDED if getattr(record, name) != getattr(alone, name)]
        if moved:
            raise RuntimeError(f"moved by a model that says nothing: {moved}")
        fault = reading is None or bool(reading.fault)
        # What was struck is kept as the model's own words beside the record's reading, and settles nothing.
        return Result("deterministic" if fault else "answered", record.model_dump_json(exclude={"model"}))

    return (CallSite("whole practice", work, _constant({"facts": [], "criteria": [], "ranking": []}), askings=2),)


def _practice(reader: Reader | None) -> tuple[DenialRecord, Reading | None]:
    """Work a practice of one denial in a home of its own; return its record and what was read."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        for name, data in _taken_in().items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes(data)
        with Office.open(home, _clock, reader=reader) as office:
            ((practice_id, _),) = office.practices()
            office.work(practice_id)
            (record,) = office.records_of(practice_id)
            with office.records.reading() as repository:
                reading = repository.casework.work(practice_id, record.denial_id, "reading", Reading)
    return record, reading


@cache
def _taken_in() -> Mapping[str, bytes]:
    """Return the files of a home into which a practice of one denial was taken, and nothing worked."""
    people, policy, contact = plain_canaries()
    with tempfile.TemporaryDirectory() as place:
        folder, home = Path(place) / "folder", Path(place) / "home"
        write_folder(folder, people[:1], policy=policy, payer_contact=contact)
        with Office.open(home, _clock) as office:
            if office.take_folder(folder).practice_id is None:
                raise RuntimeError("the folder was not taken in: the suite has nothing to try")
        return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def letter_sites() -> tuple[CallSite, ...]:
    """Return the askings of a letter: the argument, and the redraft of what its evidence does not carry."""
    material = _letter()

    def work(model: Model) -> Result:
        try:
            letter, argument = argued_letter(model, material, seconds=seconds())
        except LetterIncomplete:
            return Result("review")
        return Result("deterministic" if argument.fault else "answered", letter.model_dump_json())

    def right(request: Received) -> Response:
        schema = schema_in(request) or {}
        names = schema.get("properties", {})
        return answer_of({name: [] for name in names})

    sections = {"clinical_history": [{"text": "The plan approved this drug on 2020-01-01.", "evidence": ["E1"]}]}
    unproven = _constant({**sections, "criteria": [], "rebuttal": []})
    return (
        CallSite("letter argument", work, right, askings=2),
        CallSite("letter redraft", work, right, (unproven,), askings=2),
    )


def _constant(answer: Mapping[str, Any]) -> Answerer:
    return lambda _request: answer_of(answer)


def _looks_up(request: Received) -> Response:
    name, parameters = tools_in(request)[0]
    return calls_of((name, filled(parameters, "weight") or {}))


@cache
def _case_to_read() -> tuple[Case, Needed, date]:
    """Return a case that leaves questions to a reader, what they are, and the day it is read."""
    people, policy, contact = plain_canaries()
    codes, catalogue = load_codes(), load_catalogue()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "folder"
        write_folder(folder, people, policy=policy, payer_contact=contact)
        with Office.open(Path(place) / "home", _clock) as office:
            report = office.take_folder(folder)
            if report.practice_id is None:
                raise RuntimeError("the folder was not taken in: the suite has nothing to try")
            casebook = Casebook(office.records, report.practice_id, codes)
            as_of = casebook.inputs.practice.as_of or _clock().date()
            for denial_id in sorted(casebook.denials):
                q = Inquiry(casebook.case(denial_id), codes, as_of)
                wanted = needed(q, gather(q, catalogue), catalogue, open_library(q))
                if wanted and wanted.questions:
                    return q.case, wanted, as_of
    raise RuntimeError("no case leaves anything to read: the suite has nothing to try")


@cache
def _letter() -> LetterCase:
    """Return the material of a letter that the house's own wording can write."""
    for one in material(("cedar",)):
        try:
            argued(one, ())
        except LetterIncomplete:
            continue
        return one
    raise RuntimeError("no letter can be written: the suite has nothing to try")


def _clock() -> datetime:
    return datetime(2026, 7, 31, 12, tzinfo=UTC)
