"""What an approved packet rests on, as one fingerprint: another one means that it must be looked at again."""

import hashlib

from agent.diagnosis.case import Case


def records_print(case: Case) -> str:
    """Fingerprint the records of a case that its packet is made from.

    Not among them: the day it is worked on, our own tables, other claims of the member. A later cycle's remit does not
    take back the approval of an earlier one.
    """
    practice = case.practice
    parts = (
        case.denial, case.payer, case.header, case.payment, case.service, case.claim, case.line,
        case.authorizations, case.authorization, case.chart, case.coverage, case.policy, case.acknowledgements,
        practice.name, practice.address, practice.phone, practice.fax, practice.billing_npi, practice.tax_id,
        practice.providers,
    )  # fmt: skip
    # Rounds and requests only where there are any: what was approved before they were looked at still holds.
    said = (*parts, case.rounds) if case.rounds else parts
    said = (*said, case.requests) if case.requests else said
    return hashlib.sha256(repr(said).encode()).hexdigest()
