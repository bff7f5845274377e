"""Water bills; every figure is the document's."""

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, number, rounded, text, whole

_FIXED = {"residencial": 8_230, "comercial": 12_540}
_SUBSIDY = {1: Decimal("0.50"), 2: Decimal("0.30"), 3: Decimal("0.10")}


class Reference:
    """Sections 2 to 4."""

    def __init__(self) -> None:
        self.state = "al día"
        self.total = Decimal(0)

    def emitir_factura(self, uso: Any = None, estrato: Any = None, consumo_m3: Any = None) -> Answer:
        """2."""
        if self.state != "al día" or not text(uso) or uso not in _FIXED:
            return self._refused()
        if not whole(estrato) or estrato < 1 or estrato > 6 or not whole(consumo_m3) or consumo_m3 < 0:
            return self._refused()
        if consumo_m3 > 400:
            return self._refused("Consumo por verificar")
        used = int(consumo_m3)
        if uso == "comercial":
            total = Decimal(_FIXED[uso] + used * 3_625)
        else:
            basic = Decimal(_FIXED[uso] + min(used, 16) * 2_117)
            basic -= basic * _SUBSIDY.get(estrato, 0)
            total = basic + min(max(used - 16, 0), 16) * 2_934 + max(used - 32, 0) * 4_310
            if estrato >= 5:
                total *= Decimal("1.20")
        self.total = exact(rounded(total / 10, 0)) * 10
        self.state = "pendiente"
        return self._accepted(self.total)

    def registrar_pago(self, valor_pagado: Any = None, dias_mora: Any = None) -> Answer:
        """3."""
        if self.state != "pendiente" or not number(valor_pagado) or not whole(dias_mora) or dias_mora < 0:
            return self._refused()
        if dias_mora > 30:
            self.state = "suspendido"
            return self._refused("Servicio suspendido")
        extra = self._extra() if dias_mora > 0 else Decimal(0)
        if exact(valor_pagado) != self.total + extra:
            return self._refused("El valor no corresponde")
        self.state = "al día"
        return self._accepted(extra)

    def reconectar(self, valor_pagado: Any = None) -> Answer:
        """4."""
        if self.state != "suspendido" or not number(valor_pagado):
            return self._refused()
        if exact(valor_pagado) != self.total + self._extra() + 38_000:
            return self._refused("El valor no corresponde")
        self.state = "al día"
        return self._accepted()

    def _extra(self) -> Decimal:
        """3, 2."""
        return exact(rounded(self.total * Decimal("0.015"), 0))

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
