"""How the server is reached: its port, TLS in front of it, whom it believes; and others that it must reach."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx

from agent.model.settings import ModelSettings, ModelSettingsFault, from_environment
from api.access.loopback import is_loopback
from api.access.settings import AccessSettings, BadAccessSettings
from api.examining.finding import Examined, Finding
from api.server import PortTaken, listen

_SECONDS = 5
PROXIES = "FORWARDED_ALLOW_IPS"
_SIGN_ON_FAILS = "people of that practice cannot sign in by it"
_MODEL_FAILS = "what needs reading goes to a person, after waiting for the model in vain"


def look_at_address(examined: Examined) -> Iterator[Finding]:
    """Look at where the server listens and what it is called outside."""
    address = (examined.environment.get("OVERTURN_ADDRESS") or "").rstrip("/")
    beyond = not is_loopback(examined.host)
    named = urlsplit(address)
    if address and (named.path or named.query or "@" in named.netloc):
        means = "links in pages and the return from a sign-on lead to addresses that are not there"
        yield Finding("wrong", "address", "OVERTURN_ADDRESS is more than scheme and host", means, "leave off the path")
    if address.startswith("http://") and not is_loopback(named.hostname or ""):
        means = "passwords and patients' data cross the network in the clear, and browsers drop the session's cookie"
        yield Finding("wrong", "TLS", "OVERTURN_ADDRESS is http:// and not this machine", means, "name it by https://")
    elif beyond and not address.startswith("https://"):
        says = f"the server listens on {examined.host}, and OVERTURN_ADDRESS names no https:// address"
        means = "passwords and patients' data may cross the network in the clear; cookies are not bound to TLS"
        does = "put a server that does TLS in front, let it alone reach this one, and set OVERTURN_ADDRESS"
        yield Finding("wrong", "TLS", says, means, does)
    elif not address:
        means = "cookies are not bound to TLS"
        says = "OVERTURN_ADDRESS is not set: for this machine only"
        yield Finding("note", "TLS", says, means, "set it to https://... where others reach it")
    yield from _proxies(examined, beyond)


def _proxies(examined: Examined, beyond: bool) -> Iterator[Finding]:
    """Look at whose word is taken for where a request comes from."""
    given = examined.environment.get(PROXIES)
    if given is not None and "*" in given:
        means = "anybody writes the address that lockouts, rate limits and the audit trail go by"
        does = f"set {PROXIES} to the address of the server in front"
        yield Finding("wrong", "proxy", f"{PROXIES} believes everyone", means, does)
    elif beyond and not given:
        means = "where the server in front is on another machine, its address stands in the audit trail for everybody's"
        does = f"set {PROXIES} to its address"
        yield Finding("note", "proxy", f"{PROXIES} is not set: only a server on this machine is believed", means, does)


def look_at_port(examined: Examined) -> Iterator[Finding]:
    """Try whether the port can be listened on; that our own server has it is as it should be."""
    if examined.port is None:
        return
    try:
        listen(examined.host, examined.port).close()
    except PortTaken as fault:
        if not _is_ours(examined.host, examined.port):
            does = "end the program that has it, or choose another --port (above 1023)"
            yield Finding("wrong", "port", str(fault), "`overturn serve` does not start", does)


def _is_ours(host: str, port: int) -> bool:
    bare = host.strip("[]")
    try:
        if ip_address(bare).is_unspecified:
            bare = "::1" if ":" in bare else "127.0.0.1"
    except ValueError:
        pass  # a name
    asked = HTTPConnection(bare, port, timeout=_SECONDS)
    try:
        asked.request("GET", "/health")
        return bool(json.loads(asked.getresponse().read(1000)) == {"status": "ok"})
    except (OSError, HTTPException, ValueError):
        return False
    finally:
        asked.close()


def look_at_others(examined: Examined) -> Iterator[Finding]:
    """Ask practices' sign-ons and the model's endpoint whether they answer; nothing of a patient is sent."""
    if examined.online is None:
        return
    try:
        providers = AccessSettings.read(examined.environment, examined.home).providers
    except BadAccessSettings:
        providers = ()  # told already, of the variables
    for provider in providers:
        says = _sign_on_fault(examined.online, provider.issuer)
        if says:
            does = f"see that {provider.issuer} is the issuer's own name and can be reached from here"
            yield Finding("wrong", "sign-on", f"{provider.name} {says}", _SIGN_ON_FAILS, does)
    try:
        settings = from_environment(examined.environment)
    except ModelSettingsFault:
        settings = None  # likewise
    if settings is not None:
        yield from _model(examined.online, settings)


def _sign_on_fault(client: httpx.Client, issuer: str) -> str | None:
    try:
        answered = client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration", timeout=_SECONDS)
        named = answered.raise_for_status().json()
    except httpx.HTTPStatusError as fault:
        return f"answers {fault.response.status_code} where it should describe itself"
    except (httpx.HTTPError, ValueError) as fault:
        return f"does not answer ({type(fault).__name__})"
    if not isinstance(named, dict) or named.get("issuer") != issuer:
        return "calls itself by another issuer than the settings name"
    return None


def _model(client: httpx.Client, settings: ModelSettings) -> Iterator[Finding]:
    """List the endpoint's models: that costs nothing, and tells whether key and name are right."""
    key = settings.api_key.get_secret_value()
    if settings.azure:
        url, headers = f"{settings.base_url.rstrip('/')}/openai/models", {"api-key": key}
    else:
        url, headers = f"{settings.base_url.rstrip('/')}/models", {"authorization": f"Bearer {key}"}
    query = {"api-version": settings.api_version} if settings.azure else {}
    try:
        answered = client.get(url, params=query, headers=headers if key else {}, timeout=_SECONDS)
    except httpx.HTTPError as fault:
        says = f"the endpoint does not answer ({type(fault).__name__})"
        yield Finding("wrong", "language model", says, _MODEL_FAILS, "see to OPENAI_BASE_URL, network and proxy")
        return
    if answered.status_code in (401, 403):
        says = f"the endpoint refuses the key ({answered.status_code})"
        yield Finding("wrong", "language model", says, _MODEL_FAILS, "set OPENAI_API_KEY anew")
    elif answered.status_code == 200 and not settings.azure and settings.name not in answered.text:
        says = f"the endpoint lists no model {settings.name}"
        yield Finding("unwise", "language model", says, _MODEL_FAILS, "see to OVERTURN_MODEL")
    elif answered.status_code >= 500:
        says = f"the endpoint answers {answered.status_code}"
        yield Finding("unwise", "language model", says, _MODEL_FAILS, "try again; ask whoever runs it")


def look_at_watched_folder(examined: Examined) -> Iterator[Finding]:
    """Look at the folder that remittances are to be taken from."""
    folder = examined.watch
    if folder is None:
        return
    if not folder.is_dir():
        means = "`overturn serve --watch` does not start"
        yield Finding("wrong", "watched folder", f"there is no folder {folder}", means, "make it, or mount its share")
        return
    if folder.resolve().is_relative_to(examined.home.resolve()):
        means = "files dropped there stand among the home's own"
        yield Finding("wrong", "watched folder", f"{folder} lies in the home", means, "take a folder outside of it")
    try:
        next(folder.iterdir(), None)
    except OSError as fault:
        means, does = "no remittance is taken from it", "let the user that runs this read it"
        yield Finding("wrong", "watched folder", f"{folder} cannot be read ({fault.strerror})", means, does)
        return
    if examined.watch_move and not examined.writable(folder):
        says = f"{folder} cannot be written, and --watch-move is to put files into its `processed`"
        means = "remittances are taken, and stay where they are"
        yield Finding("wrong", "watched folder", says, means, "let the user that runs this write it")
