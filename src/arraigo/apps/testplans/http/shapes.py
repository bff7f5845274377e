"""Pure: plans, cases and what belongs to them, as the endpoints answer them: the seed's field names."""

from collections.abc import Mapping
from typing import Any

from arraigo.apps.testplans import rows
from arraigo.apps.testplans.exporting import Export
from arraigo.apps.testplans.plan import Configuration, Requirement
from arraigo.apps.testplans.planning import Round
from arraigo.apps.testplans.rows import Talk
from arraigo.apps.testplans.talks import Listed, Message, Whole
from arraigo.apps.testplans.views import CaseView, Coverage, Modification, PlanRow, PlanView


def case(one: CaseView, fields: Mapping[str, str]) -> dict[str, Any]:
    """A case, the project's own fields beside the others."""
    return {
        "id": one.id,
        "test_plan_id": one.plan_id,
        "testcase_number": one.testcase_number,
        "position": one.position,
        "test_case_name": one.test_case_name,
        "test_case_description": one.test_case_description,
        "preconditions": one.preconditions,
        "test_data": one.test_data,
        "test_steps": one.test_steps,
        "expected_results": one.expected_results,
        "requirements": one.requirements,
        "requirement_ids": one.links,
        "technique": one.technique,
        "script": [rows.step(step) for step in one.script],
        "priority": one.priority,
        "status": one.status,
        "created_by": one.created_by,
        "version": one.version,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "custom_fields": one.custom_fields,
    } | {name: one.custom_fields.get(name) for name in fields}


def configuration(one: Configuration | None) -> dict[str, Any] | None:
    """What a plan shall be like."""
    return None if one is None else one.model_dump(mode="json")


def plan(one: PlanRow) -> dict[str, Any]:
    """A plan without its cases."""
    return {
        "id": one.id,
        "conversation_id": one.conversation_id,
        "title": one.title,
        "plan_type": one.plan_type,
        "status": one.status,
        "target_coverage": one.target_coverage,
        "actual_coverage": float(one.actual_coverage),
        "total_requirements": one.total_requirements,
        "covered_requirements": one.covered_requirements,
        "configuration": configuration(one.configuration),
        "notes": one.notes,
        "total_test_cases": one.total_test_cases,
        "accepted_cases": one.accepted_cases,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
    }


def whole_plan(view: PlanView) -> dict[str, Any]:
    """A plan with its cases."""
    return plan(view.plan) | {
        "language": view.language,
        "project_name": view.project,
        "case_fields": view.case_fields,
        "test_cases": [case(one, view.case_fields) for one in view.cases],
    }


def metrics(one: Coverage) -> dict[str, Any]:
    """The figures of a coverage."""
    return {
        "target_coverage": one.target_coverage,
        "actual_coverage": float(one.actual_coverage),
        "total_requirements": one.total_requirements,
        "covered_requirements": one.covered_requirements,
    }


def coverage(one: Coverage) -> dict[str, Any]:
    """A coverage, requirement by requirement."""
    found = []
    for of in one.requirements:
        shown = {
            **requirement(of.requirement),
            "covered": of.covered,
            "cases": of.cases,
            "techniques": of.techniques,
        }
        found.append(shown if of.covered else shown | {"why_not": of.why_not})
    return metrics(one) | {"requirements": found, "techniques": one.techniques}


def requirement(one: Requirement) -> dict[str, Any]:
    """A requirement with its place."""
    return {
        "id": one.id,
        "text": one.text,
        "kind": one.kind,
        "language": one.language,
        "place": one.place.model_dump(),
        "testable": one.testable,
    }


def listed(one: Listed) -> dict[str, Any]:
    """A conversation in a list."""
    return {
        "id": one.id,
        "title": one.title,
        "status": one.status,
        "plan_type": one.plan_type,
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "total_plans": one.total_plans,
        "total_test_cases": one.total_test_cases,
    }


def talk(one: Talk) -> dict[str, Any]:
    """A conversation without its messages."""
    had = one.configuration
    return {
        "id": one.id,
        "user_id": one.owner_id,
        "username": one.username,
        "project_id": one.project_id,
        "project_name": one.project,
        "title": one.title,
        "status": one.status,
        "language": one.language,
        "plan_type": had and had.plan_type,
        "coverage_percentage": had and had.coverage_percentage,
        "min_test_cases": had and had.min_test_cases,
        "max_test_cases": had and had.max_test_cases,
        "project_context": had and had.project_context,
        "glossary": had and had.glossary and had.glossary.model_dump(mode="json"),
        "created_at": one.created_at,
        "updated_at": one.updated_at,
        "completed_at": one.completed_at,
    }


def message(one: Message) -> dict[str, Any]:
    """What was said."""
    return {
        "id": one.id,
        "sequence_number": one.sequence_number,
        "role": one.role,
        "content": one.content,
        "metadata": one.metadata,
        "created_at": one.created_at,
    }


def whole_talk(one: Whole) -> dict[str, Any]:
    """A conversation with its messages and plans."""
    return {
        "conversation": talk(one.talk),
        "messages": [message(said) for said in one.messages],
        "test_plans": [plan(made) for made in one.plans],
    }


def round_(one: Round) -> dict[str, Any]:
    """What a round of generating came to."""
    view = one.view
    return {
        "generated_cases": [case(made, view.case_fields) for made in one.cases],
        "test_plan": {
            "id": view.plan.id,
            "title": view.plan.title,
            "status": view.plan.status,
            "configuration": configuration(view.configuration),
            "coverage_metrics": metrics(view.coverage),
            "test_cases": [case(made, view.case_fields) for made in view.cases],
        },
        "conversation_id": one.conversation_id,
        "plan_id": view.plan.id,
        "system_response": one.response,
        "notes": one.notes,
        "model_used": one.model_used,
        "processing_time_ms": one.processing_time_ms,
    }


def modification(one: Modification) -> dict[str, Any]:
    """A line of the log."""
    return {
        "id": one.id,
        "test_case_id": one.test_case_id,
        "testcase_number": one.testcase_number,
        "field_name": one.field_name,
        "old_value": one.old_value,
        "new_value": one.new_value,
        "action": one.action,
        "modified_by": one.modified_by,
        "username": one.username,
        "created_at": one.created_at,
    }


def export(one: Export, url: str | None) -> dict[str, Any]:
    """An export, with a link once it is ready."""
    return {
        "id": one.id,
        "test_plan_id": one.plan_id,
        "format": one.format,
        "include_metadata": one.include_metadata,
        "status": one.status,
        "error": one.error,
        "filename": one.filename,
        "file_size": one.file_size,
        "download_url": url,
        "created_at": one.created_at,
        "expires_at": one.expires_at,
    }
