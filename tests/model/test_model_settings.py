from decimal import Decimal

import pytest

from agent.model.settings import ModelSettingsFault, from_environment, is_loopback, refuse_tracing

LOCAL = {"OVERTURN_MODEL": "m-1", "OPENAI_BASE_URL": "http://127.0.0.1:8000/v1"}
AWAY = {"OVERTURN_MODEL": "m-1", "OPENAI_API_KEY": "sk-4711", "OPENAI_BASE_URL": "https://models.example.org/v1"}


def test_without_a_model_named_there_is_none() -> None:
    assert from_environment({"OPENAI_API_KEY": "sk-1"}) is None


def test_defaults_and_settings() -> None:
    given = from_environment({**LOCAL, "OVERTURN_MODEL_RETRIES": "1", "OVERTURN_MODEL_MONEY_PER_RUN": "2.50"})
    assert given is not None
    assert (given.call_seconds, given.denial_seconds, given.concurrency, given.calls_per_denial) == (90, 240, 8, 6)
    assert (given.retries, given.money_per_run) == (1, Decimal("2.50"))


@pytest.mark.parametrize("word", ["", "no", "true", "1"])
def test_an_endpoint_elsewhere_needs_an_agreement(word: str) -> None:
    with pytest.raises(ModelSettingsFault, match="OVERTURN_MODEL_BAA"):
        from_environment({**AWAY, "OVERTURN_MODEL_BAA": word})
    assert from_environment({**AWAY, "OVERTURN_MODEL_BAA": "yes"}) is not None


def test_the_default_endpoint_is_elsewhere() -> None:
    with pytest.raises(ModelSettingsFault, match="OVERTURN_MODEL_BAA"):
        from_environment({"OVERTURN_MODEL": "m-1", "OPENAI_API_KEY": "sk-1"})


@pytest.mark.parametrize(
    "url",
    ["http://localhost.example.org/v1", "http://127.0.0.1.example.org/v1", "http://0.0.0.0/v1", "http://10.0.0.1/v1"],
)
def test_what_only_looks_like_this_machine_is_elsewhere(url: str) -> None:
    assert not is_loopback(url)


@pytest.mark.parametrize("url", ["http://localhost:1/v1", "http://127.9.9.9/v1", "http://[::1]:8/v1"])
def test_this_machine_is_known(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize("url", ["ftp://x/v1", "http://127.0.0.1@example.org/v1", "https:///v1", "http://a b/", "x"])
def test_an_address_that_can_be_read_two_ways_is_refused(url: str) -> None:
    with pytest.raises(ModelSettingsFault, match="OPENAI_BASE_URL"):
        from_environment({**LOCAL, "OPENAI_BASE_URL": url})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LANGSMITH_TRACING", "true"),
        ("LANGCHAIN_TRACING_V2", "1"),
        ("LANGSMITH_API_KEY", "lsv2-secret"),
        ("LANGCHAIN_API_KEY", "lsv2-secret"),
    ],
)
def test_tracing_is_refused_with_and_without_a_model(name: str, value: str) -> None:
    for env in ({}, LOCAL):
        with pytest.raises(ModelSettingsFault, match=name) as caught:
            from_environment({**env, name: value})
        assert "secret" not in str(caught.value)
    refuse_tracing({"LANGSMITH_TRACING": "false"})


@pytest.mark.parametrize("value", ["-1", "many", "0", "NaN", "1e99"])
def test_a_number_out_of_bounds_is_refused_by_its_name(value: str) -> None:
    with pytest.raises(ModelSettingsFault, match="OVERTURN_MODEL_CONCURRENCY"):
        from_environment({**LOCAL, "OVERTURN_MODEL_CONCURRENCY": value})


def test_the_key_is_in_no_text_of_the_settings() -> None:
    given = from_environment({**AWAY, "OVERTURN_MODEL_BAA": "yes"})
    assert given is not None
    assert "4711" not in f"{given!r} {given} {given.model_dump_json()}"


def test_azure_is_known_by_its_host() -> None:
    base = {**AWAY, "OVERTURN_MODEL_BAA": "yes"}
    for url, azure in (
        ("https://clinic.openai.azure.com", True),
        ("https://clinic.openai.azure.com/openai/v1", False),
        ("https://openai.azure.com.example.org", False),
    ):
        given = from_environment({**base, "OPENAI_BASE_URL": url})
        assert given is not None
        assert given.azure is azure
