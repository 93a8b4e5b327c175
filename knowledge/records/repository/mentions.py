"""Whom every stored fact of a practice is about."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import sqlalchemy
from sqlmodel import Session, col

from knowledge.folder import UnreadRow
from knowledge.records.mentions import Mention, MentionKind
from knowledge.records.payloads import decode_model, decode_struct
from knowledge.records.tables import (
    AcknowledgementRow,
    AuthorizationRow,
    ChartRow,
    ClaimStatusRow,
    CoverageRow,
    RemitClaimRow,
    RemitRow,
    SourceFileRow,
    SubmittedClaimRow,
    UnreadFactRow,
)
from knowledge.types.acknowledgement import ClaimAcknowledgement
from knowledge.types.chart import Chart
from knowledge.types.claim import SubmittedClaim
from knowledge.types.claim_status import ClaimStatus
from knowledge.types.practice import Authorization, CoverageSpan
from knowledge.types.remit import ClaimPayment

_DAY = re.compile(r'"(\d{4}-\d{2}-\d{2})')
About = Callable[[str], dict[str, Any]]


class Mentions:
    """Whom facts are about, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self, practice_id: str) -> Iterator[Mention]:
        """Give every claim, answer, coverage, authorization and chart of a practice with whom it is about."""
        for kind, (table, about) in _FACTS.items():
            yield from self._facts(practice_id, kind, table, about)
        yield from self._remits(practice_id)

    def _facts(self, practice_id: str, kind: MentionKind, table: Any, about: About) -> Iterator[Mention]:
        statement = (
            sqlalchemy.select(col(table.id), col(table.file_id), col(SourceFileRow.name), col(table.payload))
            .join(SourceFileRow, col(SourceFileRow.id) == table.file_id)
            .where(table.practice_id == practice_id)
            .order_by(col(table.id))
        )
        for row, file_id, name, payload in self._session.execute(statement):
            said = about(payload)
            yield Mention(
                kind=kind, row=row, file_id=file_id, file=name, latest=_latest(payload, said.get("born")), **said
            )

    def _remits(self, practice_id: str) -> Iterator[Mention]:
        statement = (
            sqlalchemy.select(
                col(RemitClaimRow.id),
                col(RemitRow.file_id),
                col(SourceFileRow.name),
                col(RemitRow.paid_on),
                col(RemitClaimRow.payload),
            )
            .join(RemitRow, col(RemitRow.id) == RemitClaimRow.remit_id)
            .join(SourceFileRow, col(SourceFileRow.id) == RemitRow.file_id)
            .where(col(RemitClaimRow.practice_id) == practice_id)
            .order_by(col(RemitClaimRow.id))
        )
        for row, file_id, name, paid_on, payload in self._session.execute(statement):
            days = [day for day in (_latest(payload, None), paid_on) if day is not None]
            latest = max(days, default=None)
            yield Mention(kind="remit", row=row, file_id=file_id, file=name, latest=latest, **_payment(payload))


def _latest(payload: str, born: date | None) -> date | None:
    found = set()
    for text in _DAY.findall(payload):
        try:
            found.add(date.fromisoformat(text))
        except ValueError:
            continue  # digits in this shape that are no day
    return max(found - {born}, default=None)


def _claim(payload: str) -> dict[str, Any]:
    claim = decode_struct(payload, SubmittedClaim)
    return {
        "members": (claim.member_id,),
        "last": claim.patient_last,
        "first": claim.patient_first,
        "born": claim.birth_date,
        "claim": claim.claim_id,
        "numbers": (claim.original_reference,) if claim.original_reference else (),
        "named": tuple({*claim.authorizations, *(number for line in claim.lines for number in line.authorizations)}),
    }


def _payment(payload: str) -> dict[str, Any]:
    claim = decode_struct(payload, ClaimPayment)
    parties = [party for party in (claim.patient, claim.insured) if party is not None]
    person = parties[0] if parties else None
    return {
        "members": tuple(dict.fromkeys(party.id for party in parties if party.id)),
        "last": person.last_or_org if person else "",
        "first": person.first if person else "",
        "claim": claim.claim_id,
        "numbers": (claim.payer_claim_number,) if claim.payer_claim_number else (),
    }


def _answer(kind: type[ClaimAcknowledgement] | type[ClaimStatus]) -> About:
    def about(payload: str) -> dict[str, Any]:
        answer: ClaimAcknowledgement | ClaimStatus = decode_struct(payload, kind)
        numbers = (answer.payer_claim_number,) if answer.payer_claim_number else ()
        members = (answer.member_id,) if answer.member_id else ()
        return {"members": members, "claim": answer.claim_id, "numbers": numbers}

    return about


def _coverage(payload: str) -> dict[str, Any]:
    span = decode_model(payload, CoverageSpan)
    return {
        "members": (span.member_id,),
        "last": span.patient_last,
        "first": span.patient_first,
        "born": span.birth_date,
    }


def _authorization(payload: str) -> dict[str, Any]:
    row = decode_model(payload, Authorization)
    return {"members": (row.member_id,), "numbers": (row.auth_number,)}


def _chart(payload: str) -> dict[str, Any]:
    person = decode_model(payload, Chart).person
    members = tuple(name for name in person.identifiers if name.strip())
    return {"members": members, "last": person.last, "first": person.first, "born": person.birth_date}


def _unread(payload: str) -> dict[str, Any]:
    row = decode_model(payload, UnreadRow)
    members, numbers = row.keys.get("member_id", ""), row.keys.get("auth_number", "")
    return {"members": (members,) if members else (), "numbers": (numbers,) if numbers else ()}


_FACTS: dict[MentionKind, tuple[Any, About]] = {
    "claim": (SubmittedClaimRow, _claim),
    "coverage": (CoverageRow, _coverage),
    "authorization": (AuthorizationRow, _authorization),
    "chart": (ChartRow, _chart),
    "acknowledgement": (AcknowledgementRow, _answer(ClaimAcknowledgement)),
    "status": (ClaimStatusRow, _answer(ClaimStatus)),
    "unread": (UnreadFactRow, _unread),
}
