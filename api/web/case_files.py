"""The files made for a case: where each is opened, and the exhibits a packet holds, read off its own outline."""

import io
from collections import OrderedDict
from pathlib import PurePosixPath
from threading import Lock
from typing import Any, NamedTuple

import pikepdf

from agent.vault import Changed
from api.service import Service
from api.standing_file import standing_file

NAMES = {
    "packet": "Packet: letter and exhibits",
    "letter": "Letter alone",
    "corrected_claim": "Corrected claim (837P)",
    "claim_changes": "Changes of the claim, as a page",
    "authorization_request": "Authorization request",
    "authorization_bundle": "Authorization request (FHIR)",
    "peer_to_peer_brief": "Brief for the call between physicians",
    "records_metadata": "Records as data for a 275",
    "closing_memo": "Closing memo",
}
MEDIA = {
    "corrected_claim": "text/plain; charset=utf-8",
    "authorization_bundle": "application/json",
    "records_metadata": "application/json",
}
_KEPT = 200


class Enclosure(NamedTuple):
    """An exhibit of the packet: its title as printed, and the page of the packet it begins on (from 1)."""

    title: str
    page: int


class MadeFile(NamedTuple):
    """A file made: its bytes as they were made, and what they are."""

    content: bytes
    media_type: str
    name: str


def made_file(service: Service, practice_id: str, denial_id: str, kind: str) -> MadeFile | None:
    """Read a file made for a case, the approved one where it is approved.

    None when there is none, or it is not the one that was made or approved any more.
    """
    found = standing_file(service, practice_id, denial_id, kind)
    if found is None:
        return None
    try:
        content = service.office.files.read_as(found.path, found.sha256)
    except (FileNotFoundError, Changed):
        return None
    name = f"{denial_id}-{kind.replace('_', '-')}{PurePosixPath(found.path).suffix}"
    return MadeFile(content, MEDIA.get(kind, found.media_type), name)


_held: "OrderedDict[str, tuple[Enclosure, ...]]" = OrderedDict()
_lock = Lock()


def enclosures(service: Service, practice_id: str, denial_id: str) -> tuple[Enclosure, ...]:
    """Return the exhibits of a case's packet in order; none where there is no packet. Kept by the packet's sha256."""
    found = standing_file(service, practice_id, denial_id, "packet")
    if found is None:
        return ()
    with _lock:
        known = _held.get(found.sha256)
    if known is not None:
        return known
    made = made_file(service, practice_id, denial_id, "packet")
    listed = _outline(made.content) if made is not None else ()
    with _lock:
        _held[found.sha256] = listed
        while len(_held) > _KEPT:
            _held.popitem(last=False)
    return listed


def _outline(content: bytes) -> tuple[Enclosure, ...]:
    """Read the exhibits off a packet's outline: what follows the letter in it."""
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        pages: dict[Any, int] = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        return tuple(Enclosure(str(one.title), _page(one.destination, pages)) for one in outline.root[1:])


def _page(place: Any, pages: dict[Any, int]) -> int:
    """Give the page a place of the outline is on; 0 where it does not say."""
    if not isinstance(place, pikepdf.Array) or not len(place):
        return 0
    target: Any = place[0]
    return pages.get(target.objgen, 0)
