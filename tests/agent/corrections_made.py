"""Ask for the changes of a claim for a cause, whatever the case would be named."""

import pytest
from agent_builders import (
    asked,
    diagnosed,
)

from agent.diagnosis.case import Case
from agent.drafting.correction_case import CorrectionCase, NotCorrectable
from agent.drafting.corrections import changes_for
from knowledge.types.corrections import (
    ClaimChange,
    CorrectionMode,
)


def made(of: Case, cause: str, mode: CorrectionMode = "replacement") -> tuple[ClaimChange, ...]:
    answer = diagnosed(of).model_copy(update={"root_cause": cause})
    return changes_for(CorrectionCase(asked(of), answer, mode))


def refused(of: Case, cause: str, mode: CorrectionMode = "replacement") -> str:
    with pytest.raises(NotCorrectable) as caught:
        made(of, cause, mode)
    return str(caught.value)
