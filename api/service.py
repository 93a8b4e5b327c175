"""What every route works with: the office, the thread that changes cases, the settings."""

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Query, Request

from agent.insight.held import HeldSnapshots
from agent.office import Office
from api.access.needs import PrincipalOf
from api.access.principal import Principal
from api.problems import ProblemError
from api.settings import Settings
from api.worker import Progress, Worker
from knowledge.records.worklist_held import HeldWorklists


@dataclass(frozen=True)
class Service:
    """One running server. `worklists` are what the queue's pages are read from, `snapshots` the dashboard."""

    office: Office
    worker: Worker
    settings: Settings
    worklists: HeldWorklists = field(init=False)
    snapshots: HeldSnapshots = field(init=False)

    def __post_init__(self) -> None:
        """Hold the worklists of the office's records."""
        object.__setattr__(self, "worklists", HeldWorklists(self.office.records))
        object.__setattr__(self, "snapshots", HeldSnapshots(self.office.records))


def service_of(request: Request) -> Service:
    """Give the running server."""
    service: Service = request.app.state.service
    return service


ServiceOf = Annotated[Service, Depends(service_of)]


def practice_id_of(
    request: Request,
    service: ServiceOf,
    principal: PrincipalOf,
    practice: Annotated[
        str | None,
        Query(
            description="The practice's id. May be left out where the home holds one practice.",
            examples=["prc_9da833d6cd81"],
        ),
    ] = None,
) -> str:
    """Give the practice a request is about: the one named, the one chosen in this browser, or the sender's only one.

    Those of others are as if they were not there.
    """
    known = [practice_id for practice_id, _ in service.office.practices() if principal.sees(practice_id)]
    if practice is not None:
        if practice not in known:
            raise ProblemError("practice-unknown", f"there is no practice {practice} in this home")
        return _noted(request, practice)
    if (chosen := request.cookies.get("practice")) in known:
        return _noted(request, str(chosen))
    if not known:
        raise ProblemError("no-practice", "take in a practice folder first: overturn work FOLDER")
    if len(known) > 1:
        detail = f"name one of {', '.join(known)} in the query parameter `practice`"
        raise ProblemError("practice-required", detail, practices=known)
    return _noted(request, known[0])


def _noted(request: Request, practice_id: str) -> str:
    """Leave the practice where the audit trail finds it."""
    request.state.practice_id = practice_id
    return practice_id


def progress_for(service: Service, principal: Principal) -> Progress:
    """Give how the work stands; of a practice that is not the sender's, only that there is work."""
    found = service.worker.progress()
    if found.practice_id is None or principal.sees(found.practice_id):
        return found
    return Progress(found.state)


PracticeOf = Annotated[str, Depends(practice_id_of)]
PRACTICE_PROBLEMS = ("practice-required", "practice-unknown", "no-practice")
