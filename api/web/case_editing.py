"""The letter edited on its page: opened, held to its evidence at every pause, saved only when every word stands."""

from collections import OrderedDict
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from agent.editing.parts import Checked, LetterParts, check, parts_of
from agent.editing.taking import LetterMoved, LetterRefused, NothingChanged, edit_letter_parts
from agent.editing.word_file import NoLetter, letter_of
from agent.office import NotWaiting
from api.access.deciding import decider
from api.access.needs import PrincipalOf, needs
from api.problems import FailedPart, ProblemError
from api.routes.denials import DenialId
from api.schemas import Seen
from api.service import PracticeOf, Service, ServiceOf
from api.web.case import suffix
from api.web.case_view import CaseView, case_view
from api.web.pages import page
from api.worker import StillBusy
from knowledge.records import UnknownDenial
from knowledge.types.evidence import Evidence
from knowledge.types.letters import LetterContent
from tools.packet.word.archive import WordRefused
from tools.packet.word.outline import letter_print

router = APIRouter(include_in_schema=False, dependencies=[needs("denials.review")])

_MOVED = "Somebody edited this letter since you opened it. Your words are still here: copy them, reload, and look"


class Typed(BaseModel):
    """A letter as it is being typed, and which one it was when it was opened."""

    letter: str = Field(max_length=64)
    parts: LetterParts


class Saved(BaseModel):
    """A letter to be saved, and why it was changed."""

    parts: LetterParts
    reason: Seen = Field(min_length=1, max_length=2000)


class Opened:
    """Letters that are being edited, each with the evidence it may rest on: gathered once, held while it is typed."""

    def __init__(self, most: int = 64) -> None:
        """Hold so many at most; the one not looked at for longest goes first."""
        self._most, self._lock = most, Lock()
        self._held: OrderedDict[tuple[str, str, str], tuple[LetterContent, tuple[Evidence, ...]]] = OrderedDict()

    def get(self, practice_id: str, denial_id: str, letter: str) -> tuple[LetterContent, tuple[Evidence, ...]] | None:
        """Give a letter by its print."""
        with self._lock:
            found = self._held.get((practice_id, denial_id, letter))
            if found is not None:
                self._held.move_to_end((practice_id, denial_id, letter))
            return found

    def put(self, practice_id: str, denial_id: str, content: LetterContent, evidence: tuple[Evidence, ...]) -> None:
        """Hold a letter."""
        with self._lock:
            self._held[practice_id, denial_id, letter_print(content)] = (content, evidence)
            while len(self._held) > self._most:
                self._held.popitem(last=False)


@router.get("/case/{denial_id}/letter/edit")
def open_letter(
    request: Request, service: ServiceOf, practice_id: PracticeOf, principal: PrincipalOf, denial_id: DenialId
) -> Response:
    """Show the letter's parts to be changed."""
    view = _view(service, practice_id, denial_id, case_view(service, principal, practice_id, denial_id))
    content, evidence = _opened(request, service, practice_id, denial_id, view.letter_tag)
    tail = suffix(request)
    base = f"/case/{denial_id}"
    values = {"view": view, "parts": parts_of(content), "evidence": evidence, "suffix": tail, "base": base}
    return page(request, "case/edit.html", 200, back=f"{base}{tail}", **values)


@router.post("/case/{denial_id}/letter/check")
def check_letter(
    request: Request, service: ServiceOf, practice_id: PracticeOf, denial_id: DenialId, typed: Typed
) -> Checked:
    """Say what of the typed letter does not stand by its evidence, and why. Nothing is stored."""
    content, evidence = _opened(request, service, practice_id, denial_id, typed.letter)
    try:
        return check(content, evidence, typed.parts)
    except WordRefused as refusal:
        raise ProblemError("letter-unreadable", str(refusal)) from refusal


@router.post("/case/{denial_id}/letter")
def save_letter(
    request: Request,
    service: ServiceOf,
    practice_id: PracticeOf,
    principal: PrincipalOf,
    denial_id: DenialId,
    saved: Saved,
    if_match: Annotated[str | None, Header(max_length=100)] = None,
) -> Response:
    """Save the letter once every word of it stands; `If-Match` names the case as it was opened.

    What was approved before is void from then on, and the case waits to be approved anew.
    """
    if if_match is None:
        raise ProblemError("version-required", "send If-Match with the tag the letter was opened with")
    decided = decider(principal, principal.name, None)

    def run() -> object:
        view = _view(service, practice_id, denial_id, case_view(service, principal, practice_id, denial_id))
        if if_match.strip('"') != view.tag:
            raise LetterMoved(_MOVED)
        return edit_letter_parts(
            service.office, practice_id, denial_id, saved.parts, of_letter=view.letter_tag, reason=saved.reason,
            by=decided.by, role=decided.role,
        )  # fmt: skip

    try:
        service.worker.call(run, service.settings.patience)
    except LetterMoved as moved:
        raise ProblemError("version-outdated", _MOVED) from moved
    except LetterRefused as refusal:
        failed = [FailedPart.model_validate(one.model_dump()) for one in refusal.sentences]
        raise ProblemError("letter-refused", str(refusal), sentences=failed) from refusal
    except (WordRefused, NothingChanged) as refusal:
        raise ProblemError("letter-unreadable", str(refusal)) from refusal
    except (NoLetter, UnknownDenial) as error:
        raise ProblemError("product-missing", str(error)) from error
    except NotWaiting as error:
        raise ProblemError("not-waiting", str(error)) from error
    except StillBusy as error:
        raise ProblemError("busy", str(error), headers={"retry-after": "5"}) from error
    return JSONResponse({"address": f"/case/{denial_id}{suffix(request, did='edit', of=denial_id)}"})


def _view(service: Service, practice_id: str, denial_id: str, view: CaseView | None) -> CaseView:
    if view is None or view.letter is None:
        raise ProblemError("product-missing", f"denial {denial_id} has no letter to edit")
    return view


def _opened(
    request: Request, service: Service, practice_id: str, denial_id: str, letter: str
) -> tuple[LetterContent, tuple[Evidence, ...]]:
    """Give the letter that was opened; one that is held no more is gathered anew, if it is still the same.

    Raises:
        ProblemError: `version-outdated`: it has been edited or made anew since. `product-missing`: there is none.
    """
    held: Opened = _of(request)
    found = held.get(practice_id, denial_id, letter)
    if found is not None:
        return found

    def gather() -> tuple[LetterContent, tuple[Evidence, ...]]:
        with service.office.at_desk(practice_id) as desk:
            return letter_of(desk, denial_id)

    try:
        content, evidence = service.worker.call(gather, service.settings.patience)
    except NoLetter as error:
        raise ProblemError("product-missing", str(error)) from error
    except StillBusy as error:
        raise ProblemError("busy", str(error), headers={"retry-after": "5"}) from error
    held.put(practice_id, denial_id, content, evidence)
    if letter_print(content) != letter:
        raise ProblemError("version-outdated", _MOVED)
    return content, evidence


def _of(request: Request) -> Opened:
    state = request.app.state
    if not hasattr(state, "opened_letters"):
        state.opened_letters = Opened()
    opened: Opened = state.opened_letters
    return opened
