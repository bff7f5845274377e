"""A model by pydantic-ai: the only module that asks one.

Its errors may quote what was asked, what came back and whom it was sent to. So none of them leaves this module, not
even as a cause.
"""

import asyncio

import pydantic_ai
from pydantic_ai.exceptions import ModelAPIError, ModelHTTPError, UsageLimitExceeded
from pydantic_ai.models import Model as Backend
from pydantic_ai.models import infer_model
from pydantic_ai.providers import infer_provider_class

from arraigo.errors import TooLarge, Unavailable
from arraigo.llm.types import T

AT_ONCE = 8
RETRIES = 2  # of an answer that is not of its type; those of a request that failed are the provider's client's own
MAX_CHARACTERS = 400_000  # a token is never less than a byte, so this bounds the tokens too

_SAID = {
    401: "does not accept the API key",
    402: "has no credit left",
    403: "does not accept the API key for this",
    404: "does not know this model",
    429: "takes no more requests for now",
}


class UnknownProvider(Exception):
    """pydantic-ai has no such provider."""


def find(name: str) -> Backend:
    """The model of this name, `provider:name`.

    Raises:
        UnknownProvider: There is none of that name.
        ImportError: The provider's package is missing.
        Exception: What the provider raises where its own settings are, such as its API key.
    """
    try:
        infer_provider_class(name.partition(":")[0])
    except ValueError:
        raise UnknownProvider from None
    return infer_model(name)


class Asked:
    """An `arraigo.llm.Model`.

    Args:
        name: What it is called.
        model: pydantic-ai's.
        at_once: How many questions may be under way; the others wait for their turn.
    """

    def __init__(self, name: str, model: Backend, *, at_once: int = AT_ONCE) -> None:
        pydantic_ai.BANNER_ENABLED = False  # it would greet whoever reads the server's log
        self._name = name
        self._agent = pydantic_ai.Agent(model, retries={"output": RETRIES, "tools": 0})
        self._agent.instrument = False  # whatever else in this process is traced: what people say is not
        self._turns = asyncio.Semaphore(at_once)

    def __repr__(self) -> str:
        return f"Asked({self._name!r})"

    @property
    def name(self) -> str:
        """Which one, as it was set."""
        return self._name

    async def ask(
        self, output: type[T], *, instructions: str, prompt: str, seconds: float = 60, max_tokens: int = 8000
    ) -> T:
        """See `Model.ask`."""
        if (size := len(instructions) + len(prompt)) > MAX_CHARACTERS:
            raise TooLarge(f"{size} characters for {self._name} are more than {MAX_CHARACTERS}")
        try:
            async with asyncio.timeout(seconds), self._turns:
                result = await self._agent.run(
                    prompt,
                    output_type=output,
                    instructions=instructions,
                    model_settings={"max_tokens": max_tokens},
                    usage_limits=pydantic_ai.UsageLimits(request_limit=1 + RETRIES),
                    infer_name=False,
                )
                return result.output
        except TimeoutError:
            what = f"gave no answer within {seconds:g} seconds"
        except Exception as error:  # noqa: BLE001 - the clients' libraries have errors of their own, with contents
            what = _said(error)
        raise Unavailable(f"the language model {self._name} {what}")  # here: see above

    async def close(self) -> None:
        """See `Model.close`."""
        async with self._agent:  # pydantic-ai closes what it leaves
            pass


def _said(error: Exception) -> str:
    """What went wrong, most specific first, in words of ours."""
    match error:
        case ModelHTTPError():
            return _SAID.get(error.status_code, f"answered with HTTP status {error.status_code}")
        case ModelAPIError() | OSError():
            return "cannot be reached"
        case pydantic_ai.UnexpectedModelBehavior() | UsageLimitExceeded():
            return "gave nothing that can be used"
    return f"cannot be asked ({type(error).__name__})"
