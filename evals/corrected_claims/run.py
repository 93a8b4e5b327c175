"""Make every corrected claim of the trials and have a validator that is not ours read it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from evals.corrected_claims.cases import CONTROL, Trial, trials
from evals.corrected_claims.other_payers import made, other_payer_trials
from evals.corrected_claims.samples import Sample, samples
from evals.corrected_claims.validator import Verdict, validate
from evals.split import load_split, part_of
from knowledge.types.claim import SubmittedClaim
from tools.corrected_claim import CorrectionRefused, correct_claim
from tools.x12.claims import read_claims

_BROKEN = {
    "a claim without its number": (b"CLM*AL-1001*", b"CLM**"),
    "an authorization after the diagnoses": (b"NM1*82", b"REF*G1*A~NM1*82"),
    "a quantity before its product": (b"LIN**N4*00006302602~CTP****16*ML~", b"CTP****16*ML~LIN**N4*00006302602~"),
    "a level numbered wrongly": (b"HL*2*1*22*0", b"HL*3*1*22*0"),
    "a count that is wrong": (b"SE*33*", b"SE*34*"),
}
"""Files broken on purpose (what is replaced by what in a good one), which the validator has to refuse."""

_ON_PRACTICES = frozenset(
    {
        "void",
        "authorization, claim",
        "everybody",
        "clinical trial",
        "a line less",
        "line 1, all together",
        "line 1, ordering",
        "to another payer",
        "to another payer, a part paid",
    }
)


_A_PRACTICE = 8
"""How many claims of a sample practice are corrected."""


class Failure(Struct, frozen=True):
    """A corrected claim that brought an error its original did not have."""

    name: str
    errors: tuple[str, ...]


class Report(Struct, frozen=True):
    """What came of it. `refused` are trials the engine declined (with its reason's code), not failures.

    `left_out` are practices whose claims were not opened: their cases are only for proving (split.yaml).
    """

    tried: int
    failed: int
    failures: tuple[Failure, ...]
    refused: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...] = ()


def run(home: Path, practices: Path) -> Report:
    """Try every correction on the hand-written samples and on the claims of the development practices.

    `home` is where the validator's environment lives, `practices` holds `*/folder/claims/*.837`. A sealed practice is
    not opened: a failure printed here would show what stands in it. A corrected claim fails when the validator finds
    an error in it that the original file does not have. Raises RuntimeError when the validator accepts a broken file,
    since its word is then worth nothing.
    """
    good = samples()[0].data
    files: dict[str, bytes] = {name: good.replace(*broken) for name, broken in _BROKEN.items()}
    originals: dict[str, str] = {}
    refused: list[tuple[str, str]] = []
    written = {sample.name for sample in samples()}
    opened, sealed = by_part(practices)
    for sample in (*samples(), *_practice_samples(opened)):
        files[sample.name] = sample.data
        for trial in trials(sample):
            if sample.name not in written and trial.name not in _ON_PRACTICES:
                continue
            name = f"{sample.name}, {sample.claim_id}: {trial.name}"
            try:
                files[name] = _corrected(sample, trial)
                originals[name] = sample.name
            except CorrectionRefused as refusal:
                refused.append((name, refusal.code))
        for title, plan, first in other_payer_trials(sample):
            if sample.name not in written and title not in _ON_PRACTICES:
                continue
            name = f"{sample.name}, {sample.claim_id}: {title}"
            try:
                files[name] = made(sample, plan, first)
                originals[name] = sample.name
            except CorrectionRefused as refusal:
                refused.append((name, refusal.code))
    verdicts = validate(files, home)
    accepted = [name for name in _BROKEN if verdicts[name].valid]
    if accepted:
        raise RuntimeError(f"the validator accepts {', '.join(accepted)}: its verdicts cannot be trusted")
    failures = tuple(_failures(originals, verdicts))
    return Report(len(originals), len(failures), failures, tuple(refused), tuple(path.name for path in sealed))


def by_part(practices: Path) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Return the practices with claims that may be opened, and those that may not, each in order of its name."""
    rules = load_split()
    found = sorted(path.parent.parent for path in practices.glob("*/folder/claims"))
    opened = tuple(path for path in found if part_of(rules, path.name, payer="") == "development")
    return opened, tuple(path for path in found if path not in opened)


def _corrected(sample: Sample, trial: Trial) -> bytes:
    return correct_claim(
        sample.data,
        sample.name,
        sample.claim_id,
        trial.mode,
        sample.payer_claim_number,
        trial.changes,
        CONTROL,
        dose_units=trial.dose_units,
    ).edi


def _failures(originals: dict[str, str], verdicts: dict[str, Verdict]) -> Iterator[Failure]:
    for name, original in originals.items():
        new = verdicts[name].errors - verdicts[original].errors
        if new or (verdicts[original].valid and not verdicts[name].valid):
            yield Failure(name, tuple(sorted(new)))


def _practice_samples(practices: Sequence[Path]) -> Iterator[Sample]:
    """Yield claims of practices, evenly from first to last: each is validated several times."""
    for practice in practices:
        found = list(_claims(practice / "folder" / "claims"))
        step = max(len(found) // _A_PRACTICE, 1)
        yield from found[::step][:_A_PRACTICE]


def _claims(folder: Path) -> Iterator[Sample]:
    for path in sorted(folder.glob("*.837")):
        data = path.read_bytes()
        for claim in read_claims(data, path.name):
            if isinstance(claim, SubmittedClaim):
                number = claim.original_reference or "26079CX4410"
                first = tuple(line.number for line in claim.lines[:1])
                yield Sample(path.name, data, claim.claim_id, first, number)
