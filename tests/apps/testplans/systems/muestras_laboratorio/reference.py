"""Samples in a laboratory; every figure is the document's."""
# ruff: noqa: C901, PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, flag, number, rounded, text, whole

_LEAST = {"sangre": 2, "orina": 10, "saliva": 1}
_MOST = {"sangre": 10, "orina": 100, "saliva": 5}
_COLDEST = {"sangre": 2, "orina": 2, "saliva": 15}
_WARMEST = {"sangre": 8, "orina": 25, "saliva": 25}
_HOURS = {"sangre": 24, "orina": 12, "saliva": 48}


class Reference:
    """R-001 to R-017."""

    def __init__(self) -> None:
        self.state = "pendiente"
        self.repeated = False

    def registrar_muestra(
        self,
        codigo_muestra: Any = None,
        tipo_muestra: Any = None,
        volumen: Any = None,
        temperatura: Any = None,
        horas_extraccion: Any = None,
        numero_analisis: Any = None,
        urgente: Any = None,
    ) -> Answer:
        """R-001 to R-010."""
        if self.state != "pendiente":
            return self._refused()
        if not text(codigo_muestra, r"[A-Z]{3}-[0-9]{6}") or not text(tipo_muestra) or tipo_muestra not in _LEAST:
            return self._refused("Datos incorrectos")
        if not number(volumen) or volumen <= 0 or not number(temperatura) or temperatura < -10 or temperatura > 40:
            return self._refused("Datos incorrectos")
        if not whole(horas_extraccion) or horas_extraccion < 0 or horas_extraccion > 96:
            return self._refused("Datos incorrectos")
        if not whole(numero_analisis) or numero_analisis < 1 or numero_analisis > 20:
            return self._refused("Datos incorrectos")
        if urgente is not None and flag(urgente) is None:
            return self._refused("Datos incorrectos")
        if volumen < _LEAST[tipo_muestra]:
            return self._refused("Volumen insuficiente")
        if volumen > _MOST[tipo_muestra]:
            return self._refused("Volumen excesivo")
        if temperatura < _COLDEST[tipo_muestra] or temperatura > _WARMEST[tipo_muestra]:
            return self._refused("Cadena de frío rota")
        if horas_extraccion > _HOURS[tipo_muestra]:
            return self._refused("Muestra caducada")
        price = exact(numero_analisis) * _each(numero_analisis)
        if flag(urgente):
            price *= Decimal("1.40")
        if tipo_muestra == "saliva":
            price += Decimal("3.25")
        self.state = "recibida"
        return self._accepted(rounded(price, 1))

    def iniciar_analisis(self) -> Answer:
        """R-011."""
        if self.state not in {"recibida", "en repetición"}:
            return self._refused()
        self.state = "en análisis"
        return self._accepted()

    def registrar_resultado(self, resultado: Any = None) -> Answer:
        """R-012 to R-015."""
        if self.state != "en análisis":
            return self._refused()
        if not whole(resultado) or resultado < 0 or resultado > 600:
            return self._refused("Resultado fuera de rango" if number(resultado) else None)
        if resultado < 40 or resultado > 300:
            self.state = "en revisión médica" if self.repeated else "en repetición"
            self.repeated = True
        else:
            self.state = "validada"
        if resultado < 70:
            return self._accepted("bajo")
        return self._accepted("alto" if resultado > 110 else "normal")

    def descartar_muestra(self, motivo: Any = None) -> Answer:
        """R-016."""
        if self.state not in {"recibida", "en análisis", "en repetición"}:
            return self._refused()
        if not text(motivo, r".{5,40}"):
            return self._refused("Indique el motivo")
        self.state = "descartada"
        return self._accepted()

    def _accepted(self, value: float | str | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": value}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _each(tests: int) -> Decimal:
    """Table 3."""
    if tests <= 5:
        return Decimal("6.50")
    return Decimal("5.20") if tests <= 10 else Decimal("4.10")
