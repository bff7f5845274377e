"""What an interviewer knows and says. Everything here is data; the decisions are in `rules`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from arraigo.apps.interviews.interview import Language, Level, Said

# How a topic ended: enough was said; they would rather not; nothing came of it; a limit came first.
Outcome = Literal["answered", "refused", "empty", "cut"]

# What people say to an interviewer, rather than of their work.
Aside = Literal["goodbye", "privacy", "remaining", "machine", "again", "other_language", "hello"]


class Frozen(BaseModel):
    """A value that never changes."""

    model_config = ConfigDict(frozen=True)


class Topic(Frozen):
    """Something to ask about.

    Attributes:
        id: Its name: lower case, digits and hyphens.
        title: What it is called in a summary, by language.
        opening: The question that opens it, by language and level.
        follow_ups: More to ask where an answer gives no handle, by language; asked in this order.
        keywords: Words (whole, any case, without accents) that show that somebody speaks of it, by language.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")
    title: Mapping[Language, str]
    opening: Mapping[Language, Mapping[Level, str]]
    follow_ups: Mapping[Language, tuple[str, ...]]
    keywords: Mapping[Language, tuple[str, ...]] = {}


class Plan(Frozen):
    """What an interview is about, and how far it may go.

    Attributes:
        topics: In the order in which they are asked.
        max_questions: The most questions, the first one counted.
        max_minutes: The most minutes of attention: from a question to its answer, a pause of more than five minutes
            counted as five.
        max_follow_ups: The most follow-ups on one topic.
        max_empty: After so many empty answers in a row a topic is left.
    """

    topics: tuple[Topic, ...] = Field(min_length=1)
    max_questions: int = 24
    max_minutes: float = 60
    max_follow_ups: int = 3
    max_empty: int = 2


class State(Frozen):
    """Where an interview stands. The server's own: no participant's text changes it by itself.

    Attributes:
        topic: What is being asked about; empty: nothing yet, or it is over.
        asked: How many questions were put.
        follow_ups: How many of them followed up on this topic.
        empty: How many empty answers in a row this topic had.
        outcomes: How each topic that is done ended.
        answers: The numbers of the answers that say something of a topic.
        seconds: Of attention so far (see Plan.max_minutes).
        used: Which of the topics' own follow-ups were put, as "tools:0". What was taken up of the answers themselves
            shows in the questions that were put.
    """

    topic: str = ""
    asked: int = 0
    follow_ups: int = 0
    empty: int = 0
    outcomes: Mapping[str, Outcome] = {}
    answers: Mapping[str, tuple[int, ...]] = {}
    seconds: float = 0.0
    used: tuple[str, ...] = ()


class Judgement(Frozen):
    """What an interviewer makes of one answer, and the question it would put next.

    Attributes:
        topic: What the answer is about: the topic that was asked about, unless it says something of another one.
        enough: Whether enough was said about the topic that was asked about.
        refused: Whether they do not want to speak of it.
        empty: Whether it says nothing ("I don't know", "nothing", a full stop).
        off_topic: Whether it has nothing to do with the interview; what is said in it counts for nothing.
        besides: Whether it says something of the topic that was asked about, besides refusing it.
        aside: What it says to the interviewer, and not of its work ("goodbye", "who will read this?"); empty: nothing.
        again: Whether it says nothing else, so that nothing is counted and the question that waits is put again.
        also: Other topics of the plan about which it says enough, so that they need no question of their own.
        question: The question it would put next; empty: the plan's own wording is taken.
        question_topic: Which topic that question is about.
    """

    topic: str
    enough: bool = False
    refused: bool = False
    empty: bool = False
    off_topic: bool = False
    besides: bool = False
    aside: Aside | Literal[""] = ""
    again: bool = False
    also: tuple[str, ...] = ()
    question: str = Field(default="", max_length=1000)
    question_topic: str = ""


class Quote(Frozen):
    """Words of the participant, exactly as they stand in the message of this number."""

    sequence_number: int
    text: str


class Point(Frozen):
    """One thing that was learnt of a topic, with the words it comes from."""

    text: str
    quotes: tuple[Quote, ...]


class Chapter(Frozen):
    """What a topic came to."""

    topic: str
    title: str
    outcome: Outcome
    points: tuple[Point, ...] = ()


class Summary(Frozen):
    """What an interview came to, in its language.

    Attributes:
        text: Written for people, Markdown; every quotation is followed by its message's number, as [12].
        chapters: The same for programs, one for each topic of the plan.
        written_by: "offline", or the model's name.
    """

    language: Language
    text: str
    chapters: tuple[Chapter, ...]
    written_by: str


@dataclass(frozen=True, slots=True)
class Step:
    """What comes after an answer.

    Attributes:
        kind: The same question again, a follow-up on the same topic, the opening of the next one, or the end.
        state: Where the interview stands then.
    """

    kind: Literal["again", "follow_up", "open", "end"]
    state: State


@dataclass(frozen=True, slots=True)
class Situation:
    """What an interviewer has before it.

    Attributes:
        messages: Everything up to now, ascending; without the answer at hand.
        answer: The answer at hand; empty where there is none (a summary).
    """

    plan: Plan
    state: State
    language: Language
    level: Level
    messages: Sequence[Said] = field(repr=False)
    answer: str = field(default="", repr=False)


class Interviewer(Protocol):
    """Somebody who can judge an answer and sum up. The rules decide what is done with it."""

    @property
    def name(self) -> str:
        """What it is called: "offline", or the model's name."""

    async def judge(self, situation: Situation) -> Judgement:
        """What to make of the answer at hand, and what to ask next.

        Raises:
            Unavailable: The model cannot be asked, or gives nothing that can be used.
        """

    async def summarise(self, situation: Situation) -> Summary:
        """What the interview came to.

        Raises:
            Unavailable: The same.
        """
