"""Which claim line the questions about a drug are about."""

from agent.diagnosis.case import Case
from knowledge.codes import Codes
from knowledge.types.claim import ClaimLine


def subject_line(case: Case, codes: Codes) -> ClaimLine | None:
    """Choose the line the questions are about; a drug line when the denied one only administers it."""
    if case.claim is None:
        return None
    drugs = [line for line in case.claim.lines if line.hcpcs in codes.hcpcs.codes]
    line = case.line
    if line is not None and not codes.administration.lookup(line.hcpcs):
        return line
    if line is not None and any(line.hcpcs in row.hcpcs for row in case.authorizations):
        return line
    if case.line is None and len(case.claim.lines) == 1:
        return case.claim.lines[0]
    denied_together = [line for line in drugs if _denied_alike(case, line)]
    if denied_together:
        return max(denied_together, key=lambda line: (line.charge, line.number))
    return case.line


def _denied_alike(case: Case, line: ClaimLine) -> bool:
    """Tell whether the payer denied this drug line too, for a reason the denial in question shares."""
    if case.denial.line is None:
        return True
    reasons = {adjustment.carc for adjustment in case.denial.adjustments}
    return any(
        service.paid == 0
        and service.hcpcs == line.hcpcs
        and service.line_control in ("", line.line_control)
        and reasons & {adjustment.carc for adjustment in service.adjustments}
        for service in case.payment.lines
    )
