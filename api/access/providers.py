"""Practices' own sign-ons (OpenID Connect), as a file of settings names them.

providers:
  - id: cedar                       # stands in the address of the return: do not change it
    name: Cedar Oncology            # on the sign-in page
    issuer: https://login.example/cedar
    client_id: overturn
    client_secret_variable: OVERTURN_SIGN_ON_CEDAR   # the environment variable that holds the secret
    practices: [prc_9da833d6cd81]   # whom it may sign in: users of these practices and no others
    new_users: biller               # left out: only users that are there sign in
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError


class BadProviders(ValueError):
    """The file of sign-ons cannot be used; the message says where and why."""


class Provider(BaseModel):
    """One practice's own sign-on, with its secret (None: the client is public, PKCE alone)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    name: str = Field(min_length=1, max_length=100)
    issuer: str = Field(pattern=r"^https://[^\s?#]+$")
    client_id: str = Field(min_length=1)
    client_secret_variable: str | None = None
    practices: frozenset[str] = Field(min_length=1)
    new_users: Literal["biller", "coder", "clinician", "manager"] | None = None
    client_secret: SecretStr | None = Field(default=None, exclude=True)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    providers: list[Provider]


def read_providers(path: Path, environment: Mapping[str, str]) -> tuple[Provider, ...]:
    """Read the file of sign-ons, and their secrets from the environment.

    Raises:
        BadProviders: it cannot be read, says something else, or a secret is not set.
    """
    try:
        found = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).providers
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise BadProviders(f"{path} cannot be used: {error}") from error
    if len({each.id for each in found}) < len(found):
        raise BadProviders(f"{path}: two sign-ons have the same id")
    return tuple(_with_secret(each, path, environment) for each in found)


def _with_secret(provider: Provider, path: Path, environment: Mapping[str, str]) -> Provider:
    if provider.client_secret is not None:
        raise BadProviders(f"{path}: no secret stands in this file; name a variable (client_secret_variable)")
    if provider.client_secret_variable is None:
        return provider
    secret = environment.get(provider.client_secret_variable)
    if not secret:
        raise BadProviders(f"{provider.client_secret_variable} is not set: it holds the secret of {provider.id}")
    return provider.model_copy(update={"client_secret": SecretStr(secret)})
