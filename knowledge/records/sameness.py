"""When two facts are the same fact: equal in everything but where they stood."""

import hashlib

import msgspec
from pydantic import BaseModel

from knowledge.records.payloads import encode
from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Chart
from knowledge.types.claim import SubmittedClaim
from knowledge.types.claim_status import ClaimStatus
from knowledge.types.practice import Payer, Row
from knowledge.types.reading import Place

_NOWHERE = Place(segment=0, byte=0)


def content_key(fact: SubmittedClaim | ClaimAcknowledgement | ClaimStatus | BaseModel) -> str:
    """Give a key that two facts share exactly when they say the same, wherever they stood."""
    return hashlib.sha256(encode(_without_place(fact)).encode()).hexdigest()


def _without_place(
    fact: SubmittedClaim | ClaimAcknowledgement | ClaimStatus | BaseModel,
) -> SubmittedClaim | ClaimAcknowledgement | ClaimStatus | BaseModel:
    match fact:
        case SubmittedClaim():
            lines = tuple(msgspec.structs.replace(line, place=_NOWHERE) for line in fact.lines)
            # `text` is the claim in its own delimiters: the typed facts say the same without them.
            return msgspec.structs.replace(fact, place=_NOWHERE, file="", text="", lines=lines)
        case ClaimAcknowledgement() | ClaimStatus():
            return msgspec.structs.replace(fact, place=_NOWHERE, file="", text="")
        case Row():
            return fact.model_copy(update={"source": "", "raw": ""})
        case Payer():
            return fact.model_copy(update={"source": ""})
        case Chart():
            return fact.model_copy(update={"file": ""})
        case _:
            return fact
