"""The document as the lift maker's engineer would send it: a Word file with a state table and numbered requirements."""

# ruff: noqa: E501 - the sentences of a document

import io

import docx
from docx.document import Document

_STATES = (
    ("Estado", "Evento", "Condición", "Nuevo estado"),
    ("detenido", "Seleccionar piso", "El piso es válido", "en movimiento"),
    ("detenido", "Abrir puertas", "", "puertas abiertas"),
    ("puertas abiertas", "Cerrar puertas", "Sin obstáculo y sin sobrepeso", "detenido"),
    ("puertas abiertas", "Cerrar puertas", "Tercer obstáculo seguido", "alarma"),
    ("en movimiento", "Llegar", "", "puertas abiertas"),
    ("en movimiento", "Activar alarma", "", "alarma"),
    ("puertas abiertas", "Activar alarma", "", "alarma"),
    ("detenido", "Activar alarma", "", "alarma"),
    ("alarma", "Restablecer", "Código correcto", "detenido"),
    ("alarma", "Restablecer", "Tercer código incorrecto", "fuera de servicio"),
)
_FLOORS = (
    ("Piso", "Botón en la cabina"),
    ("Sótanos", "-2 y -1"),
    ("Pisos", "1 a 12"),
)
_RULES = (
    "RF-01. El usuario selecciona el piso de destino. El piso es un número entero. Si no es uno de los de la tabla 2, el sistema lo rechaza con el mensaje «Piso no válido».",
    "RF-02. Si el piso seleccionado es aquel en el que se encuentra la cabina, se rechaza con el mensaje «Ya está en ese piso».",
    "RF-03. Al seleccionar un piso, el sistema informa la duración del viaje en segundos: 3 segundos por cada piso recorrido más 4 segundos de arranque y frenado. Como no hay piso 0, del sótano -1 al piso 1 se recorre un solo piso.",
    "RF-04. Los viajes de más de 8 pisos usan la velocidad alta: cada piso recorrido a partir del noveno (incluido) toma 2 segundos en lugar de 3.",
    "RF-05. Cuando la cabina llega, queda en el piso seleccionado con las puertas abiertas, y el sistema informa el número del piso.",
    "RF-06. Para cerrar las puertas, los sensores informan el peso en kilogramos y si hay un obstáculo (sí o no). El peso es un número mayor o igual a 0. Ambos datos son obligatorios.",
    "RF-07. Si hay un obstáculo, las puertas no se cierran y se muestra «Obstáculo en la puerta». El obstáculo se revisa antes que el peso.",
    "RF-08. Con el tercer obstáculo seguido la cabina pasa a alarma; el mensaje es el mismo. La cuenta vuelve a cero cuando las puertas se cierran y cuando el ascensor se restablece. Un rechazo por sobrepeso no cambia la cuenta.",
    "RF-09. La carga máxima es de 630 kg. Con más peso las puertas no se cierran y se muestra «Sobrepeso».",
    "RF-10. En alarma solo se puede restablecer. El técnico digita su código: las letras TEC, un guion y cuatro dígitos, por ejemplo TEC-0371. Un código que no tiene esa forma es incorrecto y se rechaza con el mensaje «Código incorrecto».",
    "RF-11. Con el tercer código incorrecto de una misma alarma el ascensor queda fuera de servicio. De ese estado no se sale por ninguna operación.",
    "RF-12. Después de restablecer, la cabina está en el piso 1 y los contadores están en cero.",
)


def made() -> bytes:
    """The DOCX."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Elevadores Andinos · Control de cabina EA-7"
    document.sections[0].footer.paragraphs[0].text = "ingenieria@elevadores.example.com"
    document.add_heading("Especificación funcional del control de cabina EA-7", 0)
    document.add_heading("1. Alcance", 1)
    document.add_paragraph(
        "El control gobierna la cabina de un edificio de doce pisos y dos sótanos. Esta especificación cubre los botones "
        "de la cabina, las puertas, la alarma y el restablecimiento por un técnico. No cubre los botones de los pasillos. "
        "Al encender el control, la cabina está detenida en el piso 1, con las puertas cerradas."
    )
    document.add_heading("2. Estados", 1)
    document.add_paragraph(
        "La tabla 1 contiene todas las transiciones permitidas. Cualquier evento que no figure en ella para el estado "
        "actual se rechaza y el estado no cambia."
    )
    document.add_paragraph("Tabla 1. Transiciones")
    _table(document, _STATES)
    document.add_paragraph("Tabla 2. Pisos")
    _table(document, _FLOORS)
    document.add_heading("3. Requisitos funcionales", 1)
    for rule in _RULES:
        document.add_paragraph(rule)
    document.add_heading("4. Ejemplo", 1)
    document.add_paragraph(
        "La cabina está en el piso 1 y el usuario selecciona el 11: recorre 10 pisos, 8 de ellos a 3 segundos y 2 a 2 "
        "segundos, más 4 segundos: 32 segundos en total."
    )
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _table(document: Document, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    table.style = "Table Grid"
    for at, row in enumerate(rows):
        for cell, said in zip(table.rows[at].cells, row, strict=True):
            cell.text = said
