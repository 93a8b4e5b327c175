"""On every claim of the development practices: what the difference does not name is byte for byte as it was sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from evals.corrected_claims.cases import CONTROL, trials
from evals.corrected_claims.run import by_part
from evals.corrected_claims.samples import Sample
from knowledge.types.claim import SubmittedClaim
from knowledge.types.corrections import CorrectedClaim, DiffRow
from tools.corrected_claim import CorrectionRefused, correct_claim
from tools.corrected_claim.source import find_claim
from tools.x12.claims import read_claims

PRACTICES = Path(__file__).parents[2] / "evals" / "practices"
DEVELOPMENT = ("alder", "birch", "cedar", "dogwood", "elm", "hawthorn", "linden")
TRIED = frozenset(
    {"void", "authorization, claim", "everybody", "clinical trial", "a line less", "line 1, all together"}
)


def claims_of(practice: str) -> Iterator[Sample]:
    for path in sorted((PRACTICES / practice / "folder" / "claims").glob("*.837")):
        data = path.read_bytes()
        for found in read_claims(data, path.name):
            if isinstance(found, SubmittedClaim):
                first = tuple(line.number for line in found.lines[:1])
                yield Sample(path.name, data, found.claim_id, first, found.original_reference or "26079CX4410")


def named(rows: tuple[DiffRow, ...], segment: str, mark: str) -> bool:
    """Tell whether a row names this very segment: whole, or the value one of its elements has or had."""
    tag = segment.split(mark)[0]
    for row in rows:
        for text in (row.before, row.after):
            whole = not row.element and text is not None and text == segment
            part = bool(row.element) and row.segment.split("*")[0] == tag and text is not None and text in segment
            if whole or part:
                return True
    return tag in ("ISA", "SE", "GE", "IEA")


def untouched(segments: list[str], made: CorrectedClaim, mark: str) -> list[str]:
    return [segment for segment in segments if not named(made.diff, segment, mark)]


@pytest.mark.parametrize("practice", DEVELOPMENT)
def test_what_the_difference_does_not_name_stays_in_its_place(practice: str) -> None:
    tried = 0
    for sample in claims_of(practice):
        for trial in trials(sample):
            if trial.name not in TRIED:
                continue
            try:
                made = correct_claim(
                    sample.data,
                    sample.name,
                    sample.claim_id,
                    trial.mode,
                    sample.payer_claim_number,
                    trial.changes,
                    CONTROL,
                    dose_units=trial.dose_units,
                )
            except CorrectionRefused:
                continue
            tried += 1
            source = find_claim(sample.data, sample.name, sample.claim_id)
            mark, end = source.interchange.delimiters.element, source.interchange.separator.decode("latin-1")
            own = [source.group, *source.header, *(each for level in source.levels for each in level), *source.claim]
            sent = [mark.join(segment) for segment in own]
            after = made.edi.decode("latin-1").removesuffix(end).split(end)
            assert untouched(sent, made, mark) == untouched(after, made, mark), (sample.claim_id, trial.name)
            assert next(s for s in after if s.startswith("SE")).split(mark)[1] == str(len(after) - 4)
    assert tried > 50


def test_the_suite_opens_the_development_practices_alone() -> None:
    opened, sealed = by_part(PRACTICES)
    assert tuple(path.name for path in opened) == DEVELOPMENT
    assert [path.name for path in sealed] == ["juniper"]
