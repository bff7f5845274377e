"""Transfers with limits; every figure is the document's."""
# ruff: noqa: N802, N803, PLR0911, PLR2004 - rule by rule as in the document, with its figures and names

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, digits, exact, flag, rounded, text, whole

_MOST = {"propia": 20_000_000, "mismo banco": 10_000_000, "otro banco": 5_000_000}


class Reference:
    """REQ-01 to REQ-19."""

    def __init__(self) -> None:
        self.state = "activo"
        self.wrong = 0
        self.done = 0
        self.moved = 0

    def transferir(
        self, tipoDestino: Any = None, cuentaDestino: Any = None, monto: Any = None, claveCorrecta: Any = None
    ) -> Answer:
        """REQ-01 to REQ-11, REQ-16."""
        if self.state == "bloqueado":
            return self._refused("Servicio bloqueado")
        if not text(tipoDestino) or tipoDestino not in _MOST or flag(claveCorrecta) is None:
            return self._refused()
        account = digits(cuentaDestino)
        if not text(account, r"[0-9]+") or len(str(account)) != (11 if tipoDestino == "otro banco" else 10):
            return self._refused("Cuenta destino no válida")
        if not whole(monto) or monto < 1_000 or monto > _MOST[tipoDestino]:
            return self._refused("Monto no permitido")
        if not flag(claveCorrecta):
            self.wrong += 1
            if self.wrong >= 3:
                self.state = "bloqueado"
            return self._refused("Clave incorrecta")
        self.wrong = 0
        if self.done >= 5:
            return self._refused("Máximo de transferencias diarias alcanzado")
        if self.moved + monto > 25_000_000:
            return self._refused("Supera el límite diario")
        self.done += 1
        self.moved += int(monto)
        return self._accepted(rounded(exact(monto) + _cost(tipoDestino, exact(monto)), 0))

    def desbloquear(self, respuestasCorrectas: Any = None) -> Answer:
        """REQ-17 to REQ-19."""
        if self.state != "bloqueado":
            return self._refused("El servicio no está bloqueado")
        if not whole(respuestasCorrectas) or respuestasCorrectas > 5:
            return self._refused()
        if respuestasCorrectas < 4:
            return self._refused("Respuestas insuficientes")
        self.state = "activo"
        self.wrong = 0
        return self._accepted()

    def cerrarDia(self) -> Answer:
        """REQ-12."""
        self.done = 0
        self.moved = 0
        return self._accepted()

    def _accepted(self, value: float | None = None) -> Answer:
        return {"accepted": True, "value": value, "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _cost(kind: str, amount: Decimal) -> Decimal:
    """REQ-13 to REQ-15."""
    if kind == "otro banco":
        return max(min(amount * Decimal("0.004"), Decimal(12_000)), Decimal(3_000)) * Decimal("1.19")
    return Decimal(1_200 if kind == "mismo banco" and amount < 50_000 else 0)
