"""What the endpoints of test plans answer, for the description."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from arraigo.apps.testplans.exporting import ExportStatus, Format
from arraigo.apps.testplans.plan import (
    CaseStatus,
    Configuration,
    CreatedBy,
    Glossary,
    Language,
    Place,
    PlanType,
    Priority,
    ScriptStep,
    Technique,
)
from arraigo.apps.testplans.views import Action, PlanStatus
from arraigo.store.types import ProcessingStatus, Role, Status


class Configured(BaseModel):
    """A plan that can be generated now."""

    conversation_id: UUID
    plan_configuration: Configuration
    project_id: UUID | None
    status: str
    message: str


class CaseOut(BaseModel):
    """A case, and beside its fields those of its project: with the shipped preset the six of addresses and orders."""

    model_config = ConfigDict(extra="allow")

    id: UUID
    test_plan_id: UUID
    testcase_number: str = Field(description="stays, whatever the order")
    position: int
    test_case_name: str
    test_case_description: str
    preconditions: str
    test_data: str
    test_steps: list[str]
    expected_results: str
    requirements: str
    requirement_ids: list[str] = Field(description="those of them that are known")
    technique: Technique
    script: list[ScriptStep]
    priority: Priority
    status: CaseStatus
    created_by: CreatedBy
    version: int
    created_at: datetime
    updated_at: datetime
    custom_fields: dict[str, Any]


class Metrics(BaseModel):
    """How far a plan covers the requirements."""

    target_coverage: int
    actual_coverage: float
    total_requirements: int
    covered_requirements: int


class GeneratedPlan(BaseModel):
    """The plan with all its cases."""

    id: UUID
    title: str
    status: PlanStatus
    configuration: Configuration
    coverage_metrics: Metrics
    test_cases: list[CaseOut]


class Generated(BaseModel):
    """What a round of generating came to."""

    generated_cases: list[CaseOut] = Field(description="the new ones")
    test_plan: GeneratedPlan
    conversation_id: UUID
    plan_id: UUID
    system_response: str
    notes: list[str] = Field(description="what could not be done, and why")
    model_used: str
    processing_time_ms: int


class ListedTalk(BaseModel):
    """A conversation in a list."""

    id: UUID
    title: str
    status: Status
    plan_type: PlanType | None
    created_at: datetime
    updated_at: datetime
    total_plans: int
    total_test_cases: int


class TalkList(BaseModel):
    """Conversations, the newest activity first."""

    conversations: list[ListedTalk]
    total: int = Field(description="of all that match")
    next: str | None = Field(description="`cursor` for the page behind this one; null at the end")


class TalkOut(BaseModel):
    """A conversation with what its plan shall be like."""

    id: UUID
    user_id: UUID
    username: str | None
    project_id: UUID | None
    project_name: str | None
    title: str
    status: Status
    language: Language | None
    plan_type: PlanType | None
    coverage_percentage: int | None
    min_test_cases: int | None
    max_test_cases: int | None
    project_context: str | None
    glossary: Glossary | None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None


class OneTalk(BaseModel):
    """A conversation."""

    conversation_id: UUID
    conversation: TalkOut


class MessageOut(BaseModel):
    """What was said."""

    id: UUID
    sequence_number: int
    role: Role
    content: str
    metadata: dict[str, Any] | None
    created_at: datetime


class PlanOut(Metrics):
    """A plan without its cases."""

    id: UUID
    conversation_id: UUID
    title: str
    plan_type: PlanType
    status: PlanStatus
    configuration: Configuration
    notes: list[str]
    total_test_cases: int
    accepted_cases: int
    created_at: datetime
    updated_at: datetime


class WholePlan(PlanOut):
    """A plan with its cases."""

    language: Language
    project_name: str | None
    case_fields: dict[str, str] = Field(description="the project's own fields of cases, and what each is called")
    test_cases: list[CaseOut]


class WholeTalk(BaseModel):
    """A conversation with all that was said, and its plans."""

    conversation: TalkOut
    messages: list[MessageOut]
    test_plans: list[PlanOut]


class Deleted(BaseModel):
    """What is gone."""

    conversation_id: UUID
    message: str


class DocumentOut(BaseModel):
    """A document, without its bytes: `download_url` has them, until `download_expires_at`, for whoever has it."""

    id: UUID
    conversation_id: UUID
    filename: str
    s3_key: str = Field(description="where its bytes are, in the place of the blobs")
    content_type: str
    file_size: int = Field(description="bytes")
    processing_status: ProcessingStatus
    processing_error: str | None = Field(description="why it has failed; null otherwise")
    processing_notes: list[str] = Field(description="what a reader should know of it")
    total_requirements: int
    processed_at: datetime | None
    created_at: datetime
    download_url: str
    download_expires_at: datetime


class DocumentList(BaseModel):
    """Documents of one conversation, the oldest first."""

    documents: list[DocumentOut]
    next: str | None = Field(description="`cursor` for the page behind this one; null at the end")


class RequirementOut(BaseModel):
    """A testable statement; or one that is not, as `testable` says."""

    id: str
    text: str
    kind: str
    language: Language
    place: Place
    testable: bool


class RequirementList(BaseModel):
    """All of a conversation's, in the order of its documents."""

    requirements: list[RequirementOut]


class CoveredRequirement(RequirementOut):
    """A requirement, and the cases that test it."""

    covered: bool
    cases: list[str] = Field(description="their numbers")
    techniques: list[Technique]
    why_not: str | None = Field(None, description="where no case tests it")


class CoverageOut(Metrics):
    """What a plan covers; cases that were discarded do not count."""

    requirements: list[CoveredRequirement]
    techniques: dict[str, int] = Field(description="how many cases use each")


class Decided(BaseModel):
    """The cases whose status changed."""

    changed: int
    case_ids: list[UUID]


class Ordered(BaseModel):
    """All cases of the plan, in their order."""

    case_ids: list[UUID]


class ModificationOut(BaseModel):
    """One change. `test_case`: all of it was made or deleted, as JSON; `requirement_link`: a link to a requirement."""

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


class ModificationList(BaseModel):
    """Changes, the newest first."""

    modifications: list[ModificationOut]


class Undone(BaseModel):
    """The case as it is then."""

    case: CaseOut | None = Field(description="null: it was taken back that it was made")


class ExportOut(BaseModel):
    """An export; `download_url` has its bytes once it is ready, until `expires_at`, for whoever has it."""

    id: UUID
    test_plan_id: UUID
    format: Format
    include_metadata: bool
    status: ExportStatus
    error: str | None = Field(description="why it has failed; null otherwise")
    filename: str
    file_size: int | None = Field(description="bytes")
    download_url: str | None
    created_at: datetime
    expires_at: datetime


class PlanFigures(BaseModel):
    """How many plans."""

    total: int
    by_type: dict[str, int]
    by_status: dict[str, int]


class CaseFigures(BaseModel):
    """How many cases."""

    total: int
    by_status: dict[str, int]
    by_priority: dict[str, int]
    by_technique: dict[str, int]
    by_created_by: dict[str, int]


class CoverageFigures(BaseModel):
    """Summed over plans."""

    total: int
    covered: int
    coverage: float = Field(description="percent")


class CoverageOfDay(CoverageFigures):
    """The same at the end of a day."""

    date: date


class Report(BaseModel):
    """Figures over all of one's plans."""

    plans: PlanFigures
    cases: CaseFigures
    requirements: CoverageFigures
    coverage_over_time: list[CoverageOfDay]
