"""What the endpoints of test plans take."""

from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field, model_validator

from arraigo.apps.testplans import preset
from arraigo.apps.testplans.exporting import Format
from arraigo.apps.testplans.plan import (
    CaseStatus,
    Configuration,
    CreatedBy,
    Glossary,
    Language,
    Priority,
    ScriptStep,
    Technique,
)
from arraigo.apps.testplans.talks import Changes
from arraigo.apps.testplans.views import PlanStatus

MAX_CASES = 5000
MAX_TEXT = 100_000
MAX_STEPS = 1000
TalkStatus = Literal["active", "completed", "archived"]

AnyPlanType = Annotated[
    str,
    AfterValidator(preset.plan_type),
    Field(max_length=40, description="UNITARIAS, INTEGRACIÓN, PERFORMANCE or REGRESIÓN; accents and capitals are free"),
]
Text = Annotated[str, Field(max_length=MAX_TEXT)]
Title = Annotated[str, Field(min_length=1, max_length=500)]
Percentage = Annotated[int, Field(ge=0, le=100)]
Least = Annotated[int, Field(ge=0, le=MAX_CASES)]
Most = Annotated[int, Field(ge=1, le=MAX_CASES)]


def _something(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text


class Lenient(BaseModel):
    """Ignores what it does not know: older front ends send more than is wanted."""

    model_config = ConfigDict(extra="ignore")


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid")


class Configure(Lenient):
    """A test plan to begin."""

    plan_title: Annotated[Title, AfterValidator(_something)] = Field(
        validation_alias=AliasChoices("plan_title", "title")
    )
    plan_type: AnyPlanType
    coverage_percentage: Percentage = 80
    min_test_cases: Least = 1
    max_test_cases: Most = 50
    project_context: Text = Field("", description="its first line names the project")
    tester_id: str | None = Field(None, max_length=255, description="the token's subject, or another name of its user")
    user_id: str | None = Field(None, max_length=255, description="the same")
    project_id: UUID | None = None
    language: Language | None = Field(None, description="of what is generated; that of the requirements, if not given")
    glossary: Glossary | None = Field(None, description="the names that scripts use for operations and their fields")

    @model_validator(mode="after")
    def _in_order(self) -> "Configure":
        if self.min_test_cases > self.max_test_cases:
            raise ValueError("min_test_cases is more than max_test_cases")
        return self

    def configuration(self) -> Configuration:
        """The same as a value."""
        return Configuration.model_validate({name: getattr(self, name) for name in Configuration.model_fields})


class Generate(Lenient):
    """Cases to generate."""

    conversation_id: str = Field(min_length=1, max_length=255)
    user_instructions: str = Field(
        "", max_length=MAX_TEXT, description="what to do; empty: what the configuration says"
    )
    new_plan: bool = Field(False, description="begin another plan, and leave the latest one as it is")


class Listing(Lenient):
    """Which conversations to list."""

    user_id: Annotated[str, AfterValidator(_something)] | None = Field(
        None, max_length=255, description="the token's own; an admin may name another user's id"
    )
    plan_type: AnyPlanType | None = None
    status: TalkStatus | None = None
    date_from: datetime | date | None = Field(None, description="made then or later; without a zone, UTC")
    cursor: str | None = Field(None, max_length=100, description="`next` of the page before")

    def since(self) -> datetime | None:
        """The first moment that counts."""
        given = self.date_from
        if given is None:
            return None
        moment = given if isinstance(given, datetime) else datetime.combine(given, time.min)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class TalkChanges(Lenient):
    """What to change of a conversation; what is null or not given stays."""

    title: Annotated[Title, AfterValidator(_something)] | None = Field(
        None, validation_alias=AliasChoices("title", "plan_title")
    )
    status: TalkStatus | None = None
    plan_type: AnyPlanType | None = None
    coverage_percentage: Percentage | None = None
    min_test_cases: Least | None = None
    max_test_cases: Most | None = None
    project_context: Text | None = None
    glossary: Glossary | None = None

    @model_validator(mode="after")
    def _something(self) -> "TalkChanges":
        if all(value is None for value in self.__dict__.values()):
            raise ValueError(f"nothing is to be changed: give any of {', '.join(type(self).model_fields)}")
        return self

    def changes(self) -> Changes:
        """The same as a value."""
        return Changes(**self.__dict__)


class PlanChanges(Strict):
    """What to change of a plan."""

    title: Annotated[Title, AfterValidator(_something)] | None = None
    status: PlanStatus | None = None


class _Fields(BaseModel):
    """A case's own fields; those of its project go beside them, as texts or null."""

    model_config = ConfigDict(extra="allow")

    test_case_description: Text = ""
    preconditions: Text = ""
    test_data: Text = ""
    test_steps: list[Text] = Field([], max_length=MAX_STEPS)
    expected_results: Text = ""
    requirements: Text = Field("", description="as you write them; those whose ids are known are linked")
    technique: Technique = "manual"
    script: list[ScriptStep] = Field([], max_length=MAX_STEPS)
    priority: Priority = "MEDIA"
    custom_fields: dict[str, Any] = {}

    @model_validator(mode="after")
    def _of_the_project(self) -> "_Fields":
        for name, value in (self.model_extra or {}).items():
            if value is not None and not (isinstance(value, str) and len(value) <= MAX_TEXT):
                raise ValueError(f"{name:.60} is a text, or null")
        return self


class NewCase(_Fields):
    """A case made by hand."""

    test_case_name: Annotated[str, AfterValidator(_something)] = Field(min_length=1, max_length=255)
    status: CaseStatus = "MANUAL"


class CaseChanges(_Fields):
    """What to change of a case; what is not given stays."""

    test_case_name: Annotated[str, AfterValidator(_something)] = Field("-", min_length=1, max_length=255)
    status: CaseStatus = "PROPOSED"

    @model_validator(mode="after")
    def _something(self) -> "CaseChanges":
        if not self.model_fields_set:
            raise ValueError("nothing is to be changed: give any of its fields")
        return self


class Where(Strict):
    """Cases of which all of this is true."""

    status: CaseStatus | None = None
    priority: Priority | None = None
    technique: Technique | None = None
    created_by: CreatedBy | None = None
    requirement: str | None = Field(None, min_length=1, max_length=60)


class Decide(Strict):
    """A status for many cases: those that are named, or those that are alike; `{}` is all of them."""

    case_ids: list[UUID] | None = Field(None, min_length=1, max_length=MAX_CASES)
    where: Where | None = None
    status: CaseStatus

    @model_validator(mode="after")
    def _one_way(self) -> "Decide":
        if (self.case_ids is None) == (self.where is None):
            raise ValueError("give one of case_ids and where")
        return self


class Order(Strict):
    """The order that cases shall have among themselves."""

    case_ids: list[UUID] = Field(min_length=1, max_length=MAX_CASES)


class Undo(Strict):
    """Which change to take back."""

    modification_id: UUID


class Logged(Strict):
    """How much of the log to read."""

    limit: int = Field(200, ge=1, le=1000)


class NewExport(Strict):
    """A file to make of a plan."""

    format: Format
    include_metadata: bool = Field(False, description="the log of its changes too")


class Paging(Strict):
    """How many documents to list."""

    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=64, description="`next` of the page before")


class Reporting(Strict):
    """How far back to look."""

    days: int = Field(90, ge=1, le=366)
