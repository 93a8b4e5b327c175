"""The sample practice: where its folder is, and its id in a home that holds it alone."""

from pathlib import Path

from agent.office import Office

CEDAR = Path(__file__).parents[2] / "evals" / "practices" / "cedar" / "folder"


def practice_of(office: Office) -> str:
    """Return the id of the one practice of a home."""
    ((practice_id, _),) = office.practices()
    return practice_id
