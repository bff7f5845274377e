"""Overtime; every figure is the document's."""
# ruff: noqa: C901, PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, clock, exact, flag, rounded, text, whole

_DAYS = {"lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"}


class Reference:
    """Chapters 2 to 4."""

    def __init__(self) -> None:
        self.state = "borrador"
        self.days: set[str] = set()
        self.extra = 0
        self.weighted = Decimal(0)

    def registrar_jornada(
        self,
        dia: Any = None,
        hora_inicio: Any = None,
        hora_fin: Any = None,
        descanso_minutos: Any = None,
        festivo: Any = None,
    ) -> Answer:
        """RF-01 to RF-08."""
        begin, end = clock(hora_inicio), clock(hora_fin)
        if not text(dia) or dia not in _DAYS or begin is None or end is None or flag(festivo) is None:
            return self._refused()
        if end <= begin:
            return self._refused()
        if not whole(descanso_minutos) or descanso_minutos < 0 or descanso_minutos > 120:
            return self._refused()
        if descanso_minutos >= end - begin:
            return self._refused()
        if self.state != "borrador":
            return self._refused()
        if dia in self.days:
            return self._refused("Jornada ya registrada")
        if end - begin > 360 and descanso_minutos < 30:
            return self._refused("Descanso insuficiente")
        extra = max(end - begin - int(descanso_minutos) - 480, 0)
        if extra > 120:
            return self._refused("Máximo dos horas extra por día")
        if self.extra + extra > 600:
            return self._refused("Máximo semanal superado")
        self.days.add(dia)
        self.extra += extra
        if dia == "domingo" or flag(festivo):
            self.weighted += extra * Decimal("2.00")
        else:
            night = min(extra, max(end - 1_260, 0))
            self.weighted += night * Decimal("1.75") + (extra - night) * Decimal("1.25")
        return self._accepted(extra)

    def enviar_planilla(self) -> Answer:
        """RF-09."""
        if self.state != "borrador":
            return self._refused()
        if not self.days:
            return self._refused("Planilla vacía")
        self.state = "enviada"
        return self._accepted(self.extra)

    def aprobar_planilla(self, cargo: Any = None) -> Answer:
        """RF-10."""
        if self.state != "enviada" or not text(cargo) or cargo not in {"jefe", "director"}:
            return self._refused()
        if cargo == "jefe" and self.extra > 360:
            return self._refused("Requiere aprobación del director")
        self.state = "aprobada"
        return self._accepted()

    def devolver_planilla(self, cargo: Any = None, motivo: Any = None) -> Answer:
        """RF-11."""
        if self.state != "enviada" or not text(cargo) or cargo not in {"jefe", "director"}:
            return self._refused()
        if not text(motivo) or len(motivo) < 10 or len(motivo) > 200:
            return self._refused("Motivo no válido")
        self.state = "borrador"
        return self._accepted()

    def liquidar(self, salario_mensual: Any = None) -> Answer:
        """RF-12 to RF-14."""
        if self.state != "aprobada" or not whole(salario_mensual):
            return self._refused()
        if salario_mensual < 1_500_000 or salario_mensual > 30_000_000:
            return self._refused()
        self.state = "liquidada"
        return self._accepted(rounded(exact(salario_mensual) * self.weighted / 60 / 220, 0))

    def _accepted(self, value: float | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": value}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
