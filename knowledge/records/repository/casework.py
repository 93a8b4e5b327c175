"""The work on a denial: what each stage found, what was made, who decided, what happened when.

Every effect has a key: sent twice it counts once.
"""

from collections.abc import Sequence
from typing import TypeVar

import msgspec
from pydantic import BaseModel
from sqlmodel import Session, col, select

from knowledge.records.payloads import Payload, decode_model, decode_struct, encode
from knowledge.records.repository.feed import Feed
from knowledge.records.repository.keyed import insert_once, insert_or_update
from knowledge.records.repository.parts import in_parts
from knowledge.records.tables import AuthorityRow, EventRow, ProductRow, ReviewRow, WorkRow
from knowledge.records.values import Event, Product, Review

S = TypeVar("S", bound=msgspec.Struct)
M = TypeVar("M", bound=BaseModel)


class Casework:
    """Work, products, reviews and events of denials, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def save_work(self, practice_id: str, denial_id: str, stage: str, revision: int, found: Payload) -> bool:
        """Store what a stage found. False when a later revision has been there already: that one stays."""
        values = {
            "practice_id": practice_id,
            "denial_id": denial_id,
            "stage": stage,
            "revision": revision,
            "payload": encode(found),
        }
        key = ["practice_id", "denial_id", "stage"]
        return insert_or_update(self._session, WorkRow, values, key, unless_newer="revision")

    def work(
        self, practice_id: str, denial_id: str, stage: str, kind: type[M], revision: int | None = None
    ) -> M | None:
        """Give what a stage found; with `revision`, only if it found it for that revision."""
        text = self._work(practice_id, denial_id, stage, revision)
        return None if text is None else decode_model(text, kind)

    def works(self, practice_id: str, denial_ids: Sequence[str], stage: str, kind: type[M]) -> dict[str, M]:
        """Give what a stage found for some denials; those that it found nothing for are left out."""
        statement = select(WorkRow.denial_id, WorkRow.payload).where(
            WorkRow.practice_id == practice_id, WorkRow.stage == stage
        )
        found: dict[str, M] = {}
        for some in in_parts(denial_ids):
            rows = self._session.exec(statement.where(col(WorkRow.denial_id).in_(some)))
            found |= {name: decode_model(text, kind) for name, text in rows}
        return found

    def work_struct(
        self, practice_id: str, denial_id: str, stage: str, kind: type[S], revision: int | None = None
    ) -> S | None:
        """Give what a stage found, when that is an X12 struct."""
        text = self._work(practice_id, denial_id, stage, revision)
        return None if text is None else decode_struct(text, kind)

    def every(
        self, practice_id: str, stage: str, kind: type[S], denial_ids: Sequence[str] | None = None
    ) -> dict[str, S]:
        """Give what a stage found for some denials, or for all that it found something for."""
        wanted = (WorkRow.practice_id == practice_id, WorkRow.stage == stage)
        statement = select(WorkRow.denial_id, WorkRow.payload).where(*wanted)
        if denial_ids is None:
            return {name: decode_struct(text, kind) for name, text in self._session.exec(statement)}
        found: dict[str, S] = {}
        for some in in_parts(denial_ids):
            rows = self._session.exec(statement.where(col(WorkRow.denial_id).in_(some)))
            found |= {name: decode_struct(text, kind) for name, text in rows}
        return found

    def stages(self, practice_id: str, denial_id: str) -> dict[str, int]:
        """Give the stages that have found something, each with its revision."""
        statement = (
            select(WorkRow.stage, WorkRow.revision)
            .where(WorkRow.practice_id == practice_id, WorkRow.denial_id == denial_id)
            .order_by(WorkRow.stage)
        )
        return dict(self._session.exec(statement).all())

    def save_product(self, practice_id: str, denial_id: str, product: Product) -> None:
        """Store that a file was made; one of the same kind replaces it."""
        values = {"practice_id": practice_id, "denial_id": denial_id, **product.model_dump()}
        insert_or_update(self._session, ProductRow, values, key=["practice_id", "denial_id", "kind"])

    def drop_products(self, practice_id: str, denial_id: str, keep: frozenset[str] = frozenset()) -> None:
        """Forget the files made for a denial, except those of the kinds to keep."""
        for row in self._session.exec(
            select(ProductRow).where(ProductRow.practice_id == practice_id, ProductRow.denial_id == denial_id)
        ):
            if row.kind not in keep:
                self._session.delete(row)
        self._session.flush()

    def products(self, practice_id: str, denial_id: str) -> tuple[Product, ...]:
        """Give the files made for a denial, by kind."""
        statement = (
            select(ProductRow)
            .where(ProductRow.practice_id == practice_id, ProductRow.denial_id == denial_id)
            .order_by(ProductRow.kind)
        )
        rows = self._session.exec(statement)
        return tuple(Product.model_validate(row.model_dump(include=_PRODUCT)) for row in rows)

    def add_review(self, practice_id: str, denial_id: str, review: Review) -> bool:
        """Store a person's decision. False when this key was there already."""
        values = {
            "practice_id": practice_id,
            "denial_id": denial_id,
            **review.model_dump(exclude={"changes", *_AUTHORITY}),
            "changes": msgspec.json.encode(review.changes).decode(),
        }
        added = insert_once(self._session, ReviewRow, values)
        authority = review.model_dump(include=_AUTHORITY, exclude_none=True)
        if added and authority:
            key = {"practice_id": practice_id, "denial_id": denial_id, "key": review.key}
            insert_once(self._session, AuthorityRow, {**key, **authority})
        return added

    def reviews(self, practice_id: str, denial_id: str) -> tuple[Review, ...]:
        """Give the decisions on a denial, oldest first."""
        statement = (
            select(ReviewRow)
            .where(ReviewRow.practice_id == practice_id, ReviewRow.denial_id == denial_id)
            .order_by(col(ReviewRow.at), ReviewRow.key)
        )
        given = select(AuthorityRow).where(AuthorityRow.practice_id == practice_id, AuthorityRow.denial_id == denial_id)
        authority = {row.key: row.model_dump(include=_AUTHORITY) for row in self._session.exec(given)}
        return tuple(
            Review.model_validate(
                {
                    **row.model_dump(include=_REVIEW),
                    "changes": msgspec.json.decode(row.changes),
                    **authority.get(row.key, {}),
                }
            )
            for row in self._session.exec(statement)
        )

    def review_keys(self, practice_id: str, denial_ids: Sequence[str]) -> dict[str, list[str]]:
        """Give the keys of the decisions on some denials, oldest first; those without any are left out."""
        found: dict[str, list[str]] = {}
        for some in in_parts(denial_ids):
            statement = (
                select(ReviewRow.denial_id, ReviewRow.key)
                .where(ReviewRow.practice_id == practice_id, col(ReviewRow.denial_id).in_(some))
                .order_by(col(ReviewRow.at), ReviewRow.key)
            )
            for name, key in self._session.exec(statement):
                found.setdefault(name, []).append(key)
        return found

    def add_event(self, practice_id: str, denial_id: str, event: Event) -> bool:
        """Add an entry to a denial's timeline, and to the feed. False when this key was there already."""
        values = {"practice_id": practice_id, "denial_id": denial_id, **event.model_dump()}
        added = insert_once(self._session, EventRow, values)
        if added:
            Feed(self._session).add(practice_id, f"denial.{event.kind}", denial_id, event.key, event.at)
        return added

    def timeline(self, practice_id: str, denial_id: str) -> tuple[Event, ...]:
        """Give what happened to a denial, oldest first."""
        statement = (
            select(EventRow)
            .where(EventRow.practice_id == practice_id, EventRow.denial_id == denial_id)
            .order_by(col(EventRow.at), EventRow.key)
        )
        return tuple(Event.model_validate(row.model_dump(include=_EVENT)) for row in self._session.exec(statement))

    def _work(self, practice_id: str, denial_id: str, stage: str, revision: int | None) -> str | None:
        row = self._session.get(WorkRow, (practice_id, denial_id, stage))
        if row is None or (revision is not None and row.revision != revision):
            return None
        return row.payload


_PRODUCT = set(Product.model_fields)
_AUTHORITY = {"role", "signed_by"}
_REVIEW = set(Review.model_fields) - _AUTHORITY
_EVENT = set(Event.model_fields)
