"""How many of everything there are, over all practices: numbers for whoever watches the server run."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select
from sqlmodel import Session, col

from knowledge.records.tables import DenialRow, EventRow, OutgoingRow
from knowledge.records.tables.exchange import JobRow
from knowledge.records.tables.webhooks import DeliveryRow, WebhookRow


class Standing:
    """Counts, bound to one session. Names of states only: nothing of a patient or practice."""

    def __init__(self, session: Session) -> None:
        """Bind to a session."""
        self._session = session

    def connection(self) -> Connection:
        """Give the database itself, to hold its tables against those the program knows."""
        return self._session.connection()

    def last_event(self) -> datetime | None:
        """Give when something last happened to a denial."""
        return self._session.execute(select(func.max(EventRow.at))).scalar()

    def denials(self) -> dict[tuple[str, ...], int]:
        """Count denials by status and route ("none" where they have not been worked)."""
        return self._counts(col(DenialRow.status), func.coalesce(col(DenialRow.route), "none"))

    def sends(self) -> dict[tuple[str, ...], int]:
        """Count sends by state and channel."""
        return self._counts(col(OutgoingRow.state), col(OutgoingRow.channel))

    def deliveries(self) -> dict[tuple[str, ...], int]:
        """Count what webhooks were told or are to be, by state."""
        return self._counts(col(DeliveryRow.state))

    def webhooks(self) -> dict[tuple[str, ...], int]:
        """Count webhooks by state."""
        return self._counts(col(WebhookRow.state))

    def jobs(self) -> dict[tuple[str, ...], int]:
        """Count bulk jobs by state."""
        return self._counts(col(JobRow.state))

    def _counts(self, *by: Any) -> dict[tuple[str, ...], int]:
        rows = self._session.execute(select(*by, func.count()).group_by(*by).order_by(*by))
        return {tuple(str(name) for name in names): int(number) for *names, number in rows}
