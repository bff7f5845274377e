"""Marks of a subject; every figure is the document's."""
# ruff: noqa: PLR0911 - rule by rule as in the document

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, exact, number, rounded, text, whole


class Reference:
    """P1 to P16."""

    def calcular_nota(
        self,
        nota_examen: Any = None,
        nota_practicas: Any = None,
        nota_trabajo: Any = None,
        asistencia: Any = None,
        convocatoria: Any = None,
    ) -> Answer:
        """P1 to P10."""
        if None in (nota_examen, nota_practicas, asistencia, convocatoria):
            return self._refused("E01")
        if not _mark(nota_examen) or not _mark(nota_practicas):
            return self._refused("E02")
        if nota_trabajo is not None and not _mark(nota_trabajo):
            return self._refused("E02")
        if not whole(asistencia) or asistencia < 0 or asistencia > 100:
            return self._refused("E03")
        if not whole(convocatoria) or convocatoria < 1 or convocatoria > 4:
            return self._refused("E04")
        if convocatoria == 1 and asistencia < 70:
            return self._refused("E05")
        exam, practice = exact(nota_examen), exact(nota_practicas)
        mark = exam * Decimal("0.60") + practice * Decimal("0.40")
        if nota_trabajo is not None:
            mark = exam * Decimal("0.50") + practice * Decimal("0.30") + exact(nota_trabajo) * Decimal("0.20")
        if asistencia >= 95:
            mark += Decimal("0.3")
        if exam < 4:
            mark = min(mark, Decimal("4.0"))
        mark = min(mark, Decimal(8 if convocatoria >= 3 else 10))
        return {"accepted": True, "value": rounded(mark, 1)}

    def solicitar_revision(
        self, nota_publicada: Any = None, dias_transcurridos: Any = None, motivo: Any = None
    ) -> Answer:
        """P11 to P15."""
        if None in (nota_publicada, dias_transcurridos, motivo):
            return self._refused("E01")
        if not _mark(nota_publicada):
            return self._refused("E02")
        if not whole(dias_transcurridos) or dias_transcurridos < 0:
            return self._refused("E06")
        if not text(motivo) or len(motivo) < 20 or len(motivo) > 200:
            return self._refused("E07")
        if dias_transcurridos > 5:
            return self._refused("E08")
        if nota_publicada >= 9:
            return self._refused("E09")
        price = Decimal("12.00")
        if dias_transcurridos <= 2:
            price = Decimal("6.00")
        if nota_publicada >= 4.5 and nota_publicada <= 4.9:
            price = Decimal(0)
        return {"accepted": True, "value": rounded(price)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "message": message}


def _mark(value: Any) -> bool:
    """P2."""
    return number(value) and value >= 0 and value <= 10 and exact(value) * 10 % 1 == 0
