"""What stands around a plan in a file, in its own language."""

from collections.abc import Mapping
from dataclasses import dataclass

from arraigo.apps.testplans.plan import CaseStatus, CreatedBy, Language, PlanType, Priority, Technique
from arraigo.apps.testplans.views import Action, PlanStatus


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language.

    Attributes:
        file: How a file's name begins.
        part: A chapter of many cases, from which to which.
        left_out: Of cases that were discarded, in a document of those that stand.
    """

    file: str
    document: str
    contents: str
    summary: str
    cases: str
    steps: str
    coverage: str
    configuration: str
    changes: str
    notes: str
    part: str
    page: str
    left_out: str
    no_cases: str
    no_requirements: str
    yes: str
    no: str
    project: str
    plan_type: str
    plan_status: str
    target: str
    actual: str
    covered_requirements: str
    total_cases: str
    updated: str
    by_status: str
    by_priority: str
    by_technique: str
    number: str
    name: str
    description: str
    preconditions: str
    test_data: str
    expected: str
    requirements: str
    priority: str
    technique: str
    status: str
    created_by: str
    version: str
    created: str
    requirement: str
    statement: str
    place: str
    place_page: str
    covered: str
    case_count: str
    why_not: str
    step_number: str
    step: str
    setting: str
    value: str
    minimum: str
    maximum: str
    context: str
    glossary: str
    when: str
    who: str
    action: str
    field: str
    old: str
    new: str
    given: str
    given_data: str
    plan_types: Mapping[PlanType, str]
    plan_statuses: Mapping[PlanStatus, str]
    priorities: Mapping[Priority, str]
    statuses: Mapping[CaseStatus, str]
    makers: Mapping[CreatedBy, str]
    actions: Mapping[Action, str]
    techniques: Mapping[Technique, str]


LABELS: Mapping[Language, Labels] = {
    "es": Labels(
        file="plan-de-pruebas",
        document="Plan de pruebas",
        contents="Contenido",
        summary="Resumen",
        cases="Casos de prueba",
        steps="Pasos",
        coverage="Cobertura",
        configuration="Configuración",
        changes="Cambios",
        notes="Notas",
        part="Casos de prueba {first} a {last}",
        page="Página",
        left_out="Casos descartados, que no se muestran aquí",
        no_cases="El plan no tiene casos.",
        no_requirements="El plan no tiene requisitos.",
        yes="Sí",
        no="No",
        project="Proyecto",
        plan_type="Tipo de plan",
        plan_status="Estado del plan",
        target="Cobertura objetivo",
        actual="Cobertura real",
        covered_requirements="Requisitos cubiertos",
        total_cases="Casos",
        updated="Última modificación",
        by_status="Casos por estado",
        by_priority="Casos por prioridad",
        by_technique="Casos por técnica",
        number="Número",
        name="Nombre",
        description="Descripción",
        preconditions="Precondiciones",
        test_data="Datos de prueba",
        expected="Resultado esperado",
        requirements="Requisitos",
        priority="Prioridad",
        technique="Técnica",
        status="Estado",
        created_by="Creado por",
        version="Versión",
        created="Creación",
        requirement="Requisito",
        statement="Enunciado",
        place="Lugar",
        place_page="pág. {page}",
        covered="Cubierto",
        case_count="N.º de casos",
        why_not="Por qué no",
        step_number="N.º",
        step="Paso",
        setting="Parámetro",
        value="Valor",
        minimum="Mínimo de casos",
        maximum="Máximo de casos",
        context="Contexto del proyecto",
        glossary="Glosario",
        when="Fecha (UTC)",
        who="Quién",
        action="Acción",
        field="Campo",
        old="Antes",
        new="Después",
        given="que ",
        given_data="que los datos de prueba son: ",
        plan_types={
            "UNITARIAS": "Pruebas unitarias",
            "INTEGRACIÓN": "Pruebas de integración",
            "PERFORMANCE": "Pruebas de rendimiento",
            "REGRESIÓN": "Pruebas de regresión",
        },
        plan_statuses={
            "draft": "Borrador",
            "active": "Activo",
            "completed": "Completado",
            "archived": "Archivado",
        },
        priorities={"ALTA": "Alta", "MEDIA": "Media", "BAJA": "Baja"},
        statuses={"PROPOSED": "Propuesto", "ACCEPTED": "Aceptado", "DISCARDED": "Descartado", "MANUAL": "Manual"},
        makers={"AI_AGENT": "Generador", "MANUAL": "Persona"},
        actions={"CREATE": "Creación", "UPDATE": "Cambio", "DELETE": "Eliminación"},
        techniques={
            "equivalence_partitioning": "Clases de equivalencia",
            "boundary_value_2": "Valores límite (dos valores)",
            "boundary_value_3": "Valores límite (tres valores)",
            "decision_table": "Tabla de decisión",
            "state_transition": "Transición de estados",
            "pairwise": "Combinación por pares",
            "scenario": "Escenario",
            "syntax": "Sintaxis",
            "security": "Seguridad",
            "requirements_based": "Basada en requisitos",
            "load": "Carga",
            "risk_based": "Basada en riesgos",
            "manual": "Manual",
        },
    ),
    "en": Labels(
        file="test-plan",
        document="Test plan",
        contents="Contents",
        summary="Summary",
        cases="Test cases",
        steps="Steps",
        coverage="Coverage",
        configuration="Configuration",
        changes="Changes",
        notes="Notes",
        part="Test cases {first} to {last}",
        page="Page",
        left_out="Discarded cases, not shown here",
        no_cases="The plan has no cases.",
        no_requirements="The plan has no requirements.",
        yes="Yes",
        no="No",
        project="Project",
        plan_type="Type of plan",
        plan_status="Status of the plan",
        target="Target coverage",
        actual="Actual coverage",
        covered_requirements="Requirements covered",
        total_cases="Cases",
        updated="Last changed",
        by_status="Cases by status",
        by_priority="Cases by priority",
        by_technique="Cases by technique",
        number="Number",
        name="Name",
        description="Description",
        preconditions="Preconditions",
        test_data="Test data",
        expected="Expected result",
        requirements="Requirements",
        priority="Priority",
        technique="Technique",
        status="Status",
        created_by="Created by",
        version="Version",
        created="Created",
        requirement="Requirement",
        statement="Statement",
        place="Place",
        place_page="p. {page}",
        covered="Covered",
        case_count="No. of cases",
        why_not="Why not",
        step_number="No.",
        step="Step",
        setting="Setting",
        value="Value",
        minimum="Fewest cases",
        maximum="Most cases",
        context="Project context",
        glossary="Glossary",
        when="When (UTC)",
        who="Who",
        action="Action",
        field="Field",
        old="Before",
        new="After",
        given="",
        given_data="the test data: ",
        plan_types={
            "UNITARIAS": "Unit tests",
            "INTEGRACIÓN": "Integration tests",
            "PERFORMANCE": "Performance tests",
            "REGRESIÓN": "Regression tests",
        },
        plan_statuses={"draft": "Draft", "active": "Active", "completed": "Completed", "archived": "Archived"},
        priorities={"ALTA": "High", "MEDIA": "Medium", "BAJA": "Low"},
        statuses={"PROPOSED": "Proposed", "ACCEPTED": "Accepted", "DISCARDED": "Discarded", "MANUAL": "Manual"},
        makers={"AI_AGENT": "Generator", "MANUAL": "Person"},
        actions={"CREATE": "Creation", "UPDATE": "Change", "DELETE": "Deletion"},
        techniques={
            "equivalence_partitioning": "Equivalence partitioning",
            "boundary_value_2": "Boundary values (two values)",
            "boundary_value_3": "Boundary values (three values)",
            "decision_table": "Decision table",
            "state_transition": "State transition",
            "pairwise": "Pairwise",
            "scenario": "Scenario",
            "syntax": "Syntax",
            "security": "Security",
            "requirements_based": "Requirements-based",
            "load": "Load",
            "risk_based": "Risk-based",
            "manual": "Manual",
        },
    ),
}
