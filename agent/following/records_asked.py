"""Electronic requests for records (277) that no denial answers: of a claim that is not denied, or of none we know."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from agent.diagnosis.checks.records import kind_asked
from agent.diagnosis.printed import listed
from agent.following.statuses import statuses_about
from knowledge.payers import PayerDirectory
from knowledge.types.cash import CashFinding
from knowledge.types.claim import SubmittedClaim
from knowledge.types.claim_status import ClaimStatus
from tools.denials.finding import Found
from tools.denials.identity import claim_payer, squeeze

REQUESTED = "records-requested"
UNMATCHED = "records-request-unmatched"


def records_asked(
    found: Found, statuses: Sequence[ClaimStatus], claims: Iterable[SubmittedClaim], directory: PayerDirectory
) -> Iterator[CashFinding]:
    """Give what a person must answer, the first due first; a request about a denial is that denial's own.

    A claim is ours by our number and the payer that asks. What names no claim of ours is kept and told.
    """
    asked = [status for status in statuses if status.request is not None]
    if not asked:
        return
    own = {id(status) for trail in found.trails for status, _ in statuses_about(trail, asked, directory)}
    known = _known(found, claims, directory)
    for status in sorted(asked, key=lambda one: (_due(one) or date.max, one.file, one.place.segment)):
        if id(status) not in own:
            yield _finding(status, _payer(status, directory), known)


def _known(found: Found, claims: Iterable[SubmittedClaim], directory: PayerDirectory) -> set[tuple[str, str]]:
    """Return (payer id, number) of every claim we sent or were answered: ours, and the payer's own."""
    numbers = set()
    for claim in claims:
        payer = claim_payer(claim, directory)
        numbers.add((payer.id if payer is not None else "", squeeze(claim.claim_id)))
    for answers in found.threads.values():
        for answer in answers:
            payer_id = answer.payer.payer.id if answer.payer.payer else ""
            numbers |= {
                (payer_id, squeeze(answer.claim.claim_id)),
                (payer_id, squeeze(answer.claim.payer_claim_number)),
            }
    return {(payer, number) for payer, number in numbers if number.strip("0")}


def _payer(status: ClaimStatus, directory: PayerDirectory) -> str:
    asking = directory.find_any([name for name in (status.source_id, status.source_name) if name]).payer
    return asking.id if asking is not None else ""


def _finding(status: ClaimStatus, payer_id: str, known: set[tuple[str, str]]) -> CashFinding:
    assert status.request is not None
    who, due = status.source_name or "A payer that is not named", _due(status)
    wanted = listed(tuple(dict.fromkeys(kind_asked(one) for one in status.request.asked)))
    by = f"by {due.isoformat()}" if due else "and does not say by when"
    ours = (payer_id, squeeze(status.claim_id)) in known or (payer_id, squeeze(status.payer_claim_number)) in known
    if ours:
        code = REQUESTED
        then = "The claim is not denied: send them under that number before it is"
    else:
        code = UNMATCHED
        then = "No claim of ours has such a number with this payer: find out whose it is"
    number = f"claim {status.claim_id}" if status.claim_id != status.trace else "a claim it does not number as we do"
    says = f"{who} asks for {wanted} {by}, for {number}, under its number {status.trace}. {then}"
    return CashFinding(code=code, says=says, source=f"{status.file}, segment {status.place.segment}", at=due)


def _due(status: ClaimStatus) -> date | None:
    return status.request.due_on if status.request is not None else None
