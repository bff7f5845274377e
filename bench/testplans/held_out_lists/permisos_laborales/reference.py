"""Leave requests; every figure is the document's."""
# ruff: noqa: C901, PLR0911, PLR2004 - rule by rule as in the document, with its figures

from typing import Any

from bench.testplans.values import Answer, flag, text, whole

_MOST = {"vacaciones": 15, "matrimonio": 5, "calamidad": 3, "estudio": 10}
_NOTICE = {"vacaciones": 15, "matrimonio": 8, "calamidad": 0, "estudio": 5}


class Reference:
    """RF-1 to RF-19."""

    def __init__(self) -> None:
        self.state: str | None = None
        self.balance = 15
        self.kind = ""
        self.days = 0

    def solicitar(
        self,
        tipo_permiso: Any = None,
        dias: Any = None,
        dias_anticipacion: Any = None,
        meses_antiguedad: Any = None,
        adjunta_soporte: Any = None,
    ) -> Answer:
        """RF-1 to RF-11."""
        if self.state == "pendiente":
            return self._refused("Ya tiene una solicitud pendiente")
        if not text(tipo_permiso) or tipo_permiso not in _MOST:
            return self._refused()
        if not whole(dias) or dias < 1 or dias > _MOST[tipo_permiso]:
            return self._refused("Número de días no permitido")
        if not whole(dias_anticipacion) or dias_anticipacion < _NOTICE[tipo_permiso]:
            return self._refused("Anticipación insuficiente")
        if not whole(meses_antiguedad):
            return self._refused()
        if tipo_permiso == "vacaciones" and meses_antiguedad < 12:
            return self._refused("Antigüedad insuficiente")
        if tipo_permiso == "estudio" and meses_antiguedad < 6:
            return self._refused("Antigüedad insuficiente")
        if meses_antiguedad < 0:
            return self._refused()
        if tipo_permiso != "vacaciones" and not flag(adjunta_soporte):
            return self._refused("Falta el soporte")
        if flag(adjunta_soporte) is None:
            return self._refused()
        if tipo_permiso == "vacaciones" and dias > self.balance:
            return self._refused("Saldo insuficiente")
        self.kind = tipo_permiso
        self.days = int(dias)
        self.state = "aprobada" if tipo_permiso == "calamidad" else "pendiente"
        return self._accepted()

    def aprobar(self, rol: Any = None) -> Answer:
        """RF-12 to RF-14, RF-16."""
        if self.state != "pendiente" or not text(rol) or rol not in {"jefe", "recursos humanos"}:
            return self._refused()
        if self.days > 8 and rol == "jefe":
            return self._refused("Requiere aprobación de recursos humanos")
        if self.kind == "vacaciones":
            self.balance -= self.days
        self.state = "aprobada"
        return self._accepted(self.balance)

    def rechazar(self, motivo: Any = None) -> Answer:
        """RF-15, RF-16."""
        if self.state != "pendiente" or not text(motivo) or len(motivo) < 10 or len(motivo) > 100:
            return self._refused()
        self.state = "rechazada"
        return self._accepted()

    def cancelar(self, dias_para_inicio: Any = None) -> Answer:
        """RF-17 to RF-19."""
        if self.state not in {"pendiente", "aprobada"} or not whole(dias_para_inicio) or dias_para_inicio < 0:
            return self._refused()
        if self.state == "aprobada" and dias_para_inicio < 3:
            return self._refused("Ya no se puede cancelar")
        if self.state == "aprobada" and self.kind == "vacaciones":
            self.balance += self.days
        self.state = "cancelada"
        return self._accepted(self.balance)

    def _accepted(self, value: int | None = None) -> Answer:
        return {"accepted": True, "value": value, "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
