"""A plan as it is kept: what is read together, shown, and handed to an export."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from arraigo.apps.testplans.plan import (
    CaseStatus,
    Configuration,
    CreatedBy,
    Language,
    PlanType,
    Priority,
    Requirement,
    ScriptStep,
    Technique,
)

PlanStatus = Literal["draft", "active", "completed", "archived"]
Action = Literal["CREATE", "UPDATE", "DELETE"]

# Fields of cases that a project may have beside those that every case has: by name, what each is called.
CaseFields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case of a plan, by the seed's field names.

    Attributes:
        testcase_number: TC-001; given once and for all.
        position: Its place in the order that people gave; not without gaps.
        requirements: As people write them.
        links: The requirements that are known, by id, ascending: what coverage counts.
        custom_fields: Values of the project's own fields.
        version: Grows with every change.
    """

    id: UUID
    conversation_id: UUID
    plan_id: UUID
    testcase_number: str
    position: int
    test_case_name: str
    test_case_description: str
    preconditions: str
    test_data: str
    test_steps: tuple[str, ...]
    expected_results: str
    requirements: str
    links: tuple[str, ...]
    technique: Technique
    script: tuple[ScriptStep, ...]
    custom_fields: Mapping[str, Any]
    priority: Priority
    status: CaseStatus
    created_by: CreatedBy
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Modification:
    """One change of a case, as the log has it.

    Attributes:
        field_name: The field; `test_case` where all of it was made or deleted (JSON), `requirement_link` for a link.
        modified_by: The user; None for a change past the application.
        username: The same for people to read.
    """

    id: UUID
    test_case_id: UUID
    testcase_number: str
    field_name: str
    old_value: str | None
    new_value: str | None
    action: Action
    modified_by: UUID | None
    username: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Covered:
    """How one requirement is covered.

    Attributes:
        cases: Numbers of the cases that test it and were not discarded, in the plan's order.
        techniques: Theirs, each once.
        why_not: Why no case does; empty where one does.
    """

    requirement: Requirement
    cases: tuple[str, ...]
    techniques: tuple[Technique, ...]
    why_not: str = ""

    @property
    def covered(self) -> bool:
        """Whether any case tests it."""
        return bool(self.cases)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a plan covers; percentages of 100.

    Attributes:
        requirements: All of them, in the order of the documents.
        techniques: How many cases that were not discarded use each; the most used first.
    """

    target_coverage: int
    actual_coverage: Decimal
    total_requirements: int
    covered_requirements: int
    requirements: tuple[Covered, ...]
    techniques: Mapping[Technique, int]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan without its cases.

    Attributes:
        configuration: As it was when the plan was generated last.
        reasons: By requirement: why the generator left it uncovered.
        notes: What the generator had to say, one sentence each.
        total_test_cases: All of them, discarded ones too.
    """

    id: UUID
    conversation_id: UUID
    title: str
    plan_type: PlanType
    status: PlanStatus
    target_coverage: int
    actual_coverage: Decimal
    total_requirements: int
    covered_requirements: int
    configuration: Configuration
    reasons: Mapping[str, str]
    notes: tuple[str, ...]
    total_test_cases: int
    accepted_cases: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with all that belongs to it.

    Attributes:
        language: Of what people read in it.
        project: The project's name, where it has one.
        case_fields: The project's own fields, in their order: what is in a case's custom_fields, and what each is
            called.
        cases: In the order that people gave them; discarded ones too.
        modifications: The log, the oldest first; empty unless it was asked for.
    """

    plan: PlanRow
    configuration: Configuration
    language: Language
    project: str | None
    case_fields: CaseFields
    requirements: tuple[Requirement, ...]
    cases: tuple[CaseView, ...]
    coverage: Coverage
    modifications: tuple[Modification, ...] = field(default=())
