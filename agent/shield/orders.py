"""Whether a text speaks to a program: such a text is no source a quote may be taken from."""

import base64
import binascii
import re
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from agent.shield.folding import readings

_ENCODED = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")


@lru_cache(maxsize=2048)
def orders_a_program(text: str) -> bool:
    """Tell whether a text holds words meant for a program that reads it, in plain, disguised or encoded writing.

    A chart and a policy speak to people. Where one of them tells a reader what to answer, call or release, nothing
    in it is taken for a fact without a person.
    """
    folded, raw = _patterns()
    if raw.search(text):
        return True
    if any(folded.search(reading.folded) for reading in readings(text)):
        return True
    return any(any(folded.search(one.folded) for one in readings(plain)) for plain in _decoded(text))


def _decoded(text: str) -> list[str]:
    found = []
    for run in _ENCODED.findall(text):
        bare = run.rstrip("=")
        try:
            plain = base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            continue
        found.append(plain)
    return found


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    stored = yaml.safe_load(files("agent.shield").joinpath("orders.yaml").read_text("utf-8"))
    return tuple(  # type: ignore[return-value]
        re.compile("|".join(f"(?:{pattern})" for pattern in stored[name]), re.IGNORECASE)
        for name in ("patterns", "raw_patterns")
    )
