"""From ARRAIGO_MODEL to a model, or one sentence."""

import sys

import pytest

from arraigo import llm
from arraigo.errors import BadSetting
from arraigo.settings import load

VARIABLES = ["OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY", "AWS_DEFAULT_REGION", "OPENROUTER_API_KEY"]


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def opened(model: str) -> llm.Model | None:
    return llm.open(load({"ARRAIGO_MODEL": model}))


def test_offline_means_no_model_and_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    assert llm.open(load({})) is None


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("openai:gpt-5-mini", "OPENAI_API_KEY"),
        ("openai-chat:my/model", "OPENAI_BASE_URL"),
        ("anthropic:claude-sonnet-4-5", "ANTHROPIC_API_KEY"),
        ("bedrock:anthropic.claude-sonnet-4-5-20250929-v1:0", "AWS_DEFAULT_REGION"),
    ],
)
def test_a_model_is_known_by_the_name_that_was_set(name: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "http://127.0.0.1:1/v1" if variable.endswith("URL") else "us-east-1")
    model = opened(name)
    assert model is not None
    assert model.name == name
    assert repr(model) == f"Asked({name!r})"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("openai:gpt-5-mini", "set OPENAI_API_KEY"),
        ("openai-chat:gpt-5-mini", "set OPENAI_API_KEY"),
        ("anthropic:claude-sonnet-4-5", "set ANTHROPIC_API_KEY"),
        ("bedrock:anything", "set AWS_DEFAULT_REGION"),
        ("openrouter:some/thing", "set the variables that pydantic-ai names"),
    ],
)
def test_a_key_that_is_missing_stops_the_start(name: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for value in (None, ""):
        if value is not None and "_API_KEY" in said:
            monkeypatch.setenv(said.removeprefix("set "), value)
        with pytest.raises(BadSetting, match=f"ARRAIGO_MODEL names a provider whose API key.*; {said}") as caught:
            opened(name)
        assert caught.value.__context__ is None
        assert "\n" not in str(caught.value)


def test_a_provider_that_there_is_not_is_said_without_repeating_it() -> None:
    with pytest.raises(BadSetting, match="ARRAIGO_MODEL names a provider that pydantic-ai does not know") as caught:
        opened("m4rk3r:m4rk3r")
    assert "m4rk3r" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "pydantic_ai.providers.openai", None)
        with pytest.raises(BadSetting, match=r"whose package is missing; run: pip install 'arraigo\[llm\]'"):
            opened("openai:gpt-5-mini")
        patch.setitem(sys.modules, "pydantic_ai.providers.groq", None)
        with pytest.raises(BadSetting, match=r"run: pip install 'pydantic-ai-slim\[groq\]'"):
            opened("groq:x")
    monkeypatch.delitem(sys.modules, "arraigo.llm.asking", raising=False)
    monkeypatch.setitem(sys.modules, "pydantic_ai", None)
    with pytest.raises(BadSetting, match=r"ARRAIGO_MODEL wants the extra llm; run: pip install 'arraigo\[llm\]'"):
        opened("openai:gpt-5-mini")
