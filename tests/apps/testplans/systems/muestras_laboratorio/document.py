"""The document as a laboratory's systems office would send it: a Word file with numbered requirements and tables."""

# ruff: noqa: E501, RUF001 - the sentences of a document

import io

import docx
from docx.document import Document

_FIELDS = (
    ("Campo", "Tipo", "Obligatorio", "Reglas"),
    ("Código de muestra", "Alfanumérico", "Sí", "Tres letras mayúsculas, un guion y seis dígitos. Ejemplo: LAB-204518"),
    ("Tipo de muestra", "Lista de valores", "Sí", "sangre / orina / saliva"),
    ("Volumen", "Decimal (ml)", "Sí", "Mayor que 0. Ver tabla 2"),
    ("Temperatura", "Decimal (°C)", "Sí", "Entre -10 y 40. Ver tabla 2"),
    ("Horas desde la extracción", "Entero", "Sí", "De 0 a 96. Ver tabla 2"),
    ("Número de análisis", "Entero", "Sí", "De 1 a 20"),
    ("Urgente", "Sí/No", "No", "Si no se informa, se entiende que no"),
)
_TYPES = (
    ("Tipo", "Volumen mínimo (ml)", "Volumen máximo (ml)", "Temperatura (°C)", "Horas máximas"),
    ("sangre", "2", "10", "2 a 8", "24"),
    ("orina", "10", "100", "2 a 25", "12"),
    ("saliva", "1", "5", "15 a 25", "48"),
)
_PRICES = (
    ("Número de análisis", "Precio de cada análisis"),
    ("1 a 5", "6,50 €"),
    ("6 a 10", "5,20 €"),
    ("11 o más", "4,10 €"),
)
_RECEPTION = (
    "R-001. El sistema deberá registrar la recepción de una muestra con los campos de la tabla 1. Si un campo obligatorio no está informado o no cumple la tabla 1, deberá rechazarla con el mensaje «Datos incorrectos».",
    "R-002. El sistema deberá comprobar el volumen con los límites que la tabla 2 fija para cada tipo de muestra. Si está por debajo del mínimo, mostrará «Volumen insuficiente»; si está por encima del máximo, «Volumen excesivo».",
    "R-003. El sistema deberá rechazar con «Cadena de frío rota» las muestras cuya temperatura esté fuera del intervalo de la tabla 2 (los extremos son válidos).",
    "R-004. El sistema deberá rechazar con «Muestra caducada» las muestras con más horas desde la extracción que las de la tabla 2.",
    "R-005. Las comprobaciones se harán en el orden en que están escritas: R-001, R-002, R-003 y R-004.",
    "R-006. Toda muestra que supere las comprobaciones quedará en estado «recibida». Antes de registrarse, la muestra está «pendiente».",
)
_PRICING = (
    "R-007. Al recibir la muestra, el sistema deberá informar el precio. Todos los análisis de la muestra se cobran al precio que la tabla 3 asigna al número de análisis solicitado.",
    "R-008. Las muestras urgentes tendrán un recargo del 40 % sobre el importe de los análisis.",
    "R-009. Las muestras de saliva pagarán además 3,25 € por el kit de toma, sin recargo de urgencia.",
    "R-010. El precio se redondeará a la décima de euro más próxima.",
)
_ANALYSIS = (
    "R-011. El sistema deberá permitir que el técnico inicie el análisis de una muestra recibida o en repetición. La muestra pasará a «en análisis».",
    "R-012. El técnico registrará el resultado de una muestra en análisis: un número entero de 0 a 600 (mg/dl). Un resultado fuera de ese intervalo se rechazará con «Resultado fuera de rango».",
    "R-013. El sistema clasificará el resultado: menos de 70 es «bajo», de 70 a 110 es «normal» y más de 110 es «alto». Devolverá la clasificación.",
    "R-014. Un resultado inferior a 40 o superior a 300 es crítico. La primera vez que el resultado sea crítico, la muestra quedará «en repetición». Si el resultado vuelve a ser crítico después de repetir el análisis, quedará «en revisión médica».",
    "R-015. Si el resultado no es crítico, la muestra quedará «validada».",
    "R-016. Mientras no esté validada ni en revisión médica, una muestra registrada podrá ser descartada indicando un motivo de entre 5 y 40 caracteres. La muestra quedará «descartada». Si el motivo falta o no tiene esa longitud, se mostrará «Indique el motivo».",
    "R-017. El sistema deberá rechazar, sin cambiar el estado, toda operación que no esté permitida en el estado de la muestra.",
)


def made() -> bytes:
    """The DOCX."""
    document = docx.Document()
    document.sections[0].footer.paragraphs[0].text = "Laboratorio Central de Riohondo · Oficina de sistemas"
    document.add_heading("Gestión de muestras: requisitos del sistema", 0)
    document.add_heading("1. Introducción", 1)
    document.add_paragraph(
        "El presente documento reúne los requisitos del módulo de muestras. El módulo sigue una muestra desde que llega al laboratorio hasta que su resultado se valida. Los informes para el médico y la facturación a las aseguradoras no están incluidos."
    )
    document.add_heading("2. Recepción", 1)
    document.add_paragraph("Tabla 1. Datos de la recepción")
    _table(document, _FIELDS)
    document.add_paragraph("Tabla 2. Condiciones por tipo de muestra")
    _table(document, _TYPES)
    _rules(document, _RECEPTION)
    document.add_heading("3. Precio", 1)
    document.add_paragraph("Tabla 3. Precios")
    _table(document, _PRICES)
    _rules(document, _PRICING)
    document.add_paragraph(
        "Ejemplo: una muestra urgente de saliva con 6 análisis: 6 × 5,20 = 31,20; con el 40 % son 43,68; más 3,25 son 46,93; el precio es 46,90 €."
    )
    document.add_heading("4. Análisis", 1)
    _rules(document, _ANALYSIS)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _rules(document: Document, rules: tuple[str, ...]) -> None:
    for rule in rules:
        document.add_paragraph(rule)


def _table(document: Document, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    table.style = "Table Grid"
    for at, row in enumerate(rows):
        for cell, said in zip(table.rows[at].cells, row, strict=True):
            cell.text = said
