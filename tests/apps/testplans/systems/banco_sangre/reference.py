"""Blood donation; every figure is the document's."""

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, text, whole


class Reference:
    """Chapters I to IV."""

    def __init__(self) -> None:
        self.state = "nueva"
        self.woman = False
        self.weight = Decimal(0)
        self.drawn = 0
        self.moderate = 0
        self.watch = 10

    def registrar_donante(
        self, edad: Any = None, peso_kg: Any = None, sexo: Any = None, primera_vez: Any = None
    ) -> Answer:
        """I. Registro."""
        if self.state != "nueva" or not whole(edad) or not number(peso_kg) or flag(primera_vez) is None:
            return self._refused()
        if not text(sexo) or sexo not in {"femenino", "masculino"} or peso_kg > 250:
            return self._refused()
        if edad < 18 or edad > 65 or (flag(primera_vez) and edad > 60):
            return self._refused("Edad fuera del rango permitido")
        if peso_kg < 50:
            return self._refused("Peso insuficiente")
        self.woman = sexo == "femenino"
        self.weight = exact(peso_kg)
        self.state = "en evaluación"
        return self._accepted()

    def evaluar(
        self,
        hemoglobina: Any = None,
        presion_sistolica: Any = None,
        temperatura: Any = None,
        dias_ultima_donacion: Any = None,
        meses_tatuaje: Any = None,
    ) -> Answer:
        """II. Evaluación."""
        if self.state != "en evaluación" or not number(hemoglobina) or hemoglobina < 5 or hemoglobina > 25:
            return self._refused()
        if not whole(presion_sistolica) or presion_sistolica < 60 or presion_sistolica > 260:
            return self._refused()
        if not number(temperatura) or temperatura < 34 or temperatura > 42:
            return self._refused()
        if not whole(dias_ultima_donacion) or dias_ultima_donacion < 0:
            return self._refused()
        if not whole(meses_tatuaje) or meses_tatuaje < 0:
            return self._refused()
        wait = 0
        if hemoglobina < (12.5 if self.woman else 13.5):
            wait = 30
        if hemoglobina > 18:
            wait = 60
        if presion_sistolica < 100 or presion_sistolica > 180:
            wait = max(wait, 14)
        if temperatura >= 37.5:
            wait = max(wait, 7)
        wait = max(wait, (120 if self.woman else 90) - int(dias_ultima_donacion))
        wait = max(wait, (6 - int(meses_tatuaje)) * 30)
        self.state = "diferido" if wait > 0 else "apto"
        return self._accepted(wait)

    def iniciar_extraccion(self) -> Answer:
        """III. Extracción."""
        if self.state != "apto":
            return self._refused()
        self.drawn = min(int(self.weight * 8) // 10 * 10, 450)
        self.state = "en extracción"
        return self._accepted(self.drawn)

    def terminar_extraccion(self, minutos: Any = None) -> Answer:
        """III. Extracción, end."""
        if self.state != "en extracción" or not whole(minutos) or minutos < 1 or minutos > 60:
            return self._refused()
        self.state = "en observación"
        return self._accepted(self.drawn if minutos <= 15 else 0)

    def registrar_reaccion(self, grado: Any = None) -> Answer:
        """IV. Observación."""
        if self.state not in {"en extracción", "en observación"} or not text(grado):
            return self._refused()
        if grado not in {"leve", "moderada", "grave"}:
            return self._refused()
        if grado == "moderada":
            self.moderate += 1
            self.watch = 30
        if grado == "grave" or self.moderate >= 2:
            self.watch = 120
            self.state = "excluido"
        return self._accepted(self.watch)

    def dar_alta(self, minutos_observacion: Any = None) -> Answer:
        """IV. Observación, end."""
        if self.state != "en observación" or not whole(minutos_observacion) or minutos_observacion < 0:
            return self._refused()
        if minutos_observacion < self.watch:
            return self._refused("Observación incompleta")
        self.state = "atendido"
        return self._accepted()

    def _accepted(self, value: int | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": value}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
