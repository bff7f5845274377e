"""A library's lending desk for one member; every figure is the document's."""
# ruff: noqa: PLR0911, PLR2004 - rule by rule as in the document, with its figures

from typing import Any

from bench.testplans.values import Answer, text, whole

_QUOTA = {"infantil": 2, "general": 3, "investigador": 5}
_RENEWALS = {"infantil": 1, "general": 2, "investigador": 2}
_DAYS = {"LB": 21, "RV": 7, "AV": 3}
_FINE = {"LB": 500, "RV": 500, "AV": 1200}


class Reference:
    """Sections 2 to 6."""

    def __init__(self) -> None:
        self.state = "sin afiliar"
        self.category = ""
        self.loans: dict[str, int] = {}
        self.debt = 0.0

    def afiliar(self, edad: Any = None, correo: Any = None, categoria: Any = None) -> Answer:
        """Section 2.1."""
        if self.state != "sin afiliar":
            return self._refused()
        if not whole(edad) or not 5 <= edad <= 99:
            return self._refused()
        if not text(correo, r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+"):
            return self._refused()
        if not text(categoria) or categoria not in _QUOTA:
            return self._refused()
        if (categoria == "infantil") != (edad < 14):
            return self._refused()
        if categoria == "investigador" and edad < 18:
            return self._refused()
        self.category = categoria
        self.state = "activa"
        return self._accepted()

    def prestar(self, codigo_ejemplar: Any = None, dias: Any = None) -> Answer:
        """Section 3."""
        if self.state == "sin afiliar" or not text(codigo_ejemplar, r"(LB|RV|AV)-[0-9]{4}"):
            return self._refused()
        material = codigo_ejemplar[:2]
        if not whole(dias) or not 1 <= dias <= _DAYS[material]:
            return self._refused()
        if self.state == "suspendida":
            return self._refused("Cuenta suspendida")
        if len(self.loans) >= _QUOTA[self.category]:
            return self._refused("Cupo completo")
        if codigo_ejemplar in self.loans:
            return self._refused("Ejemplar ya prestado")
        if material == "AV" and self.category == "infantil":
            return self._refused("Material no permitido")
        self.loans[codigo_ejemplar] = 0
        return self._accepted(len(self.loans))

    def renovar(self, codigo_ejemplar: Any = None) -> Answer:
        """Section 4."""
        if self.state == "sin afiliar":
            return self._refused()
        if self.state == "suspendida":
            return self._refused("Cuenta suspendida")
        if not text(codigo_ejemplar) or codigo_ejemplar not in self.loans:
            return self._refused("Ejemplar no prestado")
        if codigo_ejemplar.startswith("AV"):
            return self._refused("Material no renovable")
        if self.loans[codigo_ejemplar] >= _RENEWALS[self.category]:
            return self._refused("Sin más renovaciones")
        self.loans[codigo_ejemplar] += 1
        return self._accepted()

    def devolver(self, codigo_ejemplar: Any = None, dias_retraso: Any = None) -> Answer:
        """Section 5."""
        if self.state == "sin afiliar":
            return self._refused()
        if not whole(dias_retraso) or dias_retraso < 0:
            return self._refused()
        if not text(codigo_ejemplar) or codigo_ejemplar not in self.loans:
            return self._refused("Ejemplar no prestado")
        del self.loans[codigo_ejemplar]
        fine = min(dias_retraso * _FINE[codigo_ejemplar[:2]], 15_000)
        self.debt += fine / 2 if self.category == "infantil" else fine
        if self.debt >= 10_000 or dias_retraso > 20:
            self.state = "suspendida"
        return self._accepted(self.debt)

    def pagar_multa(self, valor: Any = None) -> Answer:
        """Section 6."""
        if self.state == "sin afiliar":
            return self._refused()
        if not whole(valor) or valor <= 0 or valor % 50 != 0:
            return self._refused()
        if valor > self.debt:
            return self._refused("Valor superior a la deuda")
        self.debt -= valor
        if self.debt == 0:
            self.state = "activa"
        return self._accepted(self.debt)

    def _accepted(self, value: float | None = None) -> Answer:
        return {"accepted": True, "value": value, "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
