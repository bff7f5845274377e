"""The examples of the API description: one story, told in order. The contract test tells it to a real server."""

from typing import Any

CONVERSATION_ID = "0199a3c8-4d10-7a61-8b7e-2f9d5c3e1b04"
USER_ID = "0199a3c8-4100-7000-8000-000000000001"
PROJECT_ID = "0199a3c8-4110-7b10-8000-000000000002"
PLAN_ID = "0199a3c8-7c00-7d00-8a00-5c8f2e6d1b06"
CASE_ID = "0199a3c8-7c01-7d01-8a01-5c8f2e6d1b07"
MANUAL_ID = "0199a3c8-7c02-7d02-8a02-5c8f2e6d1b08"
EXPORT_ID = "0199a3c8-7c03-7d03-8a03-5c8f2e6d1b09"
DOCUMENT_ID = "0199a3c8-7b20-7d51-9a0e-5c8f2e6d1b05"
MODIFICATION_ID = "0199a3c8-7c04-7d04-8a04-5c8f2e6d1b0a"
FILENAME = "requisitos.md"
DOCUMENT = "# Envíos\n\nRF-01 El sistema debe aceptar pesos de 1 a 30 kg.\n"
_WHEN = "2026-03-02T14:05:09.120000Z"
_LINK = f"/downloads/{'A' * 118}/{{}}"

CONFIGURE = {
    "plan_title": "Envíos",
    "plan_type": "Unitarias",
    "coverage_percentage": 90,
    "min_test_cases": 1,
    "max_test_cases": 20,
    "project_context": "Tienda en línea\nCalcula el costo de los envíos.",
    "tester_id": "ana",
    "glossary": {"operations": {"quote": {"fields": ["weight_kg"]}}},
}
_SETTINGS = {
    "plan_title": "Envíos",
    "plan_type": "UNITARIAS",
    "coverage_percentage": 90,
    "min_test_cases": 1,
    "max_test_cases": 20,
    "project_context": CONFIGURE["project_context"],
    "glossary": CONFIGURE["glossary"],
}
CONFIGURED: dict[str, Any] = {
    "conversation_id": CONVERSATION_ID,
    "plan_configuration": _SETTINGS,
    "project_id": PROJECT_ID,
    "status": "configured",
    "message": "Plan configuration saved successfully",
}
_TALK: dict[str, Any] = {
    "id": CONVERSATION_ID,
    "user_id": USER_ID,
    "username": "ana",
    "project_id": PROJECT_ID,
    "project_name": "Tienda en línea",
    "title": "Envíos",
    "status": "active",
    "language": None,
    "plan_type": "UNITARIAS",
    "coverage_percentage": 90,
    "min_test_cases": 1,
    "max_test_cases": 20,
    "project_context": CONFIGURE["project_context"],
    "glossary": CONFIGURE["glossary"],
    "created_at": _WHEN,
    "updated_at": _WHEN,
    "completed_at": None,
}
CREATED = {"conversation_id": CONVERSATION_ID, "conversation": _TALK}

NEW_DOCUMENT = {"file": DOCUMENT}
ADDED_DOCUMENT: dict[str, Any] = {
    "id": DOCUMENT_ID,
    "conversation_id": CONVERSATION_ID,
    "filename": FILENAME,
    "s3_key": f"{USER_ID}/{CONVERSATION_ID}/{DOCUMENT_ID}",
    "content_type": "text/markdown",
    "file_size": 61,
    "processing_status": "pending",
    "processing_error": None,
    "processing_notes": [],
    "total_requirements": 0,
    "processed_at": None,
    "created_at": _WHEN,
    "download_url": _LINK.format(FILENAME),
    "download_expires_at": "2026-03-02T15:05:10Z",
}
DOCUMENTS = {
    "documents": [
        ADDED_DOCUMENT | {"processing_status": "processed", "total_requirements": 1, "processed_at": _WHEN},
    ],
    "next": None,
}
_REQUIREMENT: dict[str, Any] = {
    "id": "RF-01",
    "text": "El sistema debe aceptar pesos de 1 a 30 kg.",
    "kind": "functional",
    "language": "es",
    "place": {"page": None, "section": "Envíos", "line": 3},
    "testable": True,
}
REQUIREMENTS = {"requirements": [_REQUIREMENT]}

GENERATE = {"conversation_id": CONVERSATION_ID, "user_instructions": "Solo casos de frontera"}
_OF_ADDRESSES = {
    "address_master_status": None,
    "cache_availability": None,
    "manual_modal_status": None,
    "address_fields": None,
    "address_standardization": None,
    "order_status": None,
}
CASE: dict[str, Any] = {
    "id": CASE_ID,
    "test_plan_id": PLAN_ID,
    "testcase_number": "TC-001",
    "position": 1,
    "test_case_name": "Peso de 30 kg, el mayor que se acepta",
    "test_case_description": "El límite superior del peso.",
    "preconditions": "",
    "test_data": "weight_kg = 30",
    "test_steps": ["Pedir el costo de un envío de 30 kg."],
    "expected_results": "El envío se acepta.",
    "requirements": "RF-01",
    "requirement_ids": ["RF-01"],
    "technique": "boundary_value_2",
    "script": [{"operation": "quote", "inputs": {"weight_kg": 30}, "expected": {"accepted": True}}],
    "priority": "ALTA",
    "status": "PROPOSED",
    "created_by": "AI_AGENT",
    "version": 1,
    "created_at": _WHEN,
    "updated_at": _WHEN,
    "custom_fields": {},
    **_OF_ADDRESSES,
}
_METRICS = {"target_coverage": 90, "actual_coverage": 100.0, "total_requirements": 1, "covered_requirements": 1}
GENERATED: dict[str, Any] = {
    "generated_cases": [CASE],
    "test_plan": {
        "id": PLAN_ID,
        "title": "Envíos",
        "status": "draft",
        "configuration": _SETTINGS,
        "coverage_metrics": _METRICS,
        "test_cases": [CASE],
    },
    "conversation_id": CONVERSATION_ID,
    "plan_id": PLAN_ID,
    "system_response": "Agregué 1 caso de frontera.",
    "notes": [],
    "model_used": "offline",
    "processing_time_ms": 12,
}
CONVERSATIONS = {
    "conversations": [
        {
            "id": CONVERSATION_ID,
            "title": "Envíos",
            "status": "active",
            "plan_type": "UNITARIAS",
            "created_at": _WHEN,
            "updated_at": _WHEN,
            "total_plans": 1,
            "total_test_cases": 1,
        }
    ],
    "total": 1,
    "next": None,
}
_PLAN: dict[str, Any] = {
    "id": PLAN_ID,
    "conversation_id": CONVERSATION_ID,
    "title": "Envíos",
    "plan_type": "UNITARIAS",
    "status": "draft",
    **_METRICS,
    "configuration": _SETTINGS,
    "notes": [],
    "total_test_cases": 1,
    "accepted_cases": 0,
    "created_at": _WHEN,
    "updated_at": _WHEN,
}


def _said(
    number: int, identity: str, role: str, content: str, metadata: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "id": identity,
        "sequence_number": number,
        "role": role,
        "content": content,
        "metadata": metadata,
        "created_at": _WHEN,
    }


CONVERSATION: dict[str, Any] = {
    "conversation": _TALK,
    "messages": [
        _said(
            1, "0199a3c8-4d11-7a61-8b7e-2f9d5c3e1b05", "system", "Conversación iniciada para plan de pruebas: Envíos"
        ),
        _said(2, "0199a3c8-7bff-7a61-8b7e-2f9d5c3e1b06", "user", "Solo casos de frontera"),
        _said(
            3,
            "0199a3c8-7c05-7a61-8b7e-2f9d5c3e1b07",
            "assistant",
            "Agregué 1 caso de frontera.",
            {
                "plan_id": PLAN_ID,
                "model_used": "offline",
                "generated_cases": 1,
                "total_test_cases": 1,
                "processing_time_ms": 12,
            },
        ),
    ],
    "test_plans": [_PLAN],
}
CHANGES = {"status": "completed"}
CHANGED = {
    "conversation_id": CONVERSATION_ID,
    "conversation": _TALK | {"status": "completed", "completed_at": _WHEN},
}
DELETED = {"conversation_id": CONVERSATION_ID, "message": "Conversation deleted successfully"}

CASE_CHANGES = {"priority": "MEDIA", "order_status": "CREADO"}
CHANGED_CASE = CASE | {
    "priority": "MEDIA",
    "order_status": "CREADO",
    "custom_fields": {"order_status": "CREADO"},
    "version": 2,
}
_CHANGE: dict[str, Any] = {
    "id": MODIFICATION_ID,
    "test_case_id": CASE_ID,
    "testcase_number": "TC-001",
    "field_name": "priority",
    "old_value": "ALTA",
    "new_value": "MEDIA",
    "action": "UPDATE",
    "modified_by": USER_ID,
    "username": "ana",
    "created_at": _WHEN,
}
MODIFICATIONS = {"modifications": [_CHANGE]}
UNDO = {"modification_id": MODIFICATION_ID}
UNDONE = {"case": CHANGED_CASE | {"priority": "ALTA", "version": 3}}

NEW_CASE = {
    "test_case_name": "Peso que no es un número",
    "test_steps": ["Escribir «mucho» como peso."],
    "expected_results": "El envío se rechaza.",
    "requirements": "RF-01",
}
MANUAL_CASE: dict[str, Any] = CASE | {
    "id": MANUAL_ID,
    "testcase_number": "TC-002",
    "position": 2,
    "test_case_description": "",
    "test_data": "",
    "technique": "manual",
    "script": [],
    "priority": "MEDIA",
    "status": "MANUAL",
    "created_by": "MANUAL",
    **NEW_CASE,
}
DECIDE = {"where": {"priority": "ALTA"}, "status": "ACCEPTED"}
DECIDED = {"changed": 1, "case_ids": [CASE_ID]}
ORDER = {"case_ids": [MANUAL_ID, CASE_ID]}
ORDERED = {"case_ids": [MANUAL_ID, CASE_ID]}
ACTIVE = {"status": "active"}
PLAN: dict[str, Any] = _PLAN | {
    "language": "es",
    "project_name": "Tienda en línea",
    "case_fields": {
        "address_master_status": "Estado del maestro de direcciones",
        "cache_availability": "Disponibilidad de la caché",
        "manual_modal_status": "Estado del modal manual",
        "address_fields": "Campos de la dirección",
        "address_standardization": "Estandarización de la dirección",
        "order_status": "Estado del pedido",
    },
    "test_cases": [CASE],
}
PLAN_CHANGED = _PLAN | {"status": "active", "total_test_cases": 2, "accepted_cases": 1}
COVERAGE = _METRICS | {
    "requirements": [_REQUIREMENT | {"covered": True, "cases": ["TC-001"], "techniques": ["boundary_value_2"]}],
    "techniques": {"boundary_value_2": 1},
}
NEW_EXPORT = {"format": "excel"}
EXPORT: dict[str, Any] = {
    "id": EXPORT_ID,
    "test_plan_id": PLAN_ID,
    "format": "excel",
    "include_metadata": False,
    "status": "ready",
    "error": None,
    "filename": "Envios.xlsx",
    "file_size": 9120,
    "download_url": _LINK.format("Envios.xlsx"),
    "created_at": _WHEN,
    "expires_at": "2026-03-03T14:05:09.120000Z",
}
PENDING_EXPORT = EXPORT | {"status": "pending", "file_size": None, "download_url": None}
REPORT: dict[str, Any] = {
    "plans": {"total": 1, "by_type": {"UNITARIAS": 1}, "by_status": {"active": 1}},
    "cases": {
        "total": 2,
        "by_status": {"ACCEPTED": 1, "MANUAL": 1},
        "by_priority": {"ALTA": 1, "MEDIA": 1},
        "by_technique": {"boundary_value_2": 1, "manual": 1},
        "by_created_by": {"AI_AGENT": 1, "MANUAL": 1},
    },
    "requirements": {"total": 1, "covered": 1, "coverage": 100.0},
    "coverage_over_time": [{"date": "2026-03-02", "total": 1, "covered": 1, "coverage": 100.0}],
}
