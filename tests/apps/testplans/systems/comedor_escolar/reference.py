"""School meals; every figure is the document's."""
# ruff: noqa: PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, number, rounded, text, whole

_AGES = {"infantil": (3, 5), "primaria": (6, 11), "secundaria": (12, 16)}
_MENUS = {"general", "vegetariano", "sin gluten", "sin lactosa"}
_SPECIAL = {"sin gluten", "sin lactosa"}
_GRANTS = {"ninguna": Decimal(1), "parcial": Decimal("0.50"), "total": Decimal(0)}
_ONE = {"infantil": Decimal("5.20"), "primaria": Decimal("5.60"), "secundaria": Decimal("6.10")}
_THREE = {"infantil": Decimal("4.75"), "primaria": Decimal("5.10"), "secundaria": Decimal("5.55")}
_FIVE = {"infantil": Decimal("4.35"), "primaria": Decimal("4.70"), "secundaria": Decimal("5.15")}


class Reference:
    """REQ-1 to REQ-20."""

    def __init__(self) -> None:
        self.state = "sin inscripción"
        self.absences = 0

    def inscribir_alumno(
        self,
        nivel: Any = None,
        edad: Any = None,
        dias_semana: Any = None,
        menu: Any = None,
        hermanos_inscritos: Any = None,
        beca: Any = None,
        certificado_medico: Any = None,
    ) -> Answer:
        """REQ-1 to REQ-9."""
        if self.state != "sin inscripción" or not text(nivel) or nivel not in _AGES or not whole(edad):
            return self._refused()
        if not whole(dias_semana) or dias_semana < 1 or dias_semana > 5 or not text(menu) or menu not in _MENUS:
            return self._refused()
        if not whole(hermanos_inscritos) or hermanos_inscritos < 0 or hermanos_inscritos > 6:
            return self._refused()
        if not text(beca) or beca not in _GRANTS:
            return self._refused()
        youngest, oldest = _AGES[nivel]
        if edad < youngest or edad > oldest:
            return self._refused("La edad no corresponde al nivel")
        if nivel == "infantil" and menu == "vegetariano":
            return self._refused("Menú no disponible")
        if menu in _SPECIAL and certificado_medico is None:
            return self._refused("Falta el certificado médico")
        if menu in _SPECIAL and not text(certificado_medico, r"CM[0-9]{6}"):
            return self._refused("Certificado no válido")
        self.state = "activa"
        return self._accepted(_fee(nivel, int(dias_semana), hermanos_inscritos, beca))

    def registrar_ausencia(self, horas_antelacion: Any = None) -> Answer:
        """REQ-15 to REQ-17."""
        if self.state != "activa" or not whole(horas_antelacion) or horas_antelacion < 0:
            return self._refused()
        if horas_antelacion < 24:
            self.absences += 1
        if self.absences >= 3:
            self.state = "suspendida"
        return self._accepted(exact(self.absences))

    def pagar_penalizacion(self, importe: Any = None) -> Answer:
        """REQ-18."""
        if self.state != "suspendida" or not number(importe):
            return self._refused()
        if importe != 15:
            return self._refused("Importe incorrecto")
        self.absences = 0
        self.state = "activa"
        return self._accepted()

    def dar_de_baja(self) -> Answer:
        """REQ-19."""
        if self.state not in {"activa", "suspendida"}:
            return self._refused()
        self.state = "cerrada"
        return self._accepted()

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _fee(level: str, days: int, siblings: int, grant: str) -> Decimal:
    """REQ-10 to REQ-14."""
    meal = _FIVE[level]
    if days <= 4:
        meal = _THREE[level]
    if days <= 2:
        meal = _ONE[level]
    fee = meal * days * 4 * _GRANTS[grant]
    if siblings == 1:
        fee *= Decimal("0.90")
    if siblings >= 2:
        fee *= Decimal("0.75")
    if fee > 0:
        fee += Decimal("6.00")
    return exact(rounded(fee * 20, 0)) / 20
