"""Load the root-cause catalogue and refuse a broken one at start, not in the middle of a case."""

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import Field, ValidationError

from knowledge.types.diagnosis import Category, Remedy
from knowledge.types.practice import Frozen

CauseId = str

RemedyWord = Remedy | Literal["first_appeal", "claim_fix"]
"""A remedy, or a word settled by the payer's rules.

`first_appeal` is the payer's first appeal level (redetermination = appeal at Medicare Part B); `claim_fix` is a
corrected claim, a reopening (Medicare Part B takes no replacement claims) or a new claim (remark MA130).
"""


class CatalogueBroken(Exception):
    """The cause catalogue cannot be used: a file is not valid, or two entries share an id."""


class Signals(Frozen):
    """What a payer says when it means this cause. `also_seen` are CARCs payers use for it by mistake."""

    groups: tuple[str, ...] = ()
    carcs: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    also_seen: tuple[str, ...] = ()


class Circumstance(Frozen):
    """A remedy and when it applies: all facts of `when` confirmed ("not x": x refuted). Empty = always.

    `decides` says why a person must decide in this circumstance; empty = need not, for that reason.
    """

    when: tuple[str, ...] = ()
    remedy: RemedyWord
    then: RemedyWord | None = None
    decides: str = ""


class Cause(Frozen):
    """One root cause.

    It is confirmed when every fact of `confirm` is confirmed and none of `refute` is; refuted when one of
    `confirm` is refuted or one of `refute` confirmed; else open. No `confirm` = no check yet: always open.
    `rank` orders causes confirmed together, lowest first: the one to fix first. `says` are clauses; a clause whose
    slot is not filled is left out. `decides` says why a person must decide; empty = need not. `stands_alone` says that
    its facts are a fault of the claim, or a state of the patient's cover, whatever the payer's codes say: it is
    examined also where they name it not, when nothing they name is proven. `settles` says that, proven, it answers the
    denial whatever else is wrong with the claim: no other cause is a rival.

    `before_sending` says that the practice's own records show it before the claim goes out. Then `before` are the facts
    that prove it there, where they are not those of `confirm`; `fix` says in clauses what to do about it; and
    `before_severity` whether the claim is denied as it stands (certain), or the payer judges (likely).
    """

    id: CauseId
    number: str
    name: str
    category: Category
    rank: int
    signals: Signals
    confirm: tuple[str, ...] = ()
    refute: tuple[str, ...] = ()
    says: tuple[str, ...] = Field(min_length=1)
    settled_by: str
    remedies: tuple[Circumstance, ...] = ()
    decides: str = ""
    signer: Literal["billing", "physician", "coder"] = "billing"
    documents: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    stands_alone: bool = False
    settles: bool = False
    before_sending: bool = False
    before: tuple[str, ...] = ()
    before_severity: Literal["certain", "likely"] = "certain"
    fix: tuple[str, ...] = ()


class Catalogue(Frozen):
    """All causes, in order of rank."""

    causes: tuple[Cause, ...]

    def get(self, cause_id: CauseId) -> Cause:
        """Return the cause of this id; KeyError when the catalogue has none."""
        return _by_id(self)[cause_id]

    def fact_names(self) -> frozenset[str]:
        """Return every fact any entry asks for, without "not "."""
        names = (
            name.removeprefix("not ")
            for cause in self.causes
            for group in (cause.confirm, cause.refute, *(c.when for c in cause.remedies))
            for name in group
        )
        return frozenset(names)

    def fact_names_before(self) -> frozenset[str]:
        """Return every fact asked for before sending, without "not "; their checks stand in agent/prevention too."""
        return frozenset(name.removeprefix("not ") for cause in self.causes for name in cause.before)


def _by_id(catalogue: Catalogue) -> dict[CauseId, Cause]:
    return {cause.id: cause for cause in catalogue.causes}


@cache
def load_catalogue() -> Catalogue:
    """Read every category file of this folder; raise CatalogueBroken naming file and entry on the first fault."""
    causes: dict[CauseId, Cause] = {}
    for path in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if not path.name.endswith(".yaml"):
            continue
        category = path.name.removesuffix(".yaml")
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            try:
                cause = Cause(category=category, **entry)
            except (TypeError, ValidationError) as fault:
                raise CatalogueBroken(f"{path.name}, entry {entry.get('id', '?')}: {fault}") from fault
            if cause.id in causes:
                raise CatalogueBroken(f"{path.name}: {cause.id} stands in the catalogue twice")
            causes[cause.id] = cause
    return Catalogue(causes=tuple(sorted(causes.values(), key=lambda cause: (cause.rank, cause.id))))
