"""Values of retention and erasure: holds, and what an erasure still has to remove or has removed."""

from typing import Literal

from pydantic import AwareDatetime, Field

from knowledge.types.practice import Frozen

HoldSubject = Literal["denial", "member"]


class LegalHold(Frozen):
    """Nothing of a denial's patient, or of a member, is removed while it stands: `lifted_at` is None.

    `named` is the denial's id or the member id. Who placed and lifted it, when and why, stays.
    """

    hold_id: str
    practice_id: str
    subject: HoldSubject
    named: str
    why: str
    placed_by: str
    placed_at: AwareDatetime
    lifted_by: str | None = None
    lifted_at: AwareDatetime | None = None
    lifted_why: str | None = None


class ErasurePlan(Frozen):
    """What lies beside the records and is still to go: by id, path below the home and sha256; nothing names a person.

    `threads` are checkpoints, `paths` files or folders below `products`, `kept` what was sent or came back.
    """

    threads: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


class Erasure(Frozen):
    """One patient erased; while `ended_at` is None the plan is not carried out. `counts` by what it counts."""

    erasure_id: str
    practice_id: str
    ordered_by: str
    begun_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    plan: ErasurePlan
    counts: dict[str, int] = Field(default_factory=dict)
