"""What a person asks a clinician about a denial, and what came back."""

from pydantic import AwareDatetime

from knowledge.types.practice import Frozen


class Question(Frozen):
    """A question about a denial. `asked_of` names the clinician, blank = any; `answer` None while it waits."""

    key: str
    denial_id: str
    asked: str
    asked_by: str
    asked_at: AwareDatetime
    asked_of: str = ""
    answer: str | None = None
    answered_by: str | None = None
    answered_at: AwareDatetime | None = None
