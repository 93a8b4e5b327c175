"""Clients of the API, the tokens they were given, the assertions they showed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from knowledge.records.access import Client, Token
from knowledge.records.repository.keyed import insert_all, insert_once, insert_or_update
from knowledge.records.tables.access import AssertionRow, ClientPracticeRow, ClientRow, TokenRow


class Clients:
    """Clients of the API, bound to one session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> tuple[Client, ...]:
        """Give every client, by name."""
        rows = self._session.exec(select(ClientRow).order_by(ClientRow.name, ClientRow.client_id)).all()
        return tuple(self._client(row) for row in rows)

    def get(self, client_id: str) -> Client | None:
        """Give a client by id."""
        row = self._session.get(ClientRow, client_id)
        return None if row is None else self._client(row)

    def save(self, client: Client) -> None:
        """Write a client, new or changed."""
        values: dict[str, Any] = client.model_dump(exclude={"practices", "scopes"})
        values |= {"every_practice": client.practices is None, "scopes": _written(client.scopes)}
        insert_or_update(self._session, ClientRow, values, key=["client_id"])
        self._session.execute(delete(ClientPracticeRow).where(col(ClientPracticeRow.client_id) == client.client_id))
        practices = sorted(client.practices or ())
        insert_all(
            self._session,
            ClientPracticeRow,
            [{"client_id": client.client_id, "practice_id": each} for each in practices],
        )
        self._session.expire_all()

    def add_token(self, token: Token) -> None:
        """Store a token."""
        insert_all(self._session, TokenRow, [token.model_dump() | {"scopes": _written(token.scopes)}])

    def token(self, token_hash: str) -> Token | None:
        """Give a token by its hash, ended or not."""
        row = self._session.get(TokenRow, token_hash)
        if row is None:
            return None
        return Token.model_validate(row.model_dump() | {"scopes": frozenset(row.scopes.split())})

    def revoke(self, token_hash: str, client_id: str, now: datetime) -> None:
        """End one token of a client."""
        wanted = (col(TokenRow.token_hash) == token_hash, col(TokenRow.client_id) == client_id)
        self._session.execute(update(TokenRow).where(*wanted).values(revoked_at=now))

    def revoke_all(self, client_id: str, now: datetime) -> None:
        """End every token of a client."""
        self._session.execute(update(TokenRow).where(col(TokenRow.client_id) == client_id).values(revoked_at=now))

    def take_assertion(self, client_id: str, jti: str, ends_at: datetime) -> bool:
        """Take a signed assertion. False when the client showed it before."""
        return insert_once(self._session, AssertionRow, {"client_id": client_id, "jti": jti, "ends_at": ends_at})

    def clear(self, now: datetime) -> None:
        """Remove tokens and assertions that time has ended."""
        self._session.execute(delete(TokenRow).where(col(TokenRow.ends_at) <= now))
        self._session.execute(delete(AssertionRow).where(col(AssertionRow.ends_at) <= now))

    def _client(self, row: ClientRow) -> Client:
        wanted = select(ClientPracticeRow.practice_id).where(ClientPracticeRow.client_id == row.client_id)
        held = None if row.every_practice else frozenset(self._session.exec(wanted).all())
        values = row.model_dump(exclude={"every_practice", "scopes"})
        return Client.model_validate({**values, "practices": held, "scopes": frozenset(row.scopes.split())})


def _written(scopes: Iterable[str]) -> str:
    return " ".join(sorted(scopes))
