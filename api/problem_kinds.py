"""The kinds of problems there are (problems.yaml), and the page about them (ERRORS.md)."""

import sys
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

URN = "urn:overturn:problem:"
PAGE = Path(__file__).with_name("ERRORS.md")
_HEAD = """# Errors

Every error of the API is a problem document (`application/problem+json`, RFC 9457). Decide by `type`: it is stable.
`title` says what kind of problem it is, `detail` what was wrong with this request, `request_id` finds it in the log and
the audit trail. `POST /oauth/token` and `/oauth/revoke` answer with the errors of OAuth 2 (RFC 6749) instead.
"""


class Kind(BaseModel):
    """One kind of problem: its HTTP status, what it is called whatever the request, how it comes about, what to do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: HTTPStatus
    title: str = Field(min_length=1, max_length=70)
    cause: str = Field(min_length=1)
    do: str = Field(min_length=1)


@cache
def kinds_by_subject() -> dict[str, dict[str, Kind]]:
    """Read problems.yaml: by subject, in order, by name.

    Raises:
        ValueError: an entry lacks something, or a name stands twice.
    """
    text = files("api").joinpath("problems.yaml").read_text(encoding="utf-8")
    found = TypeAdapter(dict[str, dict[str, Kind]]).validate_python(yaml.safe_load(text))
    names = [name for held in found.values() for name in held]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"problems.yaml names {', '.join(sorted(twice))} twice")
    return found


KINDS: dict[str, Kind] = {name: kind for held in kinds_by_subject().values() for name, kind in held.items()}


def page() -> str:
    """Write ERRORS.md: one heading, and so one anchor, for each problem."""
    parts = [_HEAD]
    for subject, held in kinds_by_subject().items():
        parts.append(f"## {subject}\n")
        parts += [
            f"### {name}\n\n`{URN}{name}` · {int(kind.status)} · {kind.title}.\n\n"
            f"**Cause:** {kind.cause}\n\n**What to do:** {kind.do}\n"
            for name, kind in held.items()
        ]
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written\n")
