"""The practice's FHIR files as they stand: what they say of people and no typed chart keeps."""

from collections.abc import Iterator

from knowledge.records import Records


def chart_bundles(records: Records, practice_id: str) -> Iterator[bytes]:
    """Give the bytes of every chart that was taken in."""
    with records.reading() as repository:
        for file in repository.files.all(practice_id):
            if file.kind == "chart" and file.state in ("accepted", "duplicate"):
                content = repository.files.content(practice_id, file.id)
                if content is not None:
                    yield content
