"""The vectors of policy passages, kept in Chroma in a folder: no service, no network, no telemetry, no patient data.

A Chroma folder must not be open in two processes. So the kept folder is never opened in place: whoever reads or
writes works on a copy of its own, and a writer puts its copy in the kept folder's place while it holds the lock.
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from knowledge.policies.encoder import WIDTH, Encoder, load_encoder
from knowledge.policies.passages import Passage, cut_passages
from knowledge.policies.unused_room import blank_unused_room
from knowledge.policies.words import spelled_out, with_synonyms
from knowledge.types.practice import Policy

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

_KEPT, _NEW, _LOCK = "passages", "passages.new", "lock"
_BATCH = 250
_OF_QUESTION, _OF_PASSAGE = 6, 2  # synonyms of each group; chosen on the tuning questions of evals/retrieval


@dataclass(slots=True)
class PassageIndex:
    """An open index: a private copy of the vectors, and the encoder. Close it, or use it in a `with` statement."""

    _encoder: Encoder
    _client: "Client"
    _collection: "Collection"
    _copy: "tempfile.TemporaryDirectory[str]"
    _keys: frozenset[str]

    def similarities(self, question: str, passages: Sequence[Passage]) -> list[float] | None:
        """Return how near in meaning each passage is, -1 to 1; None when one of them is not in the index."""
        names = [_key(passage) for passage in passages]
        keys = list(dict.fromkeys(names))
        if not keys:
            return []
        if not self._keys.issuperset(keys):
            return None
        plain = spelled_out(question)
        asked: Sequence[float] = _mean(self._encoder.encode([plain, with_synonyms(plain, _OF_QUESTION)]))
        answer = self._collection.query(query_embeddings=[asked], ids=keys, n_results=len(keys), include=["distances"])
        found = dict(zip(answer["ids"][0], (answer["distances"] or [[]])[0], strict=True))
        return [1.0 - float(found[name]) for name in names]

    def close(self) -> None:
        """Close the index and remove its private copy."""
        self._client.close()
        self._copy.cleanup()

    def __enter__(self) -> "PassageIndex":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_index(folder: Path, policies: Iterable[Policy]) -> PassageIndex:
    """Open the index in `folder`, made up to date with `policies` first; what is unchanged is not encoded again.

    The first time takes about 0.1 s a passage; later ones a fraction of a second. Any number of processes may open
    the same folder, at the same time too.

    Raises:
        EncoderMissing: when the encoder is not installed; passages are then found by words alone.
    """
    encoder = load_encoder()
    wanted = {_key(passage): passage for policy in policies for passage in cut_passages(policy)}
    folder.mkdir(parents=True, exist_ok=True)
    from chromadb.errors import ChromaError

    with _locked(folder):
        try:
            return _up_to_date(folder, wanted, encoder)
        except ChromaError:  # what is kept cannot be read: it holds nothing that cannot be made again
            shutil.rmtree(folder / _KEPT, ignore_errors=True)
            return _up_to_date(folder, wanted, encoder)


def _up_to_date(folder: Path, wanted: dict[str, Passage], encoder: Encoder) -> PassageIndex:
    """Open a private copy that holds exactly the passages wanted; keep it when it differs from what was kept."""
    with ExitStack() as undone:
        copy = _copied(folder)
        undone.callback(copy.cleanup)
        client, collection = _opened(Path(copy.name), encoder)
        if _update(collection, wanted, encoder):
            client.close()
            _keep(Path(copy.name), folder)
            client, collection = _opened(Path(copy.name), encoder)
        undone.pop_all()
        return PassageIndex(encoder, client, collection, copy, frozenset(wanted))


def _update(collection: "Collection", wanted: dict[str, Passage], encoder: Encoder) -> bool:
    """Remove passages that are no longer wanted and encode the new ones; tell whether anything changed."""
    had = set(collection.get(include=[])["ids"])
    gone, new = sorted(had - wanted.keys()), sorted(wanted.keys() - had)
    for start in range(0, len(gone), _BATCH):
        collection.delete(ids=gone[start : start + _BATCH])
    for start in range(0, len(new), _BATCH):
        keys = new[start : start + _BATCH]
        texts = [text for key in keys for text in _texts(wanted[key])]
        encoded = encoder.encode(texts)
        vectors = [_mean(encoded[at : at + 2]) for at in range(0, len(encoded), 2)]
        collection.add(ids=keys, embeddings=vectors)  # type: ignore[arg-type]
    return bool(gone or new)


def _texts(passage: Passage) -> tuple[str, str]:
    """The two texts a passage's vector is made of: its own words, and those with words that mean the same."""
    return passage.searched, with_synonyms(passage.searched, _OF_PASSAGE)


def _key(passage: Passage) -> str:
    """Name a passage by the words its vector is made of: other words, another name."""
    return hashlib.sha256("\n".join(_texts(passage)).encode("utf-8")).hexdigest()[:32]


def _mean(vectors: Sequence[Sequence[float]]) -> list[float]:
    return [sum(numbers) / len(vectors) for numbers in zip(*vectors, strict=True)]


def _opened(folder: Path, encoder: Encoder) -> "tuple[Client, Collection]":
    """Open a Chroma folder of this process's own; a collection belongs to one version of the weights."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    client = cast("Client", chromadb.PersistentClient(path=str(folder), settings=settings))
    collection = client.get_or_create_collection(
        f"{encoder.name}-{WIDTH}", embedding_function=None, configuration={"hnsw": {"space": "ip"}}
    )
    return client, collection


def _copied(folder: Path) -> "tempfile.TemporaryDirectory[str]":
    """Copy the kept folder to a place of this process's own; an empty one when nothing is kept yet."""
    copy = tempfile.TemporaryDirectory(prefix="overturn-passages-")
    if (folder / _KEPT).is_dir():
        shutil.copytree(folder / _KEPT, copy.name, dirs_exist_ok=True)
    return copy


def _keep(made: Path, folder: Path) -> None:
    """Put a finished copy in the kept folder's place. Stopped in between, the next to open makes it again."""
    new, kept = folder / _NEW, folder / _KEPT
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(made, new)
    blank_unused_room(new)
    shutil.rmtree(kept, ignore_errors=True)
    new.replace(kept)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: one process at a time copies or writes."""
    with (folder / _LOCK).open("a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(lock, fcntl.LOCK_UN)
