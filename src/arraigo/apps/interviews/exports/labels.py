"""What stands around an interview on paper, in its own language."""

from collections.abc import Mapping
from dataclasses import dataclass

from arraigo.apps.interviews.interview import Language, Level, Role, Status
from arraigo.apps.interviews.interviewer.types import Outcome


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one language.

    Attributes:
        file: How a file's name begins.
        locale: The language for a word processor's spelling check.
        nothing_said: In place of a transcript without a message.
        page: Around a page's number and how many there are.
        without_points: What is said of a topic of which nothing was noted, by how it ended.
    """

    file: str
    locale: str
    title: str
    summary: str
    transcript: str
    nothing_said: str
    page: tuple[str, str]
    interview: str
    employee: str
    session: str
    language: str
    level: str
    status: str
    started: str
    completed: str
    duration: str
    questions: str
    answers: str
    languages: Mapping[Language, str]
    levels: Mapping[Level, str]
    statuses: Mapping[Status, str]
    roles: Mapping[Role, str]
    without_points: Mapping[Outcome, str]


LABELS: Mapping[Language, Labels] = {
    "es": Labels(
        file="entrevista",
        locale="es-CO",
        title="Entrevista",
        summary="Resumen",
        transcript="Transcripción",
        nothing_said="No se dijo nada.",
        page=("Página", "de"),
        interview="Identificador",
        employee="Empleado",
        session="Sesión",
        language="Idioma",
        level="Nivel técnico",
        status="Estado",
        started="Inicio",
        completed="Fin",
        duration="Duración",
        questions="Preguntas",
        answers="Respuestas",
        languages={"es": "español", "en": "inglés", "pt": "portugués"},
        levels={"basic": "básico", "intermediate": "intermedio", "advanced": "avanzado"},
        statuses={"in_progress": "en curso", "completed": "completada", "cancelled": "cancelada"},
        roles={"assistant": "Entrevistador", "user": "Participante", "system": "Sistema", "tool": "Herramienta"},
        without_points={
            "answered": "Se habló de esto; no quedó nada anotado.",
            "refused": "Prefirió no hablar de esto.",
            "empty": "No tuvo nada que decir sobre esto.",
            "cut": "No se llegó a preguntar, o quedó sin terminar.",
        },
    ),
    "en": Labels(
        file="interview",
        locale="en-US",
        title="Interview",
        summary="Summary",
        transcript="Transcript",
        nothing_said="Nothing was said.",
        page=("Page", "of"),
        interview="Identifier",
        employee="Employee",
        session="Session",
        language="Language",
        level="Technical level",
        status="Status",
        started="Started",
        completed="Completed",
        duration="Duration",
        questions="Questions",
        answers="Answers",
        languages={"es": "Spanish", "en": "English", "pt": "Portuguese"},
        levels={"basic": "basic", "intermediate": "intermediate", "advanced": "advanced"},
        statuses={"in_progress": "in progress", "completed": "completed", "cancelled": "cancelled"},
        roles={"assistant": "Interviewer", "user": "Participant", "system": "System", "tool": "Tool"},
        without_points={
            "answered": "This was spoken of; nothing was noted.",
            "refused": "Preferred not to speak of this.",
            "empty": "Had nothing to say about this.",
            "cut": "Not asked, or not finished.",
        },
    ),
    "pt": Labels(
        file="entrevista",
        locale="pt-BR",
        title="Entrevista",
        summary="Resumo",
        transcript="Transcrição",
        nothing_said="Nada foi dito.",
        page=("Página", "de"),
        interview="Identificador",
        employee="Funcionário",
        session="Sessão",
        language="Idioma",
        level="Nível técnico",
        status="Situação",
        started="Início",
        completed="Fim",
        duration="Duração",
        questions="Perguntas",
        answers="Respostas",
        languages={"es": "espanhol", "en": "inglês", "pt": "português"},
        levels={"basic": "básico", "intermediate": "intermediário", "advanced": "avançado"},
        statuses={"in_progress": "em andamento", "completed": "concluída", "cancelled": "cancelada"},
        roles={"assistant": "Entrevistador", "user": "Participante", "system": "Sistema", "tool": "Ferramenta"},
        without_points={
            "answered": "Falou-se disso; nada ficou anotado.",
            "refused": "Preferiu não falar sobre isso.",
            "empty": "Não tinha nada a dizer sobre isso.",
            "cut": "Não chegou a ser perguntado, ou ficou sem terminar.",
        },
    ),
}
