"""Clients of the API (OAuth 2, client credentials): made, checked, given tokens.

A client shows a secret (RFC 6749), or signs an assertion with its own key (private_key_jwt, RFC 7523). Tokens are
opaque, last an hour, and are kept as hashes; what they may do are permissions of the role `service`.
"""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.util import to_str, urlsafe_b64decode

from api.access.permissions import permissions_by_role
from api.access.principal import Principal
from api.access.tokens import hash_of, new_id, new_token, same
from knowledge.records import Records, Repository
from knowledge.records.access import Client, Token

LASTS = timedelta(hours=1)
TOKEN_PREFIX = "ovt_"
SECRET_PREFIX = "ovs_"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ALGORITHMS = ["RS256", "PS256", "ES256", "ES384"]
_LONGEST_ASSERTION = timedelta(minutes=10)
_SKEW = timedelta(seconds=60)


class ClientRefused(Exception):
    """A request for a token is refused; `error` is the code of RFC 6749."""

    def __init__(self, error: str, says: str) -> None:
        """Name the error and say what was wrong."""
        super().__init__(says)
        self.error = error


class BadClient(ValueError):
    """A client cannot be made so; the message says why."""


@dataclass(frozen=True)
class Issued:
    """A token as it is handed over, this once."""

    token: str
    scopes: frozenset[str]
    seconds: int


@dataclass(frozen=True)
class ApiClients:
    """The clients one may manage (`by` None = all), and the tokens they ask for."""

    records: Records
    clock: Callable[[], datetime]
    by: Principal | None = None

    def all(self) -> tuple[Client, ...]:
        """Give the clients, by name."""
        with self.records.reading() as repository:
            return tuple(client for client in repository.clients.all() if self._mine(client.practices))

    def add(
        self, name: str, scopes: Collection[str], practices: Collection[str] | None, jwks: str | None = None
    ) -> tuple[Client, str | None]:
        """Make a client: with a JWK set of its public keys, or (without) a secret that is given this once.

        Raises:
            BadClient: a scope or practice is not there or not one's own to give, or the keys cannot be used.
        """
        name = " ".join(name.split())
        if not 1 <= len(name) <= 100:
            raise BadClient("a client's name has 1 to 100 characters")
        beyond = set(scopes) - permissions_by_role()["service"]
        if beyond or not scopes:
            raise BadClient(f"no client has the scope {', '.join(sorted(beyond))}" if beyond else "name its scopes")
        secret = None if jwks else new_token(SECRET_PREFIX)
        client = Client(
            client_id=new_id("cli"),
            name=name,
            scopes=frozenset(scopes),
            practices=None if practices is None else frozenset(practices),
            created_at=self.clock(),
            secret_hash=hash_of(secret) if secret else None,
            jwks=_public_keys(jwks) if jwks else None,
        )
        with self.records.transaction() as repository:
            unknown = (client.practices or frozenset()) - set(repository.files.practice_ids())
            if unknown or client.practices == frozenset() or not self._mine(client.practices):
                raise BadClient("name practices that are there and yours to give")
            repository.clients.save(client)
        return client, secret

    def disable(self, client_id: str) -> Client:
        """End a client and every token of it.

        Raises:
            BadClient: there is no such client.
        """
        with self.records.transaction() as repository:
            client = repository.clients.get(client_id)
            if client is None or not self._mine(client.practices):
                raise BadClient(f"there is no client {client_id}")
            ended = client.model_copy(update={"disabled_at": self.clock()})
            repository.clients.save(ended)
            repository.clients.revoke_all(client_id, self.clock())
        return ended

    def by_secret(self, client_id: str, secret: str) -> Client:
        """Give the client of an id and secret.

        Raises:
            ClientRefused: `invalid_client`.
        """
        with self.records.reading() as repository:
            client = repository.clients.get(client_id)
        stored = client.secret_hash if client is not None and client.disabled_at is None else None
        if same(hash_of(secret), stored or hash_of("nobody's")) and client is not None and stored is not None:
            return client
        raise ClientRefused("invalid_client", "no such client and secret")

    def by_assertion(self, assertion: str, audiences: Collection[str]) -> Client:
        """Give the client that signed an assertion for one of our `audiences`; each counts once.

        Raises:
            ClientRefused: `invalid_client`: not signed by it, not for us, too old or too long, or shown before.
        """
        now = self.clock()
        with self.records.reading() as repository:
            client = repository.clients.get(claimed_client(assertion))
        if client is None or client.disabled_at is not None or client.jwks is None:
            raise ClientRefused("invalid_client", "no such client with keys of its own")
        try:
            signed = jwt.decode(assertion, KeySet.import_key_set(json.loads(client.jwks)), algorithms=ALGORITHMS)
        except (JoseError, ValueError, RecursionError) as error:
            raise ClientRefused("invalid_client", "the assertion is not signed by a key of the client") from error
        ends_at = _held(signed.claims, client.client_id, audiences, now)
        with self.records.transaction() as repository:
            if not repository.clients.take_assertion(client.client_id, signed.claims["jti"], ends_at):
                raise ClientRefused("invalid_client", "the assertion was shown before: sign a new one (jti)")
        return client

    def issue(self, client: Client, asked: str | None) -> Issued:
        """Give a client a token for the scopes it asks for; all of its own when it names none.

        Raises:
            ClientRefused: `invalid_scope`: one is not its own.
        """
        scopes = frozenset(asked.split()) if asked and asked.split() else client.scopes
        if beyond := scopes - client.scopes:
            raise ClientRefused("invalid_scope", f"not this client's: {' '.join(sorted(beyond))[:200]}")
        now, token = self.clock(), new_token(TOKEN_PREFIX)
        with self.records.transaction() as repository:
            repository.clients.clear(now)
            repository.clients.add_token(
                Token(token_hash=hash_of(token), client_id=client.client_id, scopes=scopes, ends_at=now + LASTS)
            )
        return Issued(token, scopes, int(LASTS.total_seconds()))

    def revoke(self, client: Client, token: str) -> None:
        """End a token of a client (RFC 7009); one that is not its own stays, and that is not said."""
        with self.records.transaction() as repository:
            repository.clients.revoke(hash_of(token), client.client_id, self.clock())

    def _mine(self, practices: frozenset[str] | None) -> bool:
        if self.by is None or self.by.practices is None:
            return True
        return practices is not None and practices <= self.by.practices


def principal_by_token(repository: Repository, shown: str, now: datetime) -> Principal | None:
    """Give who an access token stands for; None when it has ended, was revoked, or never was."""
    token = repository.clients.token(hash_of(shown))
    if token is None or token.revoked_at is not None or token.ends_at <= now:
        return None
    client = repository.clients.get(token.client_id)
    if client is None or client.disabled_at is not None:
        return None
    # What the role has lost since, or the client, its tokens have lost too.
    allowed = token.scopes & client.scopes
    held = frozenset(scope for scope in permissions_by_role()["service"] if scope in allowed)
    return Principal(client.client_id, "client", client.name, "service", held, client.practices)


def claimed_client(assertion: str) -> str:
    """Read whom an assertion says it is from, before its signature can be checked."""
    try:
        claims = json.loads(to_str(urlsafe_b64decode(assertion.split(".")[1].encode())))
    except (IndexError, ValueError, RecursionError) as error:
        raise ClientRefused("invalid_client", "client_assertion is no signed token") from error
    issuer = claims.get("iss") if isinstance(claims, dict) else None
    if not isinstance(issuer, str) or not issuer.isascii():
        raise ClientRefused("invalid_client", "the assertion names no iss")
    return issuer


def _held(claims: dict[str, Any], client_id: str, audiences: Collection[str], now: datetime) -> datetime:
    """Hold the claims of an assertion against what RFC 7523 asks, and give when it ends."""
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
    faults = (
        (claims.get("sub") != client_id, "sub is not the client"),
        (not any(each in audiences for each in named), f"aud is not {' or '.join(audiences)}"),
        (not _is_number_once(claims.get("jti")), "jti has 8 to 200 characters that can be printed"),
        (not _is_time(claims.get("exp")), "exp is missing"),
        (not _is_time(claims.get("iat")), "iat is missing"),
        (not _is_time(claims.get("nbf", 0)), "nbf is no time"),
    )
    for wrong, says in faults:
        if wrong:
            raise ClientRefused("invalid_client", f"the assertion's {says}")
    ends, given = _moment(claims["exp"]), _moment(claims["iat"])
    if ends + _SKEW <= now:
        raise ClientRefused("invalid_client", "the assertion has ended (exp)")
    if max(given, _moment(claims.get("nbf", 0))) > now + _SKEW:
        raise ClientRefused("invalid_client", "the assertion is of the future (iat, nbf)")
    if ends - given > _LONGEST_ASSERTION or now - given > _LONGEST_ASSERTION + _SKEW:
        raise ClientRefused("invalid_client", "the assertion lasts longer than ten minutes (iat to exp)")
    return ends + _SKEW + _SKEW


def _is_number_once(value: object) -> bool:
    return isinstance(value, str) and 8 <= len(value) <= 200 and value.isprintable()


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**36


def _moment(value: float) -> datetime:
    return datetime.fromtimestamp(value, UTC)


def _public_keys(jwks: str) -> str:
    """Keep the public parts of a JWK set.

    Raises:
        BadClient: it is none, or holds a private or symmetric key.
    """
    try:
        given = json.loads(jwks)
        keys = KeySet.import_key_set(given)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadClient('the keys are no JWK set: {"keys": [...]}') from error
    if not keys.keys or any(key.key_type == "oct" or key.is_private for key in keys.keys):
        raise BadClient("give public keys only: a private key stays with the client")
    return json.dumps(keys.as_dict(private=False), sort_keys=True)
