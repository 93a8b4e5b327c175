"""How the model is reached and what it may take, read from the environment and refused where data could leak.

Patient data may go to an endpoint elsewhere only where the practice says that a business associate agreement stands
(45 CFR 164.502(e)). Tracing sends what the program works on to a third party, and is refused whether or not there is
a model.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError

from knowledge.types.practice import Frozen

OPENAI = "https://api.openai.com/v1"
AZURE_VERSION = "2024-10-21"
_AZURE = "openai.azure.com"
Effort = Literal["none", "minimal", "low", "medium", "high"]
_OFF = frozenset({"", "0", "false", "no", "off", "none"})
_TRACING = (
    *("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"),
    *("LANGSMITH_OTEL_ENABLED", "LANGSMITH_OTEL_ONLY", "LANGSMITH_RUNS_ENDPOINTS", "LANGCHAIN_RUNS_ENDPOINTS"),
)
_TRACING_KEYS = ("LANGSMITH_API_KEY", "LANGCHAIN_API_KEY")
_NUMBERS = {
    "OVERTURN_MODEL_CALL_SECONDS": "call_seconds",
    "OVERTURN_MODEL_ATTEMPT_SECONDS": "attempt_seconds",
    "OVERTURN_MODEL_DENIAL_SECONDS": "denial_seconds",
    "OVERTURN_MODEL_CONCURRENCY": "concurrency",
    "OVERTURN_MODEL_RETRIES": "retries",
    "OVERTURN_MODEL_BREAKER_FAILURES": "breaker_failures",
    "OVERTURN_MODEL_BREAKER_SECONDS": "breaker_seconds",
    "OVERTURN_MODEL_MAX_OUTPUT_TOKENS": "max_output_tokens",
    "OVERTURN_MODEL_CALLS_PER_DENIAL": "calls_per_denial",
    "OVERTURN_MODEL_MONEY_PER_RUN": "money_per_run",
    "OVERTURN_MODEL_TEMPERATURE": "temperature",
}


class ModelSettingsFault(Exception):
    """The environment asks for a model in a way that is refused. Names the variable and what to do, never a value."""

    def __init__(self, variable: str, says: str) -> None:
        super().__init__(f"{variable}: {says}")
        self.variable, self.says = variable, says


class ModelSettings(Frozen):
    """An endpoint, a model on it, and the limits it works in. Seconds are of wall clock; money is US dollars a run.

    `attempt_seconds` bounds one request, so that a hanging one leaves time within `call_seconds` for another.
    `first_wait` is the pause before the first retry; each further one is twice as long. `prices` names a price table
    in place of the one that comes with the program.
    """

    name: str
    base_url: str = OPENAI
    api_key: SecretStr = SecretStr("")
    api_version: str = AZURE_VERSION
    call_seconds: float = Field(90, gt=0, le=600)
    attempt_seconds: float = Field(60, gt=0, le=600)
    denial_seconds: float = Field(240, gt=0, le=3600)
    concurrency: int = Field(8, ge=1, le=256)
    retries: int = Field(3, ge=0, le=10)
    first_wait: float = Field(0.5, ge=0, le=10)
    breaker_failures: int = Field(5, ge=1, le=1000)
    breaker_seconds: float = Field(300, ge=0, le=86400)
    max_output_tokens: int = Field(4000, ge=16, le=128_000)
    calls_per_denial: int = Field(6, ge=1, le=100)
    money_per_run: Decimal | None = Field(None, gt=0)
    temperature: float = Field(0, ge=0, le=2)
    seed: int = 20110
    reasoning_effort: Effort | None = None
    prices: Path | None = None

    @property
    def loopback(self) -> bool:
        """Whether the endpoint is this machine, so that nothing leaves it."""
        return is_loopback(self.base_url)

    @property
    def azure(self) -> bool:
        """Whether the endpoint is Azure OpenAI by deployment; its `/openai/v1` is spoken to like any other."""
        parts = urlsplit(self.base_url)
        host = parts.hostname or ""
        return (host == _AZURE or host.endswith(f".{_AZURE}")) and not parts.path.rstrip("/").endswith("/v1")


def is_loopback(url: str) -> bool:
    """Return whether a URL's host is this machine by its own word: `localhost` or a loopback address, no look-up."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def refuse_tracing(env: Mapping[str, str]) -> None:
    """Refuse to start where LangSmith or LangChain tracing would send what the program works on to a third party.

    Raises:
        ModelSettingsFault: a tracing variable is on, or a key for it is set.
    """
    for name in _TRACING:
        if env.get(name, "").strip().casefold() not in _OFF:
            raise ModelSettingsFault(name, "tracing would send patient data to a third party; unset it")
    for name in _TRACING_KEYS:
        if env.get(name, "").strip():
            raise ModelSettingsFault(name, "a key for tracing is set; no trace of patient data may leave: unset it")


def from_environment(env: Mapping[str, str]) -> ModelSettings | None:
    """Return how to reach the model, or None where `OVERTURN_MODEL` names none.

    Raises:
        ModelSettingsFault: tracing is on; the endpoint is elsewhere and `OVERTURN_MODEL_BAA` is not `yes`; a key is
            missing; an address or a number cannot be read.
    """
    refuse_tracing(env)
    name = env.get("OVERTURN_MODEL", "").strip()
    if not name:
        return None
    base_url = env.get("OPENAI_BASE_URL", "").strip() or OPENAI
    _address(base_url)
    key = env.get("OPENAI_API_KEY", "").strip()
    if not is_loopback(base_url):
        if env.get("OVERTURN_MODEL_BAA", "").strip().casefold() != "yes":
            raise ModelSettingsFault(
                "OVERTURN_MODEL_BAA",
                "the model's endpoint is not on this machine; set it to yes only where a business associate agreement "
                "with whoever runs the endpoint stands",
            )
        if not key:
            raise ModelSettingsFault("OPENAI_API_KEY", "the endpoint is not on this machine and no key is set")
    prices = env.get("OVERTURN_MODEL_PRICES", "").strip()
    return ModelSettings.model_validate(
        {
            "name": name,
            "base_url": base_url.rstrip("/"),
            "api_key": SecretStr(key),
            "api_version": env.get("OPENAI_API_VERSION", "").strip() or AZURE_VERSION,
            "reasoning_effort": _effort(env),
            "prices": Path(prices) if prices else None,
            **_numbers(env, name),
        }
    )


def _effort(env: Mapping[str, str]) -> str | None:
    given = env.get("OVERTURN_MODEL_REASONING", "").strip().casefold()
    if given and given not in get_args(Effort):
        raise ModelSettingsFault("OVERTURN_MODEL_REASONING", f"not one of {', '.join(get_args(Effort))}")
    return given or None


def _address(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or any(sign in url for sign in "@\\?#") or not url.isprintable() or " " in url:
        raise ModelSettingsFault("OPENAI_BASE_URL", "not a plain http(s) address such as https://host/v1")


def _numbers(env: Mapping[str, str], name: str) -> dict[str, Decimal]:
    given: dict[str, Decimal] = {}
    for variable, field in _NUMBERS.items():
        text = env.get(variable, "").strip()
        if not text:
            continue
        try:
            given[field] = Decimal(text)
            ModelSettings.model_validate({"name": name, field: given[field]})
        except (InvalidOperation, ValidationError):
            bounds = ModelSettings.model_fields[field].metadata
            limits = ", ".join(str(bound) for bound in bounds)
            raise ModelSettingsFault(variable, f"not a number within its bounds ({limits})") from None
    return given
