"""How a model is asked, with pydantic-ai's own models of a test in its place."""

import asyncio

import pytest
from opentelemetry.trace import NoOpTracer, NoOpTracerProvider, Span, Tracer
from pydantic import BaseModel
from pydantic_ai import Agent, InstrumentationSettings
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.test import TestModel as Made  # pytest would take it for a test

from arraigo.errors import Unavailable
from arraigo.llm.asking import Asked


class Sum(BaseModel):
    """A sum."""

    total: int


async def ask(asked: Asked, seconds: float = 10) -> Sum:
    return await asked.ask(Sum, instructions="add", prompt="1 + 1", seconds=seconds)


async def test_the_answer_has_the_type_that_is_wanted() -> None:
    asked = Asked("made:up", Made(custom_output_args={"total": 2}))
    assert await ask(asked) == Sum(total=2)
    assert asked.name == "made:up"
    assert await Asked("made:up", Made(custom_output_text="two")).ask(str, instructions="add", prompt="1 + 1") == "two"


async def test_only_so_many_are_under_way_at_once() -> None:
    under_way, most, full, go = 0, 0, asyncio.Event(), asyncio.Event()

    async def answer(_: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        if under_way == 3:
            full.set()
        await go.wait()
        under_way -= 1
        return ModelResponse([ToolCallPart(info.output_tools[0].name, {"total": 2})])

    asked = Asked("made:up", FunctionModel(answer), at_once=3)
    answers = [asyncio.create_task(ask(asked)) for _ in range(10)]
    await full.wait()
    with pytest.raises(Unavailable, match=r"gave no answer within 0\.05 seconds"):
        await ask(asked, seconds=0.05)  # waiting for its turn counts
    go.set()
    assert {(await each).total for each in answers} == {2}
    assert most == 3


async def test_who_gives_up_waiting_stops_the_question() -> None:
    stopped = asyncio.Event()

    async def answer(_: list[ModelMessage], __: AgentInfo) -> ModelResponse:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        raise AssertionError

    task = asyncio.create_task(ask(Asked("made:up", FunctionModel(answer))))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stopped.is_set()


async def test_an_error_that_nobody_foresaw_is_named_without_what_it_says() -> None:
    def answer(_: list[ModelMessage], __: AgentInfo) -> ModelResponse:
        raise KeyError("what was said")

    with pytest.raises(Unavailable) as caught:
        await ask(Asked("made:up", FunctionModel(answer)))
    assert str(caught.value) == "the language model made:up cannot be asked (KeyError)"
    assert caught.value.__context__ is None


async def test_a_model_that_talks_instead_is_asked_three_times_in_all() -> None:
    times = 0

    def answer(_: list[ModelMessage], __: AgentInfo) -> ModelResponse:
        nonlocal times
        times += 1
        return ModelResponse([TextPart("Let me think about it.")])

    with pytest.raises(Unavailable, match="gave nothing that can be used"):
        await ask(Asked("made:up", FunctionModel(answer)))
    assert times == 3


async def test_what_is_asked_is_not_traced_even_where_everything_else_is() -> None:
    spans: list[str] = []

    class Noting(NoOpTracer):
        def start_span(self, name: str, *args: object, **kwargs: object) -> Span:
            spans.append(name)
            return super().start_span(name, *args, **kwargs)  # type: ignore[arg-type]

    class Provider(NoOpTracerProvider):
        def get_tracer(self, *_: object, **__: object) -> Tracer:
            return Noting()

    Agent.instrument_all(InstrumentationSettings(tracer_provider=Provider()))
    try:
        await Agent(Made()).run("1 + 1")
        assert spans
        spans.clear()
        await ask(Asked("made:up", Made(custom_output_args={"total": 2})))
    finally:
        Agent.instrument_all(False)
    assert spans == []
