"""What a test plan is made of, as values: requirements with their place, cases with their technique and script."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Language = Literal["es", "en"]
PlanType = Literal["UNITARIAS", "INTEGRACIÓN", "PERFORMANCE", "REGRESIÓN"]
Priority = Literal["ALTA", "MEDIA", "BAJA"]
CaseStatus = Literal["PROPOSED", "ACCEPTED", "DISCARDED", "MANUAL"]
CreatedBy = Literal["AI_AGENT", "MANUAL"]

# ISO/IEC/IEEE 29119-4, and what a plan has beside its techniques.
Technique = Literal[
    "equivalence_partitioning",
    "boundary_value_2",
    "boundary_value_3",
    "decision_table",
    "state_transition",
    "pairwise",
    "scenario",  # the plain way through an operation
    "syntax",  # formats: of an e-mail address, a code, a date
    "security",
    "requirements_based",  # what a requirement says, tried by a person: a case in words
    "load",  # of PERFORMANCE plans: a load profile with thresholds
    "risk_based",  # of REGRESIÓN plans
    "manual",
]
Scalar: TypeAlias = str | int | float | bool | None


class Frozen(BaseModel):
    """A value that never changes."""

    model_config = ConfigDict(frozen=True)


class Place(Frozen):
    """Where something stands in a document.

    Attributes:
        page: From 1; None where the format has none.
        section: The headings above it, as "2 Pagos > 2.1 Límites"; empty: before the first.
        line: In the extracted text, from 1.
    """

    page: int | None = None
    section: str = ""
    line: int = 1


class Row(Frozen):
    """A row of a table.

    Attributes:
        table: Which table of the document, from 1: rows of one table have the same.
        title: The table's caption; empty where it has none.
        cells: What stands under each head, in the order of the columns, empty cells too.
    """

    table: int = 1
    title: str = ""
    cells: Mapping[str, str] = {}


class Beside(Frozen):
    """What a document says around a requirement: a definition, a sentence that leads to a list, an example.

    Attributes:
        kind: `example` for a worked one; `told` for all that states nothing to be tried by itself.
        section: The headings above it.
        row: Where it is a row of a table (of terms, of an example).
    """

    text: str = Field(min_length=1, max_length=4000)
    kind: Literal["told", "example"] = "told"
    section: str = ""
    row: Row | None = None


class Requirement(Frozen):
    """One testable statement.

    Attributes:
        id: As the document numbers it (RF-03), else ours (REQ-001); unique in a plan.
        text: One statement, in the document's words, made whole (a table's row with its column heads; LaTeX and
            mistakes of extraction made plain).
        kind: What it is about.
        testable: False for what states nothing that can be tried ("should be pleasant"); `why_not` says why.
        row: Where it is a row of a table: its cells, as they are.
        lead: The sentence before the list that it is an entry of, with which `text` begins; empty: none.
        beside: What the document says between the requirement before and this one; examples stand with the one before
            them.
    """

    id: str = Field(min_length=1, max_length=60)
    text: str = Field(min_length=1, max_length=4000)
    place: Place = Place()
    language: Language = "es"
    kind: Literal["functional", "performance", "security", "usability", "other"] = "functional"
    testable: bool = True
    why_not: str = ""
    row: Row | None = None
    lead: str = ""
    beside: tuple[Beside, ...] = ()


class Extraction(Frozen):
    """What a document gave.

    Attributes:
        text: All of it as plain text, pages separated by a form feed.
        requirements: In the order of the document.
        notes: What a reader should know (a page without text, a table that could not be read), in words.
    """

    language: Language
    text: str = Field(repr=False)
    requirements: tuple[Requirement, ...] = ()
    notes: tuple[str, ...] = ()


class Expected(Frozen):
    """What one step has to give. Only what the requirements say is said; the rest is None.

    Attributes:
        accepted: Whether the operation is taken.
        value: What it gives back.
        state: The state the thing is in afterwards.
        message: What is told, where the requirements give its words.
    """

    accepted: bool
    value: JsonValue = None
    state: str | None = None
    message: str | None = None


class ScriptStep(Frozen):
    """One operation with concrete data, so that a program can run it."""

    operation: str
    inputs: Mapping[str, JsonValue]
    expected: Expected


class Case(Frozen):
    """One test case, as a generator gives it; the seed's field names.

    Attributes:
        test_steps: What a person does, one sentence each.
        requirements: Ids of the requirements that it tests; at least one.
        script: The same for a program; empty where there is nothing to run (PERFORMANCE: a load profile in words).
        custom_fields: Values of the project's own fields.
    """

    test_case_name: str = Field(min_length=1, max_length=255)
    test_case_description: str = ""
    preconditions: str = ""
    test_data: str = ""
    test_steps: tuple[str, ...] = Field(min_length=1)
    expected_results: str = Field(min_length=1)
    requirements: tuple[str, ...] = Field(min_length=1)
    priority: Priority = "MEDIA"
    technique: Technique
    script: tuple[ScriptStep, ...] = ()
    custom_fields: Mapping[str, JsonValue] = {}


class Operation(Frozen):
    """An operation's fields, by the glossary's names."""

    fields: tuple[str, ...] = ()


class Glossary(Frozen):
    """The names that scripts use for operations and their fields."""

    operations: Mapping[str, Operation] = {}


class Configuration(Frozen):
    """What a plan shall be like."""

    plan_title: str
    plan_type: PlanType = "UNITARIAS"
    coverage_percentage: int = Field(80, ge=0, le=100)
    min_test_cases: int = Field(1, ge=0, le=5000)
    max_test_cases: int = Field(50, ge=1, le=5000)
    project_context: str = ""
    glossary: Glossary | None = None


class Kept(Frozen):
    """A case that is in the plan already."""

    id: str
    status: CaseStatus
    created_by: CreatedBy
    case: Case


class Uncovered(Frozen):
    """A requirement without a case, and why: not testable, nothing concrete in it, no room within the limits."""

    requirement: str
    why: str


class Generation(Frozen):
    """What one round of generating came to.

    Attributes:
        cases: New ones, the most valuable first.
        dropped: Ids of kept cases that the instruction replaces or takes out; never accepted or manual ones.
        uncovered: Requirements that no case of the plan covers then.
        notes: What the caller should know, one sentence each, in the plan's language: why there are fewer than the
            minimum, why the coverage stays under the target, what of the instruction was not understood.
        response: One short paragraph for the chat: what was done.
    """

    cases: tuple[Case, ...]
    dropped: tuple[str, ...] = ()
    uncovered: tuple[Uncovered, ...] = ()
    notes: tuple[str, ...] = ()
    response: str = ""
