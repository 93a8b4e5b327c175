"""The file that stands for a denial: what was approved where an approval holds, else the draft as it was made."""

from api.service import Service
from knowledge.records import ApprovedFile, Product


def approved_file(service: Service, practice_id: str, denial_id: str, kind: str) -> ApprovedFile | None:
    """Find the file of a kind as it was approved, without a draft mark; None where no approval holds, or none of it."""
    with service.office.records.reading() as repository:
        approval = repository.approvals.live(practice_id, denial_id)
    return next((one for one in approval.files if one.kind == kind), None) if approval else None


def made_product(service: Service, practice_id: str, denial_id: str, kind: str) -> Product | None:
    """Find the file of a kind as it was made, which the denial's record names; None where none was."""
    made = service.office.product_file(practice_id, denial_id, kind)
    return made[1] if made else None


def standing_file(service: Service, practice_id: str, denial_id: str, kind: str) -> ApprovedFile | Product | None:
    """Find the file of a kind that was approved, else the draft; None where neither is."""
    return approved_file(service, practice_id, denial_id, kind) or made_product(service, practice_id, denial_id, kind)
