"""The settings page says what the code reads: no variable more, none less, with its default."""

import ast
import re
from pathlib import Path

import api
from agent.model.settings import ModelSettings
from api import variables
from api.access.settings import AccessSettings

ROOT = Path(api.__file__).parents[1]
_NAME = re.compile(r"(?:OVERTURN|OPENAI)_[A-Z_]+[A-Z]")
_STANDS_FOR_ANY = {"OVERTURN_SIGN_ON_CEDAR"}  # an example of a name that sign_on.yaml gives


def read_by_the_code() -> set[str]:
    found: set[str] = set()
    for package in ("agent", "api", "knowledge", "tools", "prompts"):
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.update(_NAME.findall(node.value))
    return found - _STANDS_FOR_ANY


def test_every_variable_the_code_names_stands_on_the_page_and_no_other() -> None:
    assert read_by_the_code() - {"OVERTURN_MODEL_"} == set(variables.names())


def test_the_page_is_that_of_the_definitions() -> None:
    """If this fails: `python -m api.variables`."""
    assert variables.PAGE.read_text(encoding="utf-8") == variables.page()


def test_defaults_are_those_of_the_code() -> None:
    told = {each.name: each.default for subject in variables.variables().values() for each in subject}
    access = AccessSettings()
    assert int(told["OVERTURN_SESSION_IDLE_MINUTES"]) * 60 == access.limits.idle.total_seconds()
    assert int(told["OVERTURN_SESSION_HOURS"]) * 3600 == access.limits.absolute.total_seconds()
    assert (told["OVERTURN_SECOND_FACTOR"] == "required") is access.second_factor_required
    model = ModelSettings(name="x")
    for name, field in {
        "CALLS_PER_DENIAL": model.calls_per_denial,
        "DENIAL_SECONDS": model.denial_seconds,
        "CALL_SECONDS": model.call_seconds,
        "ATTEMPT_SECONDS": model.attempt_seconds,
        "RETRIES": model.retries,
        "CONCURRENCY": model.concurrency,
        "BREAKER_FAILURES": model.breaker_failures,
        "BREAKER_SECONDS": model.breaker_seconds,
        "MAX_OUTPUT_TOKENS": model.max_output_tokens,
        "TEMPERATURE": model.temperature,
    }.items():
        assert float(told[f"OVERTURN_MODEL_{name}"]) == field, name
    assert told["OPENAI_BASE_URL"] == model.base_url
    assert told["OPENAI_API_VERSION"] == model.api_version
    assert model.money_per_run is None


def test_a_misspelt_name_finds_the_one_that_was_meant() -> None:
    assert variables.likely("OVERTURN_MODEL_RETRY") == "OVERTURN_MODEL_RETRIES"
    assert variables.likely("OVERTURN_QUUX_ZEBRA") is None
