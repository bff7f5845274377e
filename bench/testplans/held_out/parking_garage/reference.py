"""A car park's ticket; every figure is the document's."""
# ruff: noqa: N802, N803, PLR2004 - the glossary's names, the document's figures

from typing import Any

from bench.testplans.values import Answer, digits, text, whole

_PLATE = {"carro": r"[A-Z]{3}[0-9]{3}", "moto": r"[A-Z]{3}[0-9]{2}[A-Z]", "bicicleta": r"(?s).*"}
_HOUR = {"carro": 4_500, "moto": 2_200, "bicicleta": 800}
_DAY = {"carro": 32_000, "moto": 15_000, "bicicleta": 4_000}
_LOST = {"carro": 12_000, "moto": 12_000, "bicicleta": 5_000}


class Reference:
    """Sections 2 to 6."""

    def __init__(self) -> None:
        self.state = "sin tiquete"
        self.vehicle = ""

    def emitirTiquete(self, tipoVehiculo: Any = None, placa: Any = None) -> Answer:
        """Section 3."""
        if self.state != "sin tiquete":
            return self._refused()
        if not text(tipoVehiculo) or tipoVehiculo not in _PLATE:
            return self._refused()
        if tipoVehiculo != "bicicleta" and not text(placa, _PLATE[tipoVehiculo]):
            return self._refused("Placa no válida")
        self.vehicle = tipoVehiculo
        self.state = "emitido"
        return self._accepted()

    def pagar(self, minutos: Any = None, sellos: Any = None, medioPago: Any = None) -> Answer:
        """Section 4."""
        if self.state not in {"emitido", "perdido"}:
            return self._refused()
        if not whole(minutos) or not 0 <= minutos <= 10_080:
            return self._refused()
        if not whole(sellos) or not 0 <= sellos <= 3:
            return self._refused()
        if not text(medioPago) or medioPago not in {"efectivo", "tarjeta", "qr"}:
            return self._refused()
        stay = minutos if self.vehicle == "bicicleta" else minutos - 30 * sellos
        total = self._tariff(int(stay)) if stay > 15 else 0
        if self.state == "perdido":
            total += _LOST[self.vehicle]
        if medioPago == "tarjeta" and 0 < total < 5_000:
            return self._refused("Valor mínimo con tarjeta: 5.000")
        self.state = "pagado"
        return self._accepted(total)

    def reportarPerdida(self, documento: Any = None) -> Answer:
        """Section 5."""
        if self.state != "emitido" or not text(digits(documento), r"[0-9]{7,10}"):
            return self._refused()
        self.state = "perdido"
        return self._accepted()

    def salir(self, minutosDesdePago: Any = None) -> Answer:
        """Section 6."""
        if self.state in {"emitido", "perdido"}:
            return self._refused("Debe pagar antes de salir")
        if self.state != "pagado" or not whole(minutosDesdePago) or minutosDesdePago < 0:
            return self._refused()
        if minutosDesdePago > 20:
            self.state = "emitido"
            return self._refused("Tiempo de salida vencido")
        self.state = "cerrado"
        return self._accepted()

    def _tariff(self, stay: int) -> int:
        days, rest = divmod(stay, 1_440)
        hours = -(-rest // 60)
        return days * _DAY[self.vehicle] + min(hours * _HOUR[self.vehicle], _DAY[self.vehicle])

    def _accepted(self, value: float | None = None) -> Answer:
        return {"accepted": True, "value": value, "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
