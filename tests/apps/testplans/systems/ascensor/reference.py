"""A lift's cabin; every figure is the document's."""
# ruff: noqa: N802, N803 - the glossary's names

from typing import Any

from bench.testplans.values import Answer, flag, number, text, whole

_FLOORS = {-2, -1, *range(1, 13)}


class Reference:
    """Sections 2 and 3."""

    def __init__(self) -> None:
        self.state = "detenido"
        self.floor = 1
        self.goal = 1
        self.blocked = 0
        self.wrong = 0

    def seleccionarPiso(self, piso: Any = None) -> Answer:
        """RF-01 to RF-04."""
        if self.state != "detenido":
            return self._refused()
        if not whole(piso) or piso not in _FLOORS:
            return self._refused("Piso no válido")
        if piso == self.floor:
            return self._refused("Ya está en ese piso")
        far = abs(_height(piso) - _height(self.floor))
        self.goal = int(piso)
        self.state = "en movimiento"
        return self._accepted(min(far, 8) * 3 + max(far - 8, 0) * 2 + 4)

    def llegar(self) -> Answer:
        """RF-05."""
        if self.state != "en movimiento":
            return self._refused()
        self.floor = self.goal
        self.state = "puertas abiertas"
        return self._accepted(self.floor)

    def abrirPuertas(self) -> Answer:
        """Tabla 1."""
        if self.state != "detenido":
            return self._refused()
        self.state = "puertas abiertas"
        return self._accepted()

    def cerrarPuertas(self, pesoKg: Any = None, obstaculo: Any = None) -> Answer:
        """RF-06 to RF-09."""
        if self.state != "puertas abiertas" or not number(pesoKg) or pesoKg < 0 or flag(obstaculo) is None:
            return self._refused()
        if flag(obstaculo):
            self.blocked += 1
            if self.blocked >= 3:
                self.state = "alarma"
            return self._refused("Obstáculo en la puerta")
        if pesoKg > 630:
            return self._refused("Sobrepeso")
        self.blocked = 0
        self.state = "detenido"
        return self._accepted()

    def activarAlarma(self) -> Answer:
        """Tabla 1."""
        if self.state not in {"detenido", "puertas abiertas", "en movimiento"}:
            return self._refused()
        self.state = "alarma"
        return self._accepted()

    def restablecer(self, codigoTecnico: Any = None) -> Answer:
        """RF-10 to RF-12."""
        if self.state != "alarma":
            return self._refused()
        if not text(codigoTecnico, r"TEC-[0-9]{4}"):
            self.wrong += 1
            if self.wrong >= 3:
                self.state = "fuera de servicio"
            return self._refused("Código incorrecto")
        self.floor = 1
        self.blocked = 0
        self.wrong = 0
        self.state = "detenido"
        return self._accepted()

    def _accepted(self, value: int | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": value}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _height(floor: int) -> int:
    """RF-03: there is no floor 0."""
    return floor if floor > 0 else floor + 1
