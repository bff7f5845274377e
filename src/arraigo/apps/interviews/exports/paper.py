"""Pure: an interview as a person reads it, before it is laid out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from arraigo.apps.interviews.exports.facts import data
from arraigo.apps.interviews.exports.labels import LABELS, Labels
from arraigo.apps.interviews.interview import Said, Whole
from arraigo.apps.interviews.interviewer.types import Chapter, Point, Summary


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message: who spoke, when, and what was said, exactly."""

    number: int
    by_participant: bool
    speaker: str
    at: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on it, in order. `chapters` is None where nobody has summed up."""

    labels: Labels
    facts: Sequence[tuple[str, str]]
    chapters: Sequence[Chapter] | None = field(repr=False)
    utterances: Sequence[Utterance] = field(repr=False)


def paper(whole: Whole) -> Paper:
    """The interview in the words of its own language."""
    labels = LABELS[whole.interview.language]
    summary = whole.interview.summary
    return Paper(
        labels,
        _facts(whole, labels),
        None if summary is None else Summary.model_validate(summary).chapters,
        [_utterance(said, labels) for said in whole.messages],
    )


def without_points(chapter: Chapter, labels: Labels) -> str | None:
    """What to say of a topic beside its points: how it ended, where that is not plain from them."""
    return None if chapter.points and chapter.outcome == "answered" else labels.without_points[chapter.outcome]


def quotes(point: Point) -> list[tuple[str, int]]:
    """The quotes of a point, with their messages' numbers; of one whose words stand in the point itself, no words."""
    return [
        ("" if quote.text.strip() in point.text else quote.text.strip(), quote.sequence_number)
        for quote in point.quotes
    ]


def _facts(whole: Whole, labels: Labels) -> list[tuple[str, str]]:
    about, known = whole.interview, data(whole)
    rows = [
        (labels.interview, str(about.id)),
        (labels.employee, str(about.employee_id)),
        (labels.session, about.session_id),
        (labels.language, labels.languages[about.language]),
        (labels.level, labels.levels[about.technical_level]),
        (labels.status, labels.statuses[about.status]),
        (labels.started, _moment(about.started_at)),
        (labels.completed, about.completed_at and _moment(about.completed_at)),
        (labels.duration, f"{round(known['duration_minutes'])} min"),
        (labels.questions, str(known["total_questions"])),
        (labels.answers, str(known["total_user_responses"])),
    ]
    return [(label, value) for label, value in rows if value]


def _utterance(said: Said, labels: Labels) -> Utterance:
    return Utterance(said.number, said.role == "user", labels.roles[said.role], _moment(said.created_at), said.content)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
