"""A scholarship; every figure is the document's."""
# ruff: noqa: N802, N803 - the glossary's names

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, whole


class Reference:
    """The whole record of the committee."""

    def __init__(self) -> None:
        self.state = "sin postular"
        self.points = 0
        self.share = 0
        self.appealed = False

    def postular(
        self,
        semestre: Any = None,
        promedio: Any = None,
        ingresoHogar: Any = None,
        zonaRural: Any = None,
        discapacidad: Any = None,
    ) -> Answer:
        """Postulación."""
        if self.state != "sin postular" or not whole(semestre) or semestre < 2 or semestre > 9:
            return self._refused()
        if not _mark(promedio) or not whole(ingresoHogar) or ingresoHogar < 0:
            return self._refused()
        if flag(zonaRural) is None or flag(discapacidad) is None:
            return self._refused()
        base = _base(exact(promedio), ingresoHogar)
        if base == 0:
            self.state = "no admitido"
            return self._refused("No cumple los requisitos")
        if flag(zonaRural):
            base += 8
        if flag(discapacidad):
            base += 12
        self.points = min(base, 75)
        self.state = "preseleccionado"
        return self._accepted(self.points)

    def registrarEntrevista(self, calificacion: Any = None) -> Answer:
        """Entrevista."""
        if self.state != "preseleccionado" or not whole(calificacion) or calificacion < 0 or calificacion > 25:
            return self._refused()
        total = self.points + calificacion
        if total >= 65:
            self.share = 100 if total >= 80 else 50
            self.state = "becado"
        elif total >= 50:
            self.state = "en espera"
        else:
            self.state = "no admitido"
        return self._accepted(self.share)

    def liberarCupo(self) -> Answer:
        """Entrevista, end."""
        if self.state != "en espera":
            return self._refused()
        self.share = 50
        self.state = "becado"
        return self._accepted()

    def apelar(self, diasHabiles: Any = None) -> Answer:
        """Apelación."""
        if self.state != "no admitido" or not whole(diasHabiles) or diasHabiles < 0:
            return self._refused()
        if self.appealed:
            return self._refused("Ya se presentó una apelación")
        if diasHabiles > 5:
            return self._refused("Plazo vencido")
        self.appealed = True
        self.state = "en apelación"
        return self._accepted()

    def resolverApelacion(self, favorable: Any = None) -> Answer:
        """Apelación, end."""
        if self.state != "en apelación" or flag(favorable) is None:
            return self._refused()
        self.state = "en espera" if flag(favorable) else "no admitido"
        return self._accepted()

    def renovar(self, promedioSemestre: Any = None, materiasPerdidas: Any = None) -> Answer:
        """Renovación."""
        if self.state not in {"becado", "condicional"} or not _mark(promedioSemestre):
            return self._refused()
        if not whole(materiasPerdidas) or materiasPerdidas < 0:
            return self._refused()
        average = exact(promedioSemestre)
        if average >= 4 and materiasPerdidas == 0:
            self.state = "becado"
            return self._accepted(self.share)
        if self.state == "becado" and average >= Decimal("3.7") and materiasPerdidas <= 1:
            self.state = "condicional"
            return self._accepted(self.share // 2)
        self.state = "retirado"
        return self._accepted(0)

    def _accepted(self, value: int | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": value}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _mark(value: Any) -> bool:
    """A mark from 0.0 to 5.0 with one decimal."""
    return number(value) and 0 <= value <= 5 and exact(value) * 10 % 1 == 0


def _base(average: Decimal, income: int) -> int:
    """The decision table; 0: not admitted."""
    if average >= Decimal("4.5"):
        return 60
    if average >= Decimal("4.0") and income <= 8_000_000:
        return 50 if income <= 4_000_000 else 40
    if Decimal("3.5") <= average < Decimal("4.0") and income <= 2_500_000:
        return 30
    return 0
