from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from arraigo.apps.interviews.interviewer import rules, topics
from arraigo.apps.interviews.interviewer.types import Judgement, Plan, State, Step

PLAN = topics.load()
NAMES = [topic.id for topic in PLAN.topics]


def decide(state: State, *, plan: Plan = PLAN, number: int = 2, seconds: float = 10, **judged: Any) -> Step:
    judgement = Judgement(**{"topic": state.topic, **judged})
    return rules.decide(plan, state, judgement, number=number, seconds=seconds)


def test_enough_said_opens_the_next_topic() -> None:
    step = decide(rules.begin(PLAN), enough=True)
    assert (step.kind, step.state.topic, step.state.asked) == ("open", "tasks", 2)
    assert step.state.outcomes == {"role": "answered"}
    assert step.state.answers == {"role": (2,)}


def test_three_follow_ups_are_the_most() -> None:
    step = Step("open", rules.begin(PLAN))
    kinds = [(step := decide(step.state, number=2 * at)).kind for at in range(1, 5)]
    assert kinds == ["follow_up", "follow_up", "follow_up", "open"]
    assert step.state.outcomes == {"role": "answered"}


def test_two_empty_answers_in_a_row_leave_a_topic() -> None:
    first = decide(rules.begin(PLAN), empty=True)
    assert first.kind == "follow_up"
    assert decide(first.state, empty=True).state.outcomes == {"role": "empty"}
    between = decide(first.state, number=4)
    assert decide(between.state, empty=True).kind == "follow_up"


def test_nothing_more_to_say_is_enough_where_something_was_said() -> None:
    said = decide(rules.begin(PLAN))
    assert decide(said.state, empty=True, enough=True).state.outcomes == {"role": "answered"}
    assert decide(rules.begin(PLAN), empty=True, enough=True).kind == "follow_up"


def test_a_refusal_closes_the_topic_for_good() -> None:
    step = decide(rules.begin(PLAN), refused=True)
    assert step.state.outcomes == {"role": "refused"}
    assert "role" not in step.state.answers
    again = decide(step.state, number=4, topic="role", also=("role",), enough=True)
    assert again.state.outcomes["role"] == "refused"
    assert "role" not in again.state.answers


def test_a_topic_to_come_is_refused_by_its_name() -> None:
    step = decide(rules.begin(PLAN), topic="pains", refused=True, also=("pains",))
    assert step.state.outcomes == {"pains": "refused"}
    assert (step.kind, step.state.topic) == ("follow_up", "role")
    assert step.state.answers == {"role": (2,)}


def test_also_settles_topics_to_come_but_never_the_last_one() -> None:
    step = decide(rules.begin(PLAN), enough=True, also=("tools", "nonsense", "role", *NAMES))
    assert step.state.outcomes == dict.fromkeys(NAMES[:-1], "answered")
    assert (step.kind, step.state.topic) == ("open", "wishes")


def test_nothing_in_an_answer_off_topic_counts() -> None:
    step = decide(rules.begin(PLAN), off_topic=True, enough=True, refused=True, also=tuple(NAMES))
    assert (step.kind, step.state.topic) == ("follow_up", "role")
    assert not step.state.outcomes
    assert not step.state.answers


def test_an_answer_of_another_topic_counts_for_that_one() -> None:
    step = decide(rules.begin(PLAN), topic="tools")
    assert step.state.answers == {"tools": (2,)}
    assert (step.kind, step.state.topic) == ("follow_up", "role")


def test_the_last_question_is_the_last() -> None:
    plan = PLAN.model_copy(update={"max_questions": 2})
    first = decide(rules.begin(plan), plan=plan, enough=True)
    last = decide(first.state, plan=plan, number=4)
    assert last.kind == "end"
    assert last.state.outcomes == {"role": "answered", **dict.fromkeys(NAMES[1:], "cut")}


def test_a_follow_up_never_takes_the_place_of_a_topic_that_waits() -> None:
    plan = PLAN.model_copy(update={"max_questions": len(NAMES)})
    state, number = rules.begin(plan), 2
    while (step := decide(state, plan=plan, number=number)).kind != "end":
        assert step.kind == "open"
        state, number = step.state, number + 2
    assert set(state.outcomes) == set(NAMES[:-1])


def test_minutes_of_attention_end_it_and_a_long_pause_counts_as_five() -> None:
    plan = PLAN.model_copy(update={"max_minutes": 11})
    first = decide(rules.begin(plan), plan=plan, seconds=86_400)
    assert first.state.seconds == 300
    second = decide(first.state, plan=plan, seconds=float("nan"))
    assert (second.kind, second.state.seconds) == ("follow_up", 600)
    assert decide(second.state, plan=plan, seconds=60).kind == "end"
    assert decide(rules.begin(plan), plan=plan, seconds=-5).state.seconds == 0


def test_a_plan_that_changed_meanwhile_goes_on_with_what_it_has() -> None:
    step = decide(State(topic="gone", asked=3, outcomes={"role": "answered"}))
    assert (step.kind, step.state.topic) == ("open", "tasks")


names = st.sampled_from([*NAMES, "nonsense", ""])
judgements = st.builds(
    Judgement,
    topic=names,
    enough=st.booleans(),
    refused=st.booleans(),
    empty=st.booleans(),
    off_topic=st.booleans(),
    also=st.lists(names, max_size=8).map(tuple),
)
limits = st.builds(
    lambda questions, minutes: PLAN.model_copy(update={"max_questions": questions, "max_minutes": minutes}),
    st.integers(1, 30),
    st.floats(1, 60),
)


@given(limits, st.lists(st.tuples(judgements, st.floats()), min_size=30, max_size=30))
def test_whatever_is_judged_it_ends_within_the_limits(plan: Plan, course: list[tuple[Judgement, float]]) -> None:
    state, asked = rules.begin(plan), ["role"]
    for at, (judgement, seconds) in enumerate(course):
        before = state
        step = rules.decide(plan, before, judgement, number=2 * at + 2, seconds=seconds)
        state = step.state
        assert {**state.outcomes, **before.outcomes} == state.outcomes  # an outcome is for good
        named = set(judgement.also) if not judgement.off_topic else set()
        limited = {"cut"} if step.kind == "end" else set()
        closed = {name for name, how in state.outcomes.items() if name not in before.outcomes and how not in limited}
        assert closed <= named | {before.topic}
        if step.kind == "end":
            break
        assert state.topic not in state.outcomes
        assert before.outcomes.get(state.topic) != "refused"
        asked.append(state.topic)
    else:
        raise AssertionError("it did not end")
    assert set(state.outcomes) == set(NAMES)
    assert len(asked) == state.asked <= plan.max_questions
    assert all(asked.count(name) <= plan.max_follow_ups + 1 for name in NAMES)
