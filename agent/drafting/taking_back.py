"""The void of a claim that was paid and should not have been: 837P of frequency 8 under the payer's own number."""

from agent.closing.due_back import due_back
from agent.desk import Desk
from agent.diagnosis.case import Case
from agent.drafting.correction_case import NotCorrectable
from knowledge.types.corrections import ControlNumbers, CorrectedClaim
from knowledge.types.diagnosis import Diagnosis
from tools.corrected_claim.correct import correct_claim


def void_claim(desk: Desk, case: Case, diagnosis: Diagnosis, control: ControlNumbers) -> CorrectedClaim:
    """Return the claim as it was sent, taken back.

    Raises:
        NotCorrectable: nothing is due back, or a void would take back more than that.
        CorrectionRefused: the claim cannot be voided; the payer takes none.
    """
    back, claim = due_back(case, diagnosis), case.claim
    if back is None or claim is None:
        raise NotCorrectable("the claim as submitted is not in the records" if claim is None else "nothing is due back")
    if not back.whole:
        raise NotCorrectable("the claim was rightly paid for other lines: a person takes off the one that is due back")
    data = desk.casebook.file_bytes("claim", claim.file)
    return correct_claim(
        data, claim.file, claim.claim_id, "void", back.number, (), control, payer=case.payer, for_review=True
    )
