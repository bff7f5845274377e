"""The requirements as a human resources office hands them over: a Word file, use by use, with one table."""

# ruff: noqa: E501 - the sentences of a document

import io

import docx
from docx.document import Document

_TYPES = (
    ("Tipo de permiso", "Máximo de días", "Anticipación mínima (días)", "Soporte"),
    ("vacaciones", "15", "15", "No requiere"),
    ("matrimonio", "5", "8", "Obligatorio"),
    ("calamidad", "3", "0", "Obligatorio"),
    ("estudio", "10", "5", "Obligatorio"),
)
_REQUEST = (
    "RF-1. Para solicitar un permiso el empleado indica el tipo de permiso, los días, los días de anticipación con que lo pide, sus meses de antigüedad en la empresa y si adjunta soporte. Ninguno de estos datos puede faltar.",
    "RF-2. Los tipos de permiso son vacaciones, matrimonio, calamidad y estudio. No se aceptan otros.",
    "RF-3. Los días, los días de anticipación y los meses de antigüedad son números enteros. La anticipación y la antigüedad no pueden ser negativas.",
    "RF-4. Se debe solicitar al menos 1 día y no más del máximo de la tabla para el tipo de permiso. De lo contrario se informa “Número de días no permitido”.",
    "RF-5. Si la solicitud se hace con menos anticipación que la mínima de la tabla, se rechaza con el mensaje “Anticipación insuficiente”.",
    "RF-6. Las vacaciones requieren 12 meses de antigüedad y el permiso de estudio requiere 6 meses. Con menos meses el mensaje es “Antigüedad insuficiente”.",
    "RF-7. Cuando el soporte es obligatorio y no se adjunta, la solicitud se rechaza con el mensaje “Falta el soporte”.",
    "RF-8. Cada empleado tiene un saldo de 15 días de vacaciones al año. Si pide más días de vacaciones que su saldo, se rechaza con el mensaje “Saldo insuficiente”.",
    "RF-9. Una solicitud correcta queda pendiente. Las de calamidad no necesitan aprobación y quedan aprobadas de inmediato.",
    "RF-10. Mientras haya una solicitud pendiente no se puede hacer otra: “Ya tiene una solicitud pendiente”. En cualquier otro estado sí se puede.",
    "RF-11. Las condiciones RF-4 a RF-8 se revisan en ese orden y se informa solo la primera que no se cumple.",
)
_DECISION = (
    "RF-12. Una solicitud pendiente la puede aprobar el jefe o recursos humanos; al aprobar se indica el rol de quien lo hace. Ningún otro rol puede aprobar.",
    "RF-13. Los permisos de más de 8 días solo los aprueba recursos humanos. Si lo intenta el jefe, se muestra “Requiere aprobación de recursos humanos” y la solicitud sigue pendiente.",
    "RF-14. Al aprobar vacaciones se descuentan los días del saldo. La operación muestra el saldo de vacaciones que queda, cualquiera que sea el tipo de permiso.",
    "RF-15. Para rechazar una solicitud pendiente se escribe un motivo de 10 a 100 caracteres. La solicitud queda rechazada.",
    "RF-16. Solo se aprueban o se rechazan solicitudes pendientes.",
)
_CANCEL = (
    "RF-17. El empleado puede cancelar una solicitud pendiente o aprobada indicando cuántos días faltan para el inicio (entero, 0 o más). La solicitud queda cancelada.",
    "RF-18. Una solicitud aprobada no se puede cancelar cuando faltan menos de 3 días: “Ya no se puede cancelar”. Las pendientes se cancelan en cualquier momento.",
    "RF-19. Al cancelar vacaciones aprobadas sus días vuelven al saldo. La operación muestra el saldo de vacaciones.",
)


def made() -> bytes:
    """The DOCX."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Gestión humana · Compañía Ejemplo"
    document.add_heading("Sistema de permisos laborales", 0)
    document.add_paragraph("Lista de requisitos acordada con gestión humana. Contacto: permisos@empresa.example.com.")
    _part(document, "Solicitar permiso", _REQUEST)
    table = document.add_table(rows=0, cols=len(_TYPES[0]), style="Table Grid")
    for row in _TYPES:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
    _part(document, "Aprobar y rechazar", _DECISION)
    _part(document, "Cancelar", _CANCEL)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _part(document: Document, heading: str, requirements: tuple[str, ...]) -> None:
    document.add_heading(heading, 1)
    for requirement in requirements:
        document.add_paragraph(requirement)
