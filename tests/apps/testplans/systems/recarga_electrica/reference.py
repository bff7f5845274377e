"""A charging point for electric vehicles; every figure is the document's."""

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, clock, exact, number, rounded, text, whole

_PEAK = {"tipo 2": Decimal("0.42"), "CCS": Decimal("0.59"), "CHAdeMO": Decimal("0.55")}
_LOW = {"tipo 2": Decimal("0.29"), "CCS": Decimal("0.47"), "CHAdeMO": Decimal("0.44")}


class Reference:
    """3 to 5."""

    def __init__(self) -> None:
        self.state = "libre"
        self.unknown = 0
        self.connector = ""
        self.started = 0

    def autorizar_sesion(
        self, tarjeta: Any = None, conector: Any = None, hora_inicio: Any = None, objetivo_carga: Any = None
    ) -> Answer:
        """3."""
        started = clock(hora_inicio)
        if self.state != "libre" or tarjeta is None or not text(conector) or conector not in _PEAK or started is None:
            return self._refused()
        if not whole(objetivo_carga) or objetivo_carga < 20 or objetivo_carga > 100:
            return self._refused()
        if not text(tarjeta, r"EV-[0-9]{4}-[A-Z]{2}"):
            self.unknown += 1
            if self.unknown >= 3:
                self.state = "bloqueado"
            return self._refused("Tarjeta no reconocida")
        if conector != "tipo 2" and objetivo_carga > 80:
            return self._refused("Objetivo demasiado alto")
        self.unknown = 0
        self.connector = conector
        self.started = started
        self.state = "cargando"
        return self._accepted()

    def terminar_sesion(self, energia_kwh: Any = None, minutos_conexion: Any = None) -> Answer:
        """4."""
        if self.state != "cargando" or not number(energia_kwh) or energia_kwh <= 0 or energia_kwh > 120:
            return self._refused()
        if not whole(minutos_conexion) or minutos_conexion < 1 or minutos_conexion > 720:
            return self._refused()
        peak = self.started >= 480 and self.started < 1_320
        price = (_PEAK if peak else _LOW)[self.connector]
        free = 240 if self.connector == "tipo 2" else 60
        minutes = min(exact(max(minutos_conexion - free, 0)) * Decimal("0.05"), Decimal("12.00"))
        amount = max(exact(energia_kwh) * price + minutes, Decimal("1.50"))
        self.state = "terminado"
        return self._accepted(amount * Decimal("1.21"))

    def retirar_cable(self) -> Answer:
        """5.1."""
        if self.state == "cargando":
            return self._refused("Carga en curso")
        if self.state != "terminado":
            return self._refused()
        self.state = "libre"
        return self._accepted()

    def desbloquear(self, clave: Any = None) -> Answer:
        """5.2 and 5.3."""
        if self.state != "bloqueado":
            return self._refused()
        if clave != "MT-2040":
            return self._refused("Clave incorrecta")
        self.unknown = 0
        self.state = "libre"
        return self._accepted()

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
