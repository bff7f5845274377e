"""A model over the wire: a server on this machine speaks OpenAI's interfaces, well and badly."""

import json
import logging
import traceback
from typing import Literal

import pytest
from pydantic import BaseModel

from arraigo import llm
from arraigo.errors import TooLarge, Unavailable
from support.models import KEY, Reply, opened

PROMPT = "pr0mpt-of-the-test"
QUITO = {"city": "Quito", "continent": "America"}


class Capital(BaseModel):
    """The capital of a country."""

    city: str
    continent: Literal["America", "Asia"]


@pytest.fixture(params=["openai", "openai-chat"])
def name(request: pytest.FixtureRequest) -> str:
    """One of the two interfaces."""
    return f"{request.param}:model-of-the-test"


async def ask(model: llm.Model, seconds: float = 20) -> Capital:
    return await model.ask(Capital, instructions="name the capital", prompt=PROMPT, seconds=seconds, max_tokens=321)


async def test_a_question_goes_out_whole_and_its_answer_comes_back_typed(name: str) -> None:
    async with opened(QUITO, name=name) as (model, said):
        assert await ask(model) == Capital(city="Quito", continent="America")
    sent = json.dumps(said.asked)
    assert len(said.asked) == 1
    assert PROMPT in sent
    assert "name the capital" in sent
    assert "The capital of a country." in sent
    assert said.asked[0]["model"] == "model-of-the-test"
    assert 321 in (said.asked[0].get("max_output_tokens"), said.asked[0].get("max_completion_tokens"))
    assert said.keys == [f"Bearer {KEY}"]


async def test_a_server_that_fails_for_a_moment_is_asked_again(name: str) -> None:
    async with opened(500, 429, QUITO, name=name) as (model, said):
        assert (await ask(model)).city == "Quito"
    assert len(said.asked) == 3


async def test_an_answer_of_another_type_goes_back_with_what_is_wrong_with_it(name: str) -> None:
    async with opened({"city": "Quito", "continent": "Europe"}, "{{{", QUITO, name=name) as (model, said):
        assert (await ask(model)).city == "Quito"
    assert len(said.asked) == 3
    assert "'America' or 'Asia'" in json.dumps(said.asked[1])


@pytest.mark.parametrize(
    ("replies", "what"),
    [
        ([{"city": 1}, "null", "{"], "gave nothing that can be used"),
        ([{}], "gave nothing that can be used"),
        ([500], "answered with HTTP status 500"),
        ([400], "answered with HTTP status 400"),
        ([401], "does not accept the API key"),
        ([404], "does not know this model"),
        ([429], "takes no more requests for now"),
    ],
)
async def test_what_cannot_be_had_is_one_sentence_without_contents_or_key(
    name: str, replies: list[Reply], what: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with opened(*replies, name=name) as (model, said):
        with pytest.raises(Unavailable) as caught:
            await ask(model)
    assert str(caught.value) == f"the language model {name} {what}"
    assert len(said.asked) <= 3
    assert caught.value.__cause__ is caught.value.__context__ is None
    for text in (*traceback.format_exception(caught.value), caplog.text, repr(model)):
        assert KEY not in text
        assert "Quito" not in text
    assert PROMPT not in caplog.text + repr(model)


async def test_an_answer_that_does_not_come_is_waited_for_so_long_and_no_longer(name: str) -> None:
    async with opened(None, name=name) as (model, said):
        with pytest.raises(Unavailable, match=r"gave no answer within 0\.2 seconds") as caught:
            await ask(model, seconds=0.2)
        assert caught.value.__context__ is None
        assert len(said.asked) <= 1


async def test_trying_again_counts_in_the_time(name: str) -> None:
    async with opened(500, None, name=name) as (model, _):
        with pytest.raises(Unavailable, match="gave no answer within"):
            await ask(model, seconds=0.3)


async def test_a_server_that_is_gone_is_said_so(name: str) -> None:
    async with opened(QUITO, name=name) as (model, _):
        assert (await ask(model)).city == "Quito"
    with pytest.raises(Unavailable, match=f"^the language model {name} cannot be reached$"):
        await ask(model)
    await model.close()


async def test_more_than_a_model_takes_is_not_sent() -> None:
    async with opened(QUITO) as (model, said):
        with pytest.raises(TooLarge, match="400001 characters for openai:model-of-the-test are more than 400000"):
            await model.ask(Capital, instructions="", prompt="x" * 400_001)
    assert said.asked == []
