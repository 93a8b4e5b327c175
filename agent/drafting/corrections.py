"""Which changes put a claim right, for a proven cause: from the facts alone, never from an authorization's limits."""

from collections.abc import Callable
from decimal import Decimal

from agent.diagnosis.inquiry import Inquiry
from agent.drafting import anemia, coder_drafts, drug_lines, narrative, people, product, replaced, trials
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from knowledge.types.corrections import ClaimChange, SetAuthorization, SetCode

Maker = Callable[[CorrectionCase], tuple[ClaimChange, ...]]


def changes_for(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    """Return the changes of a corrected claim; raise NotCorrectable, saying what is not known."""
    make = _MAKERS.get(c.diagnosis.root_cause)
    if make is None:
        cause = c.diagnosis.root_cause
        raise NotCorrectable(f"no correction of a claim is described for {cause}: a person makes it")
    return make(c)


def dose_units(q: Inquiry, changes: tuple[ClaimChange, ...] = ()) -> dict[str, Decimal]:
    """Return, by LX01, the units that follow from what was done: the only units a claim may be changed to.

    They follow from the dose, from what was discarded of it, and from the charted time of an infusion. A line that
    takes another code counts in that code's units.
    """
    recoded = {change.line: change.units for change in changes if isinstance(change, SetCode)}
    return drug_lines.given_units(q) | coder_drafts.timed_units(q) | recoded


def _authorization(c: CorrectionCase) -> tuple[ClaimChange, ...]:
    number = c.values.get("auth_number")
    if not number:
        raise NotCorrectable("the authorization's number is not known")
    why = f"Authorization {number} was approved for the service and was not on the claim"
    return (SetAuthorization(number=number, why=why, evidence=c.evidence),)


_MAKERS: dict[str, Maker] = {
    "340b-modifier-wrong": drug_lines.purchase,
    "auth-for-other-code": drug_lines.given_product,
    "auth-for-other-provider-or-site": people.treating_provider,
    "auth-number-not-on-claim": _authorization,
    "billed-units-wrong": drug_lines.billed_units,
    "clinical-trial-claim-incomplete": trials.trial_elements,
    "code-deleted": drug_lines.successor,
    "code-not-yet-effective": drug_lines.successor,
    "diagnosis-not-authorized-indication": coder_drafts.charted_diagnosis,
    "diagnosis-unspecified-or-invalid": coder_drafts.more_exact_diagnosis,
    "esa-rules": anemia.anemia_modifier,
    "hospice-enrolled": coder_drafts.unrelated_to_hospice,
    "infusion-hierarchy-wrong": coder_drafts.second_infusion,
    "infusion-time-unsupported": coder_drafts.infusion_hours,
    "jw-jz-missing": drug_lines.waste_modifier,
    "ncci-bundle-modifier-allowed": coder_drafts.separate_service,
    "ndc-missing-or-invalid": product.name_product,
    "noc-line-without-narrative": narrative.describe_drug,
    "ordering-npi-missing-or-not-enrolled": people.ordering_provider,
    "patient-identity-mismatch": people.verified_patient,
    "replacement-claim-mishandled": replaced.name_original,
    "site-of-care": coder_drafts.charted_place,
    "supporting-diagnosis-missing": coder_drafts.supporting_diagnosis,
    "visit-same-day-without-25": coder_drafts.separate_visit,
    "waste-units-wrong": drug_lines.waste_units,
    "wrong-manufacturer-code": drug_lines.given_product,
}
