"""Every environment variable the program reads (variables.yaml), and the page about them (SETTINGS.md)."""

import sys
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

PREFIX = "OVERTURN_"
PAGE = Path(__file__).with_name("SETTINGS.md")
_HEAD = """# Settings

Overturn is set up by variables of the environment; each command reads those that concern it. What is not set has the
default. A value that cannot be is refused at start, by name. `overturn doctor` tells what is set unwisely, or misspelt.
Secrets belong in a file that the service's user alone reads (`api/deploy/overturn.service` names one), not on a command
line. Besides these, `sign_on.yaml` names the variables of its own secrets, and `HTTPS_PROXY`, `SSL_CERT_FILE`,
`NO_COLOR` and `COLUMNS` mean what they mean everywhere; `FORWARDED_ALLOW_IPS` names the server in front whose
`X-Forwarded-For` is believed (127.0.0.1 when unset). Records stand on SQLite, in the home: no variable
names another database. Tracing by LangSmith (`LANGSMITH_*`) is refused.
"""


class Variable(BaseModel):
    """One variable. `default` is what holds when it is unset, in words or as a value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")]
    default: str
    says: str
    secret: bool = False


@cache
def variables() -> dict[str, tuple[Variable, ...]]:
    """Read variables.yaml: by subject, in order."""
    text = files("api").joinpath("variables.yaml").read_text(encoding="utf-8")
    return TypeAdapter(dict[str, tuple[Variable, ...]]).validate_python(yaml.safe_load(text))


def names() -> frozenset[str]:
    """Give the names of all."""
    return frozenset(variable.name for subject in variables().values() for variable in subject)


def likely(name: str) -> str | None:
    """Give the variable that a misspelt name was likely meant to be."""
    tails = {known.removeprefix(PREFIX): known for known in sorted(names())}
    close = get_close_matches(name.removeprefix(PREFIX), tails, n=1, cutoff=0.7)
    return tails[close[0]] if close else None


def page() -> str:
    """Write SETTINGS.md."""
    parts = [_HEAD]
    for subject, held in variables().items():
        rows = [f"| `{each.name}` | {_default(each)} | {each.says} |" for each in held]
        parts.append("\n".join([f"## {subject}\n", "| variable | default | what |", "|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _default(variable: Variable) -> str:
    plain = variable.default in ("none",) or " " in variable.default
    shown = variable.default if plain else f"`{variable.default}`"
    return f"{shown}; secret" if variable.secret else shown


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written\n")
