"""Load what is true of the labelled practices: labels of denied lines, decoys for every other answered line."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationError

from knowledge.types.diagnosis import Category, Remedy
from knowledge.types.practice import Frozen

PRACTICES = Path(__file__).parent / "practices"

Alternative = Literal[
    "auth_number",
    "binding_deadline",
    "category",
    "chart",
    "policy_id",
    "remedy",
    "root_cause",
    "route",
    "status",
    "then",
]


class LabelsBroken(ValueError):
    """A labels file cannot be used: `file:line`, what was wrong."""


class LineKey(Frozen):
    """What tells a service line from the others of its claim."""

    hcpcs: str
    modifiers: tuple[str, ...]
    service_date: date
    charge: Decimal
    line_control: str | None


class Decoy(Frozen):
    """A line, or a whole claim when `line` is None, that must not become a denial, and why."""

    case: str
    remit_files: tuple[str, ...]
    payer_id: str
    trace_number: str
    claim_id: str
    payer_claim_number: str | None
    line: LineKey | None
    why: str


class Binding(Frozen):
    """The clock that runs out first."""

    action: str
    date: date


class Label(Decoy):
    """What is true of a denied line. `also_right`: other values a careful biller could defend, field by field."""

    amount_at_stake: Decimal
    category: Category
    root_cause: str
    remedy: Remedy
    then: Remedy | None
    route: Literal["straight_through", "review"]
    review_reasons: tuple[str, ...] = ()
    binding_deadline: Binding | None
    auth_number: str | None
    chart: str | None
    policy_id: str | None
    status: str
    also_right: dict[Alternative, tuple[str | None, ...]] = Field(default_factory=dict)
    story: str = ""

    def alternatives(self, field: Alternative) -> tuple[str | None, ...]:
        """Give the other values that count as right for a field."""
        return self.also_right.get(field, ())


class LabelledPractice(Frozen):
    """A practice folder with the truth beside it."""

    name: str
    folder: Path
    labels: tuple[Label, ...]
    decoys: tuple[Decoy, ...]


def load_practices(root: Path = PRACTICES, names: tuple[str, ...] | None = None) -> tuple[LabelledPractice, ...]:
    """Load every practice below `root` that has labels, by name; `names` picks some of them.

    Raises:
        LabelsBroken: a named practice is not there, or a row is not of the expected form.
    """
    there = {path.parent.name: path.parent for path in sorted(root.glob("*/labels.jsonl"))}
    unknown = sorted(set(names or ()) - set(there))
    if unknown:
        raise LabelsBroken(f"no labelled practice {', '.join(unknown)} below {root}; there are: {', '.join(there)}")
    return tuple(_load(there[name]) for name in sorted(there) if names is None or name in names)


def _load(home: Path) -> LabelledPractice:
    labels = _rows(home / "labels.jsonl", Label)
    decoys = _rows(home / "decoys.jsonl", Decoy)
    return LabelledPractice(name=home.name, folder=home / "folder", labels=labels, decoys=decoys)


RowT = TypeVar("RowT", bound=Decoy)


def _rows(path: Path, kind: type[RowT]) -> tuple[RowT, ...]:
    """Read a JSON Lines file; fields that are not known here are left alone (labels may say more)."""
    rows = []
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not text.strip():
            continue
        try:
            rows.append(kind.model_validate_json(text, extra="ignore"))
        except ValidationError as error:
            raise LabelsBroken(f"{path.name}:{number}: {error}") from error
    return tuple(rows)
