"""What the interviewer's tests share: participants who follow a script, and whole interviews with them."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from arraigo.apps.interviews.interview import Language, Level, Said
from arraigo.apps.interviews.interviewer import agent, topics
from arraigo.apps.interviews.interviewer.agent import Turn
from arraigo.apps.interviews.interviewer.offline import Offline
from arraigo.apps.interviews.interviewer.types import Interviewer, Plan, Situation

WHEN = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
PLAN = topics.load()
Participant = Callable[[str, int], str]  # the topic that is asked about, and how many answers it had: the answer


@dataclass
class Talk:
    """A whole interview: what was said, every turn, and which topic each question was about."""

    messages: list[Said]
    turns: list[Turn] = field(default_factory=list)
    about: list[str] = field(default_factory=list)

    @property
    def last(self) -> Turn:
        """The turn that ended it."""
        return self.turns[-1]

    @property
    def questions(self) -> list[str]:
        """What the interviewer said, without the closing."""
        return [message.content for message in self.messages if message.role == "assistant"][:-1]


def said(number: int, role: str, content: str) -> Said:
    """A message of this number."""
    assert role in {"user", "assistant", "system", "tool"}
    return Said(UUID(int=number), number, role, content, WHEN)  # type: ignore[arg-type]


def transcript(*contents: str) -> tuple[Said, ...]:
    """Messages that take turns, the interviewer first."""
    return tuple(said(at + 1, "user" if at % 2 else "assistant", text) for at, text in enumerate(contents))


def scripted(script: Mapping[str, Sequence[str]], rest: str) -> Participant:
    """Somebody who answers a topic's questions by the script, and then always the same."""
    return lambda topic, had: script[topic][had] if had < len(script.get(topic, ())) else rest


async def interview(
    participant: Participant,
    language: Language,
    level: Level = "intermediate",
    *,
    interviewer: Interviewer | None = None,
    plan: Plan = PLAN,
    seconds: float = 30,
) -> Talk:
    """An interview with somebody, from the greeting to the closing."""
    opening = agent.begin(plan, language, level)
    talk = Talk([said(1, "assistant", opening.text)])
    state, had = opening.state, Counter[str]()
    while len(talk.turns) <= plan.max_questions:
        answer, number = participant(state.topic, had[state.topic]), len(talk.messages) + 1
        had[state.topic] += 1
        talk.about.append(state.topic)
        situation = Situation(plan, state, language, level, tuple(talk.messages), answer)
        turn = await agent.turn(interviewer or Offline(), situation, number=number, seconds=seconds)
        talk.turns.append(turn)
        talk.messages += [said(number, "user", answer), said(number + 1, "assistant", turn.text)]
        state = turn.state
        if turn.final:
            return talk
    raise AssertionError("it does not end")


def printed(talk: Talk) -> str:
    """For a person to read."""
    who = {"assistant": "—", "user": ">"}
    lines = [f"{who[message.role]} {message.content}" for message in talk.messages]
    return "\n".join([*lines, "", talk.last.summary.text if talk.last.summary else ""])


def run(participant: Participant, language: Language, level: Level = "intermediate") -> Talk:
    """The same, for those who do not wait."""
    return asyncio.run(interview(participant, language, level))
