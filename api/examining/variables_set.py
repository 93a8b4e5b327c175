"""The environment: variables that nothing reads, values that cannot be, and those that should not stay."""

from collections.abc import Iterator
from pathlib import Path

from agent.model.settings import ModelSettingsFault, from_environment, refuse_tracing
from api.access.settings import AccessSettings, BadAccessSettings
from api.examining.finding import Examined, Finding
from api.logs import BadLogForm, log_form
from api.settings import SHORTEST_KEY
from api.variables import PREFIX, likely, names

_REFUSED = "`overturn serve` does not start"


def look_at_variables(examined: Examined) -> Iterator[Finding]:
    """Look at what is set."""
    environment = examined.environment
    secrets = _secrets_of_sign_on(examined)
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in names() | secrets:
            meant = likely(name)
            does = f"did you mean {meant}?" if meant else "unset it; api/SETTINGS.md lists all there are"
            says = f"{name} is no setting"
            yield Finding("wrong", "settings", says, "nothing reads it: what it was to set has its default", does)
    try:
        AccessSettings.read(environment, examined.home)
        log_form(environment.get("OVERTURN_LOG"))
    except (BadAccessSettings, BadLogForm) as fault:
        yield Finding("wrong", "settings", str(fault), _REFUSED, "set it right, or unset it")
    api_key = environment.get("OVERTURN_API_KEY") or ""
    if api_key and (len(api_key) < SHORTEST_KEY or not api_key.isascii()):
        says = f"OVERTURN_API_KEY is shorter than {SHORTEST_KEY} plain characters"
        yield Finding("wrong", "settings", says, f"it could be guessed: {_REFUSED}", "make one: `openssl rand -hex 32`")
    if environment.get("OVERTURN_SECOND_FACTOR") == "optional":
        says = "a password alone lets people in (OVERTURN_SECOND_FACTOR=optional)"
        means = "whoever learns a password reads every patient its user may see"
        yield Finding("unwise", "settings", says, means, "unset it: every user then sets up one-time codes")
    if environment.get("OVERTURN_WEBHOOKS_LOOPBACK") == "1":
        says = "webhooks may lead to this machine (OVERTURN_WEBHOOKS_LOOPBACK=1)"
        means = "whoever may set up a webhook can have the server call programs that listen here alone"
        yield Finding("unwise", "settings", says, means, "unset it once you have tried them")


def look_at_model_settings(examined: Examined) -> Iterator[Finding]:
    """Look at how a language model is named."""
    try:
        refuse_tracing(examined.environment)
        settings = from_environment(examined.environment)
    except ModelSettingsFault as fault:
        means = "no command that opens a home starts: patients' data could leave this machine"
        yield Finding("wrong", "language model", str(fault), means, "set it as api/SETTINGS.md says, or unset it")
        return
    if settings is not None and settings.money_per_run is None:
        says = f"{settings.name} is asked without a limit in dollars"
        means = "one run over a large remittance costs what it costs"
        yield Finding("note", "language model", says, means, "set OVERTURN_MODEL_MONEY_PER_RUN")


def _secrets_of_sign_on(examined: Examined) -> frozenset[str]:
    """Give the variables that sign_on.yaml names for its secrets."""
    named = examined.environment.get("OVERTURN_SIGN_ON")
    file = Path(named) if named else examined.home / "sign_on.yaml"
    if not file.is_file():
        return frozenset()
    words = file.read_text(encoding="utf-8", errors="replace").split()
    return frozenset(word for word in words if word.startswith(PREFIX))
