"""What a biller does to a case, measured: each change is made and taken back, so that each round finds the same."""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from fastapi.testclient import TestClient
from httpx2 import Response

from agent.editing.parts import parts_of
from agent.work import Draft
from api.service import Service

_TAG = re.compile(r'name="tag" value="([^"]+)"')
_SOURCE = re.compile(r"/source/([A-Za-z0-9_]+)")


class Step(NamedTuple):
    """One change: what it is called, and what makes it; what it needs is looked up before the clock runs."""

    name: str
    ready: Callable[[], Callable[[], Response]]


class Biller:
    """One biller in a browser."""

    def __init__(self, client: TestClient, service: Service, practice_id: str) -> None:
        """Work through `client` at a running server."""
        self._client, self._service, self._practice_id = client, service, practice_id

    def tag(self, denial_id: str) -> str:
        """Return the version of a case as its page shows it; blank where it waits for nobody."""
        found = _TAG.search(self._client.get(f"/case/{denial_id}").text)
        return found[1] if found else ""

    def source(self, denial_id: str) -> str:
        """Return the first source a case's page names; blank where there is none."""
        found = _SOURCE.search(self._client.get(f"/case/{denial_id}").text)
        return found[1] if found else ""

    def post(self, address: str, form: dict[str, str]) -> Response:
        """Send a form; where it leads is not followed."""
        return self._client.post(address, data=form, follow_redirects=False)

    def steps(self, denial_id: str) -> Iterator[Step]:
        """Give the changes of one round, in order."""
        case = f"/case/{denial_id}"

        def form(address: str, **values: str) -> Callable[[], Callable[[], Response]]:
            return lambda: lambda: self.post(f"{case}/{address}", values)

        def decided(address: str, **values: str) -> Callable[[], Callable[[], Response]]:
            def ready() -> Callable[[], Response]:
                sent = {**values, "tag": self.tag(denial_id)}
                return lambda: self.post(f"{case}/{address}", sent)

            return ready

        yield Step("assign", lambda: lambda: self.post("/queue/assign", {"ids": denial_id, "to": "me"}))
        yield Step("snooze", lambda: lambda: self.post("/queue/snooze", {"ids": denial_id, "days": "1"}))
        yield Step("wake", lambda: lambda: self.post("/queue/snooze", {"ids": denial_id, "days": "0"}))
        yield Step("approve", decided("approve"))
        yield Step("take an approval back", form("take-back"))
        yield Step("reject", decided("reject", reason="not ours to argue"))
        yield Step("take a rejection back", form("take-back"))
        yield Step("open the letter", lambda: lambda: self._client.get(f"{case}/letter/edit"))
        yield Step("check the letter as it is typed", self._checked(denial_id))
        yield Step("save the letter", self._saved(denial_id))

    def has_letter(self, denial_id: str) -> bool:
        """Tell whether a case has a letter to edit."""
        return self._client.get(f"/case/{denial_id}/letter/edit").status_code == 200

    def _parts(self, denial_id: str) -> tuple[dict[str, Any], str]:
        """Return the parts of a letter with its first two paragraphs changed about, and its print."""
        with self._service.office.records.reading() as repository:
            draft = repository.casework.work(self._practice_id, denial_id, "draft", Draft)
        if draft is None or draft.letter is None:
            raise LookupError(f"{denial_id} has no letter")
        parts = parts_of(draft.letter).model_dump(mode="json")
        parts["paragraphs"][:2] = reversed(parts["paragraphs"][:2])
        page = self._client.get(f"/case/{denial_id}/letter/edit").text
        print_ = re.search(r'data-letter="([0-9a-f]+)"', page)
        return parts, print_[1] if print_ else ""

    def _checked(self, denial_id: str) -> Callable[[], Callable[[], Response]]:
        def ready() -> Callable[[], Response]:
            parts, print_ = self._parts(denial_id)
            body = {"letter": print_, "parts": parts}
            return lambda: self._client.post(f"/case/{denial_id}/letter/check", json=body)

        return ready

    def _saved(self, denial_id: str) -> Callable[[], Callable[[], Response]]:
        def ready() -> Callable[[], Response]:
            parts, _ = self._parts(denial_id)
            headers = {"if-match": f'"{self.tag(denial_id)}"', "accept": "application/json"}
            body = {"parts": parts, "reason": "courtesy"}
            return lambda: self._client.post(f"/case/{denial_id}/letter", json=body, headers=headers)

        return ready
