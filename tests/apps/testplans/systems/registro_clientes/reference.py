"""Registration in a shop's portal; every figure is the document's."""
# ruff: noqa: C901, PLR0911, PLR0912, PLR0917 - rule by rule as in the document, with its figures

from typing import Any

from bench.testplans.values import Answer, digits, flag, text, whole

_POINTS = {"persona": 100, "empresa": 250}


class Reference:
    """RF-01 to RF-21."""

    def __init__(self) -> None:
        self.state: str | None = None
        self.sent = 0

    def registrar(
        self,
        tipo_documento: Any = None,
        numero_documento: Any = None,
        nombre: Any = None,
        edad: Any = None,
        correo: Any = None,
        celular: Any = None,
        tipo_cliente: Any = None,
        codigo_referido: Any = None,
        acepta_terminos: Any = None,
    ) -> Answer:
        """RF-01 to RF-16."""
        if self.state is not None:
            return self._refused("El cliente ya está registrado")
        if not text(tipo_documento) or tipo_documento not in {"CC", "CE", "PA"}:
            return self._refused()
        if not _numbered(tipo_documento, digits(numero_documento)):
            return self._refused("Número de documento no válido")
        if not text(nombre) or len(nombre) < 3 or len(nombre) > 40:
            return self._refused()
        if not whole(edad) or edad > 110:
            return self._refused()
        if edad < 18:
            return self._refused("Debe ser mayor de edad")
        if not text(correo, r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+"):
            return self._refused("Correo no válido")
        if not text(digits(celular), r"3[0-9]{9}"):
            return self._refused("Celular no válido")
        if not text(tipo_cliente) or tipo_cliente not in {"persona", "empresa"}:
            return self._refused()
        referred = codigo_referido not in (None, "")
        if referred and not text(codigo_referido, r"REF[0-9]{4}"):
            return self._refused("Código de referido no válido")
        if not flag(acepta_terminos):
            return self._refused("Debe aceptar los términos")
        points = _POINTS[tipo_cliente]
        if referred:
            points += 50
        if tipo_cliente == "persona" and edad >= 60:
            points += 20
        self.state = "pendiente"
        return self._accepted(points)

    def confirmar(self, horas: Any = None) -> Answer:
        """RF-17 to RF-19."""
        if self.state == "activa":
            return self._refused("La cuenta ya está activa")
        if self.state != "pendiente" or not whole(horas) or horas < 0:
            return self._refused()
        if horas > 48:
            self.state = "vencida"
            return self._refused("Enlace vencido")
        self.state = "activa"
        return self._accepted()

    def reenviar_enlace(self) -> Answer:
        """RF-20 and RF-21."""
        if self.state not in {"pendiente", "vencida"}:
            return self._refused()
        if self.sent >= 3:
            return self._refused("Límite de reenvíos alcanzado")
        self.sent += 1
        self.state = "pendiente"
        return self._accepted(3 - self.sent)

    def _accepted(self, value: int | None = None) -> Answer:
        return {"accepted": True, "value": value, "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _numbered(kind: str, number: object) -> bool:
    """RF-03."""
    if kind == "PA":
        return text(number, r"[A-Z]{2}[0-9]{6}")
    if not text(number, r"[0-9]+"):
        return False
    length = len(str(number))
    return length == 7 if kind == "CE" else 6 <= length <= 10
