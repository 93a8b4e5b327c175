"""A practice's own sign-on: OpenID Connect, authorization code with PKCE, state and nonce, each counted once.

Whoever comes back must be a user of the practices the sign-on is for: a practice's directory never signs in people of
another practice, nor those who see every practice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2 as httpx
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, ValidationError

from api.access.providers import Provider
from api.access.sessions import open_session
from api.access.settings import AccessSettings
from api.access.signing_in import Opened, SignInRefused
from api.access.tokens import hash_of, new_id, new_token, same
from knowledge.records import Records, Repository
from knowledge.records.access import SignOnFlow, User

WAIT = timedelta(minutes=10)
"""How long a sign-in at the practice's own sign-on may take."""

ALGORITHMS = ["RS256", "PS256", "ES256", "ES384"]
_LEEWAY = 60
_SECONDS = 10.0


class SignOnFailed(Exception):
    """The practice's sign-on does not answer, or not as it must; the message says how."""


class Discovered(BaseModel):
    """What a sign-on says about itself, as far as it is used."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    authorization_response_iss_parameter_supported: bool = False


class Claims(BaseModel):
    """What a sign-on says about who signed in."""

    sub: str
    email: str | None = None
    email_verified: bool = False
    name: str | None = None


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and the token it keeps for the return."""

    address: str
    browser_token: str


@dataclass(frozen=True)
class SignOn:
    """What signing in elsewhere works with. `transport` replaces the network."""

    records: Records
    clock: Callable[[], datetime]
    settings: AccessSettings
    transport: httpx.BaseTransport | None = None

    def begin(self, provider_id: str, redirect_uri: str) -> Begun:
        """Begin a sign-in.

        Raises:
            SignOnFailed: there is no such sign-on, or it does not answer.
        """
        provider = self._provider(provider_id)
        state, nonce, verifier, browser = new_token(), new_token(), new_token(), new_token()
        with self._client(provider, redirect_uri) as client:
            found = self._discovered(client, provider)
            address, _ = client.create_authorization_url(
                found.authorization_endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        flow = SignOnFlow(
            state_hash=hash_of(state),
            provider=provider.id,
            browser_hash=hash_of(browser),
            nonce=nonce,
            verifier=verifier,
            ends_at=self.clock() + WAIT,
        )
        with self.records.transaction() as repository:
            repository.access.begin_sign_on(flow)
        return Begun(str(address), browser)

    def finish(self, returned: Mapping[str, str], browser_token: str, redirect_uri: str) -> Opened:
        """Take what came back: `state`, `code`, and perhaps `iss` or `error`.

        Raises:
            SignInRefused: it was not begun in this browser, took too long, came twice, or is no user of ours.
            SignOnFailed: the sign-on refused, or answers what cannot be relied on.
        """
        with self.records.transaction() as repository:
            flow = repository.access.take_sign_on(hash_of(returned.get("state", "")), self.clock())
        if flow is None or not same(flow.browser_hash, hash_of(browser_token)):
            raise SignInRefused("this sign-in was not begun here, or took too long: begin again")
        provider = self._provider(flow.provider)
        if "error" in returned or not returned.get("code"):
            raise SignOnFailed(f"{provider.name} did not sign you in")
        if returned.get("iss", provider.issuer) != provider.issuer:
            raise SignOnFailed("the answer comes from another sign-on than was asked")
        claims = self._claims(provider, flow, returned, redirect_uri)
        now = self.clock()
        with self.records.transaction() as repository:
            user = self._user(repository, provider, claims, now)
            return Opened(open_session(repository, user, "full", now, self.settings.limits), "full")

    def _claims(self, provider: Provider, flow: SignOnFlow, returned: Mapping[str, str], redirect_uri: str) -> Claims:
        try:
            with self._client(provider, redirect_uri) as client:
                found = self._discovered(client, provider)
                if found.authorization_response_iss_parameter_supported and "iss" not in returned:
                    raise SignOnFailed("the answer does not say which sign-on it comes from")  # RFC 9207
                given: dict[str, Any] = client.fetch_token(
                    found.token_endpoint,
                    grant_type="authorization_code",
                    code=returned["code"],
                    code_verifier=flow.verifier,
                )
                keys = KeySet.import_key_set(_document(client.request("GET", found.jwks_uri, withhold_token=True)))
            signed = jwt.decode(str(given.get("id_token", "")), keys, algorithms=ALGORITHMS)
            registry = jwt.JWTClaimsRegistry(
                now=lambda: int(self.clock().timestamp()),
                leeway=_LEEWAY,
                iss={"essential": True, "value": provider.issuer},
                aud={"essential": True, "value": provider.client_id},
                nonce={"essential": True, "value": flow.nonce},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
            )
            registry.validate(signed.claims)
            if signed.claims.get("azp", provider.client_id) != provider.client_id:
                raise SignOnFailed("the sign-on's answer is for another program")
            return Claims.model_validate(signed.claims)
        except (OAuthError, httpx.HTTPError, JoseError, ValidationError, ValueError, TypeError, KeyError) as error:
            raise SignOnFailed(f"the answer of {provider.name} cannot be relied on ({type(error).__name__})") from error

    def _user(self, repository: Repository, provider: Provider, claims: Claims, now: datetime) -> User:
        subject = f"{provider.issuer}|{claims.sub}"
        user = repository.access.by_subject(subject)
        email = (claims.email or "").strip().lower() if claims.email_verified else ""
        if user is None and email:
            named = repository.access.by_login(email)
            if named is not None and named.subject is None and _of(named, provider):
                user = named.model_copy(update={"subject": subject})
                repository.access.save_user(user)
            elif named is None and provider.new_users is not None:
                user = self._added(repository, provider, claims, email, now)
        if user is None or not _of(user, provider) or user.disabled_at is not None:
            raise SignInRefused("you are not set up here: ask who manages users")
        return user

    def _added(self, repository: Repository, provider: Provider, claims: Claims, email: str, now: datetime) -> User:
        assert provider.new_users is not None  # asked before
        known = provider.practices & set(repository.files.practice_ids())
        if not known:
            raise SignInRefused("the practice of this sign-on holds nothing yet")
        user = User(
            user_id=new_id("usr"),
            login=email,
            name=" ".join((claims.name or email).split())[:100],
            role=provider.new_users,
            practices=known,
            created_at=now,
            subject=f"{provider.issuer}|{claims.sub}",
        )
        repository.access.save_user(user)
        return user

    def _provider(self, provider_id: str) -> Provider:
        for each in self.settings.providers:
            if each.id == provider_id:
                return each
        raise SignOnFailed("there is no such sign-on")

    def _client(self, provider: Provider, redirect_uri: str) -> OAuth2Client:
        secret = provider.client_secret
        return OAuth2Client(
            client_id=provider.client_id,
            client_secret=secret.get_secret_value() if secret else None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope="openid email profile",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            transport=self.transport,
            timeout=_SECONDS,
            follow_redirects=False,
        )

    def _discovered(self, client: OAuth2Client, provider: Provider) -> Discovered:
        try:
            answered = client.request(
                "GET", f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration", withhold_token=True
            )
            found = Discovered.model_validate(_document(answered))
        except (httpx.HTTPError, ValueError) as error:
            raise SignOnFailed(f"{provider.name} does not answer: try again, or sign in with a password") from error
        if found.issuer != provider.issuer:
            raise SignOnFailed(f"{provider.name} calls itself by another issuer than the settings name")
        addresses = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
        if not all(each.startswith("https://") for each in addresses):
            raise SignOnFailed(f"{provider.name} names addresses without TLS")
        return found


def _document(answered: httpx.Response) -> Any:
    answered.raise_for_status()
    return answered.json()


def _of(user: User, provider: Provider) -> bool:
    return user.practices is not None and user.practices <= provider.practices
