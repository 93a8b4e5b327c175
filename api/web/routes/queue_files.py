"""Files dropped on the queue's page: each taken in by itself, and what became of it said; then the cases are worked."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.access.needs import needs
from api.intake_ways import KEPT_AS
from api.problems import ProblemError
from api.service import PracticeOf, ServiceOf
from api.uploads import Upload, uploaded
from api.web.file_kinds import called, kind_of

router = APIRouter(include_in_schema=False)

_NONE = "it is no remittance (835), claim (837), acknowledgement (277), chart (FHIR), policy or table that is known"
_SHOWN = 5
_OUTCOMES = {
    "new": "taken in",
    "known": "was here already; nothing changes",
    "duplicate": "says the same as a file that is here; nothing changes",
    "conflict": "taken in, but another remittance of this trace says something else: a person must look",
}


@router.post("/queue/files", dependencies=[needs("files.write")])
def take(
    service: ServiceOf,
    practice_id: PracticeOf,
    upload: Annotated[Upload, Depends(uploaded)],
    more: Annotated[bool, Query(description="Others follow: the cases are worked after the last.")] = False,
) -> dict[str, Any]:
    """Take one file in, whatever kind it is. It is stored before anything is answered."""
    kind = kind_of(upload.data)
    if kind is None:
        if not more:
            service.worker.work(practice_id)
        raise ProblemError(
            "file-unusable",
            _NONE,
        )
    report = service.office.take_file(practice_id, kind, KEPT_AS[kind].format(name=upload.name), upload.data)
    if not more:
        service.worker.work(practice_id)
    findings = [f"{one.where or one.file}: {one.says}" for one in report.findings]
    if not report.usable or not report.files or report.files[0].outcome == "quarantined":
        raise ProblemError("file-unusable", "; ".join(findings[:_SHOWN]) or "nothing in it can be used")
    taken = report.files[0]
    return {
        "file": upload.name,
        "kind": called(kind),
        "outcome": taken.outcome,
        "says": f"{called(kind)}, {_OUTCOMES.get(taken.outcome, taken.outcome)}",
        "findings": findings[:_SHOWN],
        "more": max(len(findings) - _SHOWN, 0),
    }
