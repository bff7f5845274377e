"""Pure: which answer a request brings, whether it is there already, and what followed it.

The same answer may come again: a retry, a double click, four requests at once. With the client's `message_id` it is
known at any time. Without one, the same text is the same answer while nobody can have seen the next question; answers
that bring no id are held back for HOLD, so that a double click is one answer (docs/decisions/0031).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from arraigo.apps.interviews.interview import Interview, Said, Whole
from arraigo.errors import Conflict
from arraigo.ids import derived

HOLD = timedelta(milliseconds=250)
MOST_ATTENTION = 300.0  # seconds; who was away for longer was not thinking about the question


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer: the message that follows it.

    Attributes:
        question: What the interviewer says next: a question, or the closing words.
        answer: The number of the answer; None: a question was put without one.
        is_final: Whether the interview is over with it.
        repeated: Whether the answer was there already.
    """

    interview: Interview
    question: Said
    answer: int | None
    is_final: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request brings.

    Attributes:
        text: What the participant says.
        message_id: The client's own name for it.
        arrived: When it came, by the database's clock; never earlier than it did.
        late: Whether the question that it was about has been answered meanwhile.
    """

    text: str
    message_id: str | None
    arrived: datetime
    late: bool = False

    def name(self, key: bytes, had: Interview) -> UUID:
        """Its message's id: the client's, or the one that this text has as the answer to this question."""
        if self.message_id is None:
            return derived(key, "answer", str(had.id), str(had.turn), self.text)
        try:
            return UUID(self.message_id)
        except ValueError:
            return derived(key, "message", str(had.id), self.message_id)

    def note(self) -> dict[str, bool] | None:
        """What is kept beside it: whether what follows it was held back."""
        return {"held": True} if self.message_id is None else None


def pending_question(whole: Whole) -> Said | None:
    """The question that waits for its answer."""
    had = whole.interview
    if had.status != "in_progress":
        return None
    return next((said for said in whole.messages if said.number == had.pending), None)


def repeated(whole: Whole, answer: Answer, name: UUID) -> Answered | None:
    """What was answered before, where this is that answer again.

    Raises:
        Conflict: This message_id is another answer's; or the question was answered otherwise meanwhile.
    """
    places = {said.id: place for place, said in enumerate(whole.messages) if said.role == "user"}
    if name in places:
        there = whole.messages[places[name]]
        if there.content != answer.text:
            raise Conflict(
                f"the message_id {name} is there already with another text, as number {there.number}",
                safe="nothing was stored",
                remedy="give a new answer a new message_id",
            )
        return following(whole, places[name], repeated=True)
    if not places or whole.interview.turn == 0:
        return None
    place = max(places.values())
    last = whole.messages[place]
    held = HOLD if (last.metadata or {}).get("held") else timedelta()
    unseen = answer.late or answer.arrived < last.created_at + held
    lost = answer.message_id is None and whole.interview.undelivered == last.number
    if last.content == answer.text and (unseen or lost):
        return following(whole, place, repeated=True)
    if unseen:
        raise otherwise(whole.interview)
    return None


def following(whole: Whole, place: int, *, repeated: bool) -> Answered:
    """What followed the answer at this place.

    Raises:
        Conflict: Nothing did: it came so from a browser.
    """
    if place + 1 >= len(whole.messages):
        raise Conflict(
            f"interview {whole.interview.id} has no question behind this answer",
            remedy="resume it, and a question is put",
        )
    return put(whole, place + 1, whole.messages[place].number, repeated=repeated)


def put(whole: Whole, place: int, answer: int | None = None, *, repeated: bool = False) -> Answered:
    """The question at this place."""
    final = whole.interview.status == "completed" and place == len(whole.messages) - 1
    return Answered(whole.interview, whole.messages[place], answer, is_final=final, repeated=repeated)


def attention(whole: Whole, now: datetime) -> float:
    """Seconds since the last word, as far as they count."""
    since = whole.messages[-1].created_at if whole.messages else now
    return min(max((now - since).total_seconds(), 0.0), MOST_ATTENTION)


def over(had: Interview) -> Conflict:
    """It takes no more answers."""
    return Conflict(f"interview {had.id} is {had.status}, and takes no more answers", safe="nothing was stored")


def otherwise(had: Interview) -> Conflict:
    """The question has another answer."""
    return Conflict(
        f"this question of interview {had.id} was answered otherwise at the same moment",
        safe="nothing was stored",
        remedy="read the interview, and answer the question that waits now",
    )
