"""An interview that somebody could have given, in three languages, and ones with any text in them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from arraigo.apps.interviews.interview import Interview, Language, Role, Said, Whole
from arraigo.apps.interviews.interviewer.types import Chapter, Point, Quote, Summary

START = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)
_TALKS: dict[Language, list[str]] = {
    "es": [
        "Hola. ¿Cuál es su cargo y qué hace en un día normal?",
        'Soy coordinadora de despachos. Mis tareas:\n- revisar pedidos\n- asignar rutas\n\n=HYPERLINK("http://example.com")',
        "¿Qué herramientas usa para asignar las rutas?",
        "Excel y *mucha* paciencia; tardo unos 40 minutos cada mañana.",
        "¿Qué es lo que más le cuesta?",
        "Prefiero no hablar de eso.",
        "Gracias por su tiempo. Con esto terminamos.",
    ],
    "en": [
        "Hello. What is your role, and what do you do on an ordinary day?",
        'I coordinate deliveries. My tasks:\n- check the orders\n- plan the routes\n\n=HYPERLINK("http://example.com")',
        "Which tools do you plan the routes with?",
        "Excel and *much* patience; it takes me 40 minutes every morning.",
        "What costs you most?",
        "I would rather not speak of that.",
        "Thank you for your time. That was all.",
    ],
    "pt": [
        "Olá. Qual é a sua função e o que faz num dia normal?",
        'Coordeno as entregas. Minhas tarefas:\n- rever pedidos\n- definir rotas\n\n=HYPERLINK("http://example.com")',
        "Com que ferramentas define as rotas?",
        "Excel e *muita* paciência; levo uns 40 minutos toda manhã.",
        "O que é mais difícil?",
        "Prefiro não falar sobre isso.",
        "Obrigado pelo seu tempo. Era isso.",
    ],
}  # fmt: skip
_TITLES: dict[Language, tuple[str, str, str, str]] = {
    "es": ("Cargo", "Herramientas", "Dificultades", "Deseos"),
    "en": ("Role", "Tools", "Pains", "Wishes"),
    "pt": ("Função", "Ferramentas", "Dificuldades", "Desejos"),
}


def interview(language: Language = "es", **changes: object) -> Interview:
    """One that is over, of 24 minutes, without a summary."""
    values: dict[str, object] = {
        "id": UUID("0195a000-0000-7000-8000-000000000001"),
        "owner_id": UUID("0195a000-0000-7000-8000-0000000000aa"),
        "employee_id": UUID("0195a000-0000-7000-8000-0000000000bb"),
        "language": language,
        "technical_level": "intermediate",
        "status": "completed",
        "session_id": None,
        "started_at": START,
        "completed_at": START + timedelta(minutes=24, seconds=15),
        "created_at": START,
        "updated_at": START + timedelta(minutes=24, seconds=15),
        "turn": 3,
        "pending": None,
        "state": {},
        "summary": None,
        "undelivered": None,
        "messages": 0,
    }
    return Interview(**(values | changes))  # type: ignore[arg-type]


def said(contents: Sequence[str], roles: Sequence[Role] = ("assistant", "user")) -> tuple[Said, ...]:
    """Messages four minutes apart, the roles in turn."""
    return tuple(
        Said(
            UUID(int=number), number, roles[(number - 1) % len(roles)], text, START + timedelta(minutes=4 * number - 4)
        )
        for number, text in enumerate(contents, 1)
    )


def talk(language: Language = "es") -> Whole:
    """A whole one, with its summary."""
    role, tools, pains, wishes = _TITLES[language]
    answers = _TALKS[language]
    first, second = answers[1].split(".")[0], answers[3].split(";")[1].strip()
    summary = Summary(
        language=language,
        text="…",
        chapters=(
            Chapter(
                topic="role",
                title=role,
                outcome="answered",
                points=(Point(text=first, quotes=(Quote(sequence_number=2, text=first),)),),
            ),
            Chapter(
                topic="tools",
                title=tools,
                outcome="answered",
                points=(Point(text="Excel", quotes=(Quote(sequence_number=4, text=second),)),),
            ),
            Chapter(topic="pains", title=pains, outcome="refused"),
            Chapter(topic="wishes", title=wishes, outcome="cut"),
        ),
        written_by="offline",
    )
    return Whole(interview(language, summary=summary.model_dump(mode="json"), messages=7), said(answers))
