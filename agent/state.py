"""The state of one denial's thread: ids and words only. Patient data stays in the records."""

from typing import Literal, TypedDict

StepName = Literal["link", "investigate", "diagnose", "decide", "draft", "verify", "release", "review", "finish"]


class CaseState(TypedDict, total=False):
    """What a checkpoint holds.

    `case_print` is the fingerprint of the case's records: another one means that the case must be worked anew.
    `answer` is a reviewer's decision word; what it changed stands in the records. `answered` are the keys of the
    reviews that this thread has taken: one that is stored and not among them is still to be taken.
    """

    denial_id: str
    case_print: str
    revision: int
    route: str
    answer: str
    answered: list[str]
