"""What an interview came to, in the words of who was asked: every quotation stands in the message of its number."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from arraigo.apps.interviews.interview import Language, Said
from arraigo.apps.interviews.interviewer import wording
from arraigo.apps.interviews.interviewer.reading import signs
from arraigo.apps.interviews.interviewer.reading.handles import handles
from arraigo.apps.interviews.interviewer.reading.quoting import Handle, Kind
from arraigo.apps.interviews.interviewer.reading.substance import content
from arraigo.apps.interviews.interviewer.reading.text import LONGEST, parts, plain, sentences
from arraigo.apps.interviews.interviewer.types import Chapter, Point, Quote, Situation, Summary
from arraigo.web.files import markdown_line

_QUOTES = 6  # of a topic
_QUOTED = 280  # characters of a quotation
_KINDS = ("wish", "pain", "toil", "tool", "task", "people", "duration", "number", "frequency")


def write(situation: Situation) -> Summary:
    """The summary that needs no model: per topic, the sentences that say most, as they were said."""
    chapters = [_chapter(situation, topic.id, topic.title[situation.language]) for topic in situation.plan.topics]
    return render(situation, [*chapters, *_gone(situation)], "offline")


def check(situation: Situation, given: Summary) -> Summary:
    """Somebody's summary, as far as it holds: a quotation that was not said goes, and a point without one goes with it.

    Outcomes and titles are the interview's own; a topic of which nothing holds is summed up by rule.
    """
    everything = {message.number: message for message in situation.messages}
    chapters = []
    for topic in situation.plan.topics:
        own = _chapter(situation, topic.id, topic.title[situation.language])
        # Of what they would rather not speak of, only what they said before they said so.
        before = {at: everything[at] for at in situation.state.answers.get(topic.id, ()) if at in everything}
        said = before if own.outcome == "refused" else everything
        points = [point for one in given.chapters if one.topic == topic.id for point in one.points]
        held = tuple(point for point in (_held(point, said) for point in points) if point)
        chapters.append(own.model_copy(update={"points": held}) if held else own)
    return render(situation, [*chapters, *_gone(situation)], given.written_by)


def render(situation: Situation, chapters: Sequence[Chapter], written_by: str) -> Summary:
    """The text of these chapters."""
    language = situation.language
    blocks = [f"# {wording.summary(language, 'title')}", wording.summary(language, "preface")]
    for chapter in chapters:
        blocks.append(f"## {markdown_line(chapter.title)}")
        if chapter.points:
            blocks.append("\n".join(_line(point, language) for point in chapter.points))
        if remark := _remark(chapter, language):
            blocks.append(remark)
    return Summary(language=language, text="\n\n".join(blocks) + "\n", chapters=tuple(chapters), written_by=written_by)


def _gone(situation: Situation) -> Iterator[Chapter]:
    """What was said of topics that have left the plan since, under their ids."""
    known = {topic.id for topic in situation.plan.topics}
    gone = (_chapter(situation, topic, topic) for topic in situation.state.answers if topic not in known)
    return (chapter for chapter in gone if chapter.points)


def _chapter(situation: Situation, topic: str, title: str) -> Chapter:
    state = situation.state
    outcome = state.outcomes.get(topic, "cut")
    numbers = state.answers.get(topic, ())
    said = [message for message in situation.messages if message.number in numbers and message.role == "user"]
    points = tuple(_points(said, topic, situation.language))
    return Chapter(topic=topic, title=title, outcome=outcome, points=points)


def _points(said: Iterable[Said], topic: str, language: Language) -> Iterable[Point]:
    """The sentences that say most, in the order in which they were said; those of one kind together."""
    found = [telling for message in said for telling in _telling(message)]
    best = sorted(range(len(found)), key=lambda at: -found[at].weight)[:_QUOTES]
    done: set[str] = set()
    points: dict[str, list[Quote]] = {}
    for one in (found[at] for at in sorted(best)):
        if plain(one.quote.text) not in done:
            done.add(plain(one.quote.text))
            points.setdefault(wording.lead(language, one.kind, topic), []).append(one.quote)
    return (Point(text=text, quotes=tuple(quotes)) for text, quotes in points.items())


class _Telling(NamedTuple):
    weight: int
    kind: Kind
    quote: Quote


def _telling(message: Said) -> Iterator[_Telling]:
    """The sentences of an answer that say something."""
    text = message.content[:LONGEST]
    if signs.orders(text):
        return
    for sentence in _quotable(text):
        if signs.empty(sentence) or signs.done(sentence):
            continue
        grips = sorted(handles(sentence), key=_rank)
        kind = grips[0].kind if grips else "remark"
        if content(sentence) or kind in _KINDS:
            quote = Quote(sequence_number=message.number, text=_short(sentence))
            yield _Telling(len(content(sentence)) + 3 * len(grips), kind, quote)


def _quotable(text: str) -> Iterator[str]:
    """The sentences; of one that refuses or speaks to the interviewer, its other parts."""
    for start, end in sentences(text):
        inside = [text[start + begin : start + stop] for begin, stop in parts(text[start:end])]
        if any(map(signs.beside, inside)):
            yield from (part for part in inside if not signs.beside(part))
        else:
            yield text[start:end]


def _rank(handle: Handle) -> int:
    return _KINDS.index(handle.kind) if handle.kind in _KINDS else len(_KINDS)


def _short(sentence: str) -> str:
    if len(sentence) <= _QUOTED:
        return sentence
    return sentence[:_QUOTED].rsplit(" ", 1)[0].rstrip()


def _held(point: Point, by_number: dict[int, Said]) -> Point | None:
    quotes = tuple(quote for quote in point.quotes if _was_said(quote, by_number.get(quote.sequence_number)))
    return point.model_copy(update={"quotes": quotes}) if quotes and point.text.strip() else None


def _was_said(quote: Quote, message: Said | None) -> bool:
    if message is None or message.role != "user" or not quote.text.strip():
        return False
    return quote.text in message.content and signs.kept(quote.text) == quote.text and not signs.orders(message.content)


def _line(point: Point, language: Language) -> str:
    quotes = ", ".join(
        f"{wording.quoted(language, markdown_line(quote.text))} [{quote.sequence_number}]" for quote in point.quotes
    )
    return f"- {markdown_line(point.text)}: {quotes}"


def _remark(chapter: Chapter, language: Language) -> str:
    if chapter.outcome == "cut":
        return wording.summary(language, "cut_short" if chapter.points else "cut")
    if chapter.outcome == "refused":
        return wording.summary(language, "refused_later" if chapter.points else "refused")
    if chapter.outcome == "answered":
        return "" if chapter.points else wording.summary(language, "answered")
    return wording.summary(language, chapter.outcome)
