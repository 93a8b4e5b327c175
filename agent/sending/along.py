"""The files of data that belong to what is sent: named for the other side, each with its sha256."""

import hashlib
from collections.abc import Sequence
from pathlib import PurePosixPath

import msgspec

from agent.desk import Desk
from agent.sending.letterbox import Envelope
from knowledge.records import Approval, ApprovedFile, SentFile

DATA = ("authorization_bundle", "records_metadata")
"""Kinds that go to the payer with the packet. What is for the house alone (changes, brief) is approved and stays."""

MANIFEST = "manifest"
_JSON = "application/json"

Along = tuple[SentFile, bytes]


def data_of(approval: Approval) -> tuple[ApprovedFile, ...]:
    """Return the data an approval names beside its packet, in the order of their paths.

    A claim goes with the letter that announces it; where there is no letter it is itself what is sent.
    """
    kinds = {file.kind for file in approval.files}
    data = (*DATA, "corrected_claim") if "packet" in kinds else DATA
    return tuple(sorted((file for file in approval.files if file.kind in data), key=lambda file: file.path))


def read_data(desk: Desk, approval: Approval, key: str) -> tuple[Along, ...]:
    """Read the data of a send as it was approved; each is named by the send, its denial and itself.

    Raises:
        Changed: a file is not the one that was approved.
        FileNotFoundError: it is gone.
    """
    found = []
    for file in data_of(approval):
        content = desk.files.read_as(file.path, file.sha256)
        name = f"{key}-{_denial(file)}-{PurePosixPath(file.path).name}"
        found.append(
            (SentFile(kind=file.kind, file_name=name, media_type=file.media_type, sha256=file.sha256), content)
        )
    return tuple(found)


def _denial(file: ApprovedFile) -> str:
    """Return whose file it is: a final copy stands below its denial's folder (DENIAL/final/NAME)."""
    return PurePosixPath(file.path).parent.parent.name


def manifest(envelope: Envelope, main_name: str, along: Sequence[Along]) -> Along:
    """Return the list of all files of a send with their sha256: who takes them can tell that none is missing."""
    says = {
        "type": "overturn.send",
        "key": envelope.key,
        "approval_sha256": envelope.approval_sha256,
        "files": [
            named(envelope.kind, main_name, envelope.media_type, envelope.file_sha256),
            *(named(file.kind, file.file_name, file.media_type, file.sha256) for file, _ in along),
        ],
    }
    content = msgspec.json.encode(says)
    sha256 = hashlib.sha256(content).hexdigest()
    return SentFile(kind=MANIFEST, file_name=f"{envelope.key}-manifest.json", media_type=_JSON, sha256=sha256), content


def named(kind: str, file_name: str, media_type: str, sha256: str) -> dict[str, str]:
    """Name a file to the other side."""
    return {"kind": kind, "file_name": file_name, "media_type": media_type, "sha256": sha256}


def stays(along: Sequence[SentFile]) -> str:
    """Say what of a send was not handed over, because its channel takes no data; "" when all went."""
    kinds = sorted({file.kind.replace("_", " ") for file in along if not file.handed})
    if not kinds:
        return ""
    return f"; the {' and the '.join(kinds)} is data and is not printed: send it by folder or webhook too"
