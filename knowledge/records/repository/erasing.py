"""What takes a patient out of the records: rows deleted, amounts kept without a person, bytes replaced."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy
from sqlalchemy import ColumnElement, Table, or_, tuple_
from sqlmodel import AutoString, Session, col, delete, select, update

from knowledge.records.joint import JointApproval
from knowledge.records.mentions import HeldContent, MentionKind
from knowledge.records.payloads import decode_struct, encode
from knowledge.records.repository.parts import in_parts
from knowledge.records.tables import (
    METADATA,
    AcknowledgementRow,
    ApprovalRow,
    AttemptRow,
    AuthorizationRow,
    ChartRow,
    ClaimStatusRow,
    CoverageRow,
    DenialRow,
    FindingRow,
    GroupMemberRow,
    GroupRow,
    IdempotencyRow,
    JobItemRow,
    JobRow,
    JointApprovalRow,
    LetterEditRow,
    OutcomeEntryRow,
    OutgoingRow,
    ProductRow,
    ProviderAdjustmentRow,
    RemitClaimRow,
    SentFileRow,
    SourceFileRow,
    SubmittedClaimRow,
    UnreadFactRow,
)
from knowledge.types.remit import ClaimPayment, ProviderAdjustment

_TABLES: dict[MentionKind, Any] = {
    "claim": SubmittedClaimRow,
    "coverage": CoverageRow,
    "authorization": AuthorizationRow,
    "chart": ChartRow,
    "acknowledgement": AcknowledgementRow,
    "status": ClaimStatusRow,
    "unread": UnreadFactRow,
}
_NO_PERSON = frozenset(
    {
        *("audit_entry", "audit_head", "schema_version", "alembic_version"),
        *("practice", "payer", "policy", "contract_rate"),
    }
)
"""Tables that a text is not looked for in: the trail, which holds ids alone and must stay as it was written, and what
is about the practice, its payers and their rules."""

_ACCESS = "access_"
_AT_ONCE = 500
_WORDS_AT_ONCE = 20


class Erasing:
    """Statements that take a patient out, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def drop_facts(self, kind: MentionKind, rows: Sequence[int]) -> None:
        """Delete facts by row."""
        table = _TABLES[kind]
        for some in in_parts(rows):
            self._session.execute(delete(table).where(col(table.id).in_(some)))

    def keep_amount(self, row: int, name: str) -> None:
        """Leave of an adjudicated claim what it paid, under a name that says nothing: cash must still add up."""
        claim = self._session.get(RemitClaimRow, row)
        if claim is None:
            return
        held = decode_struct(claim.payload, ClaimPayment)
        bare = ClaimPayment(
            place=held.place,
            claim_id=name,
            status="1",
            charge=held.paid,
            paid=held.paid,
            payer_claim_number=name,
            header_number=held.header_number,
        )
        values = {"claim_id": name, "payer_claim_number": name, "status": "1", "charge_cents": claim.paid_cents}
        self._session.execute(
            update(RemitClaimRow).where(col(RemitClaimRow.id) == row).values(**values, payload=encode(bare))
        )

    def rename_references(self, practice_id: str, renamed: Callable[[str], str]) -> None:
        """Give references of provider adjustments another text where `renamed` does."""
        statement = select(ProviderAdjustmentRow).where(ProviderAdjustmentRow.practice_id == practice_id)
        for row in self._session.exec(statement).all():
            reference = renamed(row.reference)
            if reference != row.reference:
                held = decode_struct(row.payload, ProviderAdjustment)
                row.reference = reference
                row.payload = encode(msgspec.structs.replace(held, reference=renamed(held.reference)))
                self._session.add(row)
        self._session.flush()

    def contents(self, practice_id: str) -> Iterator[HeldContent]:
        """Give every source file of a practice, and every file that waits in a job, with its bytes."""
        ids = self._session.exec(
            select(SourceFileRow.id).where(SourceFileRow.practice_id == practice_id).order_by(col(SourceFileRow.id))
        ).all()
        for file_id in ids:
            row = self._session.exec(select(SourceFileRow).where(SourceFileRow.id == file_id)).one()
            yield HeldContent(
                id=file_id or 0,
                job_id=None,
                practice_id=practice_id,
                kind=row.kind,
                name=row.name,
                state=row.state,
                content=zlib.decompress(row.content),
            )
            self._session.expunge(row)
        waiting = (
            select(JobItemRow)
            .join(JobRow, col(JobRow.job_id) == col(JobItemRow.job_id))
            .where(JobRow.practice_id == practice_id, col(JobItemRow.content).is_not(None))
        )
        for item in self._session.exec(waiting.order_by(col(JobItemRow.job_id), col(JobItemRow.position))).all():
            yield HeldContent(
                id=item.position,
                job_id=item.job_id,
                practice_id=practice_id,
                kind=item.kind,
                name=item.name,
                state=item.state,
                content=zlib.decompress(item.content or b""),
            )

    def replace_content(self, file: HeldContent, content: bytes) -> None:
        """Put other bytes in a file's place. Its sha256 stays that of the bytes that came, by which it is known."""
        packed = zlib.compress(content, level=1)
        if file.job_id is None:
            where = col(SourceFileRow.id) == file.id
            self._session.execute(update(SourceFileRow).where(where).values(content=packed))
            return
        here = (col(JobItemRow.job_id) == file.job_id, col(JobItemRow.position) == file.id)
        self._session.execute(update(JobItemRow).where(*here).values(content=packed))

    def empty(self, file: HeldContent) -> None:
        """Leave nothing of a file but that its content came once: the same bytes are not taken in again."""
        if file.job_id is not None:
            here = (col(JobItemRow.job_id) == file.job_id, col(JobItemRow.position) == file.id)
            values = {"content": None, "state": "failed", "name": "erased", "error": "erased before it was taken in"}
            self._session.execute(update(JobItemRow).where(*here).values(**values))
            return
        self._session.execute(delete(FindingRow).where(col(FindingRow.file_id) == file.id))
        emptied = {"content": zlib.compress(b""), "size": 0, "state": "erased", "name": f"erased-{file.id}"}
        self._session.execute(update(SourceFileRow).where(col(SourceFileRow.id) == file.id).values(**emptied))

    def kept_of(self, practice_id: str, denial_ids: Sequence[str]) -> tuple[str, ...]:
        """Give the sha256 of everything that was sent for these denials, or came back, and is not another's too.

        What one of them approved is its own, whoever's send it went along with.
        """
        mine: dict[bool, set[str]] = {True: set(), False: set()}
        others: dict[bool, set[str]] = {True: set(), False: set()}
        for denial_id, sha256, approved in self._kept(practice_id):
            (mine if denial_id in denial_ids else others)[approved].add(sha256)
        alone = (mine[True] | mine[False]) - others[True] - others[False]
        return tuple(sorted(alone | (mine[True] - others[True])))

    def paths_of(self, practice_id: str, denial_ids: Sequence[str]) -> tuple[str, ...]:
        """Give the paths of all files made for these denials."""
        found: set[str] = set()
        for some in in_parts(denial_ids):
            made = select(ProductRow.path).where(
                ProductRow.practice_id == practice_id, col(ProductRow.denial_id).in_(some)
            )
            found.update(self._session.exec(made))
        return tuple(sorted(found))

    def joint_with(self, practice_id: str, denial_ids: Sequence[str]) -> tuple[tuple[JointApproval, bool], ...]:
        """Give the approvals of groups that have one of these denials, each with whether its send has begun."""
        found = []
        for row in self._session.exec(select(JointApprovalRow).where(JointApprovalRow.practice_id == practice_id)):
            joint = JointApproval.model_validate_json(row.payload)
            if any(member.denial_id in denial_ids for member in joint.members):
                sent = select(OutgoingRow.key).where(
                    OutgoingRow.practice_id == practice_id,
                    OutgoingRow.approval_sha256 == joint.sha256,
                    col(OutgoingRow.prepared_at).is_not(None),
                )
                found.append((joint, self._session.exec(sent).first() is not None))
        return tuple(found)

    def keep_joint(self, practice_id: str, joint: JointApproval, carrier: str | None) -> None:
        """Write a joint approval without who was taken out of it; its send goes to `carrier`, one of who is left."""
        here = (col(JointApprovalRow.practice_id) == practice_id, col(JointApprovalRow.sha256) == joint.sha256)
        self._session.execute(update(JointApprovalRow).where(*here).values(payload=joint.model_dump_json()))
        if carrier is not None:
            sends = (col(OutgoingRow.practice_id) == practice_id, col(OutgoingRow.approval_sha256) == joint.sha256)
            self._session.execute(update(OutgoingRow).where(*sends).values(denial_id=carrier))

    def drop_joint(self, practice_id: str, sha256: str) -> None:
        """Take a joint approval out, with what is queued by it: its members go by their own."""
        queued = (col(OutgoingRow.practice_id) == practice_id, col(OutgoingRow.approval_sha256) == sha256)
        says = "somebody it was about was erased before it was sent"
        self._session.execute(update(OutgoingRow).where(*queued).values(state="voided", says=says, retry_at=None))
        here = (col(JointApprovalRow.practice_id) == practice_id, col(JointApprovalRow.sha256) == sha256)
        self._session.execute(delete(JointApprovalRow).where(*here))

    def drop_denials(self, practice_id: str, denial_ids: Sequence[str]) -> None:
        """Delete denials with everything that hangs on them; groups of fewer than two go too."""
        for some in in_parts(denial_ids):
            sends = select(OutgoingRow.key).where(
                OutgoingRow.practice_id == practice_id, col(OutgoingRow.denial_id).in_(some)
            )
            keys = list(self._session.exec(sends))
            for table in (AttemptRow, SentFileRow):
                self._session.execute(delete(table).where(col(table.send).in_(keys)))
            here = (col(DenialRow.practice_id) == practice_id, col(DenialRow.denial_id).in_(some))
            self._session.execute(delete(DenialRow).where(*here))
        members = (
            sqlalchemy.select(col(GroupMemberRow.group_id))
            .where(col(GroupMemberRow.practice_id) == practice_id)
            .group_by(col(GroupMemberRow.group_id))
            .having(sqlalchemy.func.count() > 1)
        )
        alone = (col(GroupRow.practice_id) == practice_id, col(GroupRow.group_id).not_in(members))
        gone = list(self._session.exec(select(GroupRow.group_id).where(*alone)))
        for some in in_parts(gone):
            for rows in (GroupMemberRow, GroupRow):
                self._session.execute(
                    delete(rows).where(col(rows.practice_id) == practice_id, col(rows.group_id).in_(some))
                )

    def drop_answers(self, tells: Callable[[bytes], bool]) -> int:
        """Delete answers kept for repeated requests that tell of the patient; give how many went."""
        statement = select(IdempotencyRow.caller, IdempotencyRow.key, IdempotencyRow.body)
        found = [
            (caller, key)
            for caller, key, body in self._session.exec(statement)
            if body is not None and tells(zlib.decompress(body))
        ]
        for caller, key in found:
            here = (col(IdempotencyRow.caller) == caller, col(IdempotencyRow.key) == key)
            self._session.execute(delete(IdempotencyRow).where(*here))
        return len(found)

    def rewrite_texts(self, words: Sequence[str], rewritten: Callable[[str], str]) -> dict[str, int]:
        """Rewrite every text of every table that holds one of `words`; give how many rows of which table changed."""
        changed: dict[str, int] = {}
        for table in METADATA.sorted_tables:
            if table.name in _NO_PERSON or table.name.startswith(_ACCESS):
                continue
            columns = [column for column in table.c if isinstance(column.type, AutoString) and not column.primary_key]
            number = self._rewrite(table, columns, words, rewritten) if columns else 0
            if number:
                changed[table.name] = number
        return changed

    def _rewrite(self, table: Table, columns: list[Any], words: Sequence[str], rewritten: Callable[[str], str]) -> int:
        keys = list(table.primary_key.columns)
        found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for some in in_parts(words, _WORDS_AT_ONCE):
            holds = [column.icontains(word, autoescape=True) for column in columns for word in some]
            for row in self._session.execute(sqlalchemy.select(*keys, *columns).where(or_(*holds))):
                found[tuple(row[: len(keys)])] = tuple(row[len(keys) :])
        number = 0
        for key, texts in found.items():
            values = {
                column.name: after
                for column, text in zip(columns, texts, strict=True)
                if text is not None and (after := rewritten(text)) != text
            }
            if values:
                here: ColumnElement[bool] = tuple_(*keys) == tuple_(*key)
                self._session.execute(table.update().where(here).values(**values))
                number += 1
        return number

    def _kept(self, practice_id: str) -> Iterator[tuple[str, str, bool]]:
        """Give every sha256 kept with the denial it belongs to, and whether that denial's approval names it."""
        sends = select(OutgoingRow).where(OutgoingRow.practice_id == practice_id)
        denial_of = {}
        for send in self._session.exec(sends):
            denial_of[send.key] = send.denial_id
            yield send.denial_id, send.file_sha256, False
            yield send.denial_id, send.handed_sha256, False
            if send.receipt_sha256:
                yield send.denial_id, send.receipt_sha256, False
        for along in self._session.exec(select(SentFileRow).where(SentFileRow.practice_id == practice_id)):
            yield denial_of.get(along.send, ""), along.sha256, False
        for approval in self._session.exec(select(ApprovalRow).where(ApprovalRow.practice_id == practice_id)):
            for file in msgspec.json.decode(approval.files):
                yield approval.denial_id, file["sha256"], True
        for entry in self._session.exec(select(OutcomeEntryRow).where(OutcomeEntryRow.practice_id == practice_id)):
            if entry.letter_sha256:
                yield entry.denial_id, entry.letter_sha256, False
        for edit in self._session.exec(select(LetterEditRow).where(LetterEditRow.practice_id == practice_id)):
            yield edit.denial_id, edit.word_sha256, False
            yield edit.denial_id, edit.letter_before, False
