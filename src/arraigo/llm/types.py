"""What a model is to those who ask it."""

from typing import Protocol, TypeVar

T = TypeVar("T")


class Model(Protocol):
    """A language model. Ask it outside of transactions: an answer takes seconds."""

    @property
    def name(self) -> str:
        """Which one, as it was set: `openai:gpt-5-mini`."""

    async def ask(
        self, output: type[T], *, instructions: str, prompt: str, seconds: float = 60, max_tokens: int = 8000
    ) -> T:
        """One question, one answer of the type that is wanted.

        An answer that is not of that type goes back to the model with what is wrong with it, twice at most.

        Args:
            output: What the answer has to be: a pydantic model, or anything else that pydantic can check.
            instructions: Ours, and nobody else's: what it is to do.
            prompt: What it is to work on. Texts that others wrote belong here, marked as such.
            seconds: The most that it may take in all, waiting for its turn and trying again counted.
            max_tokens: The most that one answer may have, thinking counted.

        Raises:
            TooLarge: The instructions and the prompt are more than is sent.
            Unavailable: The model cannot be reached, takes too long, or answers nothing that can be used.
        """

    async def close(self) -> None:
        """Give its connections back. It can be asked again afterwards."""
