"""The document as the operator's analyst would send it: a Word file with numbered headings, tables and a page head."""

# ruff: noqa: E501, ISC004 - the sentences of a document

import io

import docx
from docx.document import Document

_TITLE = "Parqueadero Plaza Central: reglas del nuevo sistema de tiquetes"

_TARIFFS = (
    ("Vehículo", "Hora o fracción", "Máximo por día (24 horas)", "Recargo por tiquete perdido"),
    ("Carro", "$ 4.500", "$ 32.000", "$ 12.000"),
    ("Moto", "$ 2.200", "$ 15.000", "$ 12.000"),
    ("Bicicleta", "$ 800", "$ 4.000", "$ 5.000"),
)
_STATES = (
    ("Estado actual", "Operación", "Condición", "Estado siguiente"),
    ("sin tiquete", "Emitir tiquete", "Datos correctos", "emitido"),
    ("emitido", "Pagar", "Pago aceptado", "pagado"),
    ("emitido", "Reportar pérdida", "Documento correcto", "perdido"),
    ("perdido", "Pagar", "Pago aceptado", "pagado"),
    ("pagado", "Salir", "Dentro del tiempo de salida", "cerrado"),
    ("pagado", "Salir", "Tiempo de salida vencido", "emitido"),
)
_PAYMENT = (
    ("Dato", "Regla"),
    ("Minutos", "Duración de la estadía, número entero entre 0 y 10.080 (siete días)"),
    ("Sellos", "Sellos de compra de los almacenes, número entero de 0 a 3"),
    ("Medio de pago", "efectivo, tarjeta o qr"),
)


def made() -> bytes:
    """The DOCX."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Plaza Central, Operaciones. Documento interno"
    document.sections[0].footer.paragraphs[0].text = "parqueadero@plaza.example.com"
    document.add_heading(_TITLE, 0)
    document.add_paragraph("Preparado para el proveedor del sistema. Versión de trabajo acordada el 14 de abril.")
    _about(document)
    _issued(document)
    _paid(document)
    _lost_and_left(document)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _about(document: Document) -> None:
    document.add_heading("1. Antecedentes", 1)
    document.add_paragraph(
        "El parqueadero cambia sus talonarios por un sistema propio. Los cajeros, los puntos de pago y la talanquera de "
        "salida consultarán el mismo tiquete. Este documento dice qué debe hacer el sistema con un tiquete desde que el "
        "vehículo entra hasta que sale. Las mensualidades, las facturas electrónicas y el control de cupos no hacen parte "
        "de esta fase."
    )
    document.add_heading("2. Vida de un tiquete", 1)
    document.add_paragraph(
        "Un tiquete pasa por los estados de la siguiente tabla. Cualquier operación que no aparezca en ella para el "
        "estado en que está el tiquete se rechaza, y el tiquete se queda en el estado en que estaba."
    )
    _table(document, _STATES)
    document.add_paragraph(
        "En particular, un tiquete cerrado no admite más operaciones, y un tiquete que ya se reportó como perdido no se "
        "puede reportar de nuevo."
    )


def _issued(document: Document) -> None:
    document.add_heading("3. Emisión", 1)
    document.add_paragraph(
        "Al entrar se registra el tipo de vehículo (carro, moto o bicicleta) y la placa. La placa se escribe sin espacios "
        "ni guiones y con letras mayúsculas:"
    )
    document.add_paragraph("la de un carro tiene tres letras y tres números, como ABC123;", "List Bullet")
    document.add_paragraph("la de una moto tiene tres letras, dos números y una letra, como ABC12D;", "List Bullet")
    document.add_paragraph(
        "las bicicletas no tienen placa, así que lo que se escriba en ese campo no se revisa.", "List Bullet"
    )
    document.add_paragraph(
        "Si la placa no corresponde al tipo de vehículo, la emisión se rechaza con el mensaje «Placa no válida»."
    )


def _paid(document: Document) -> None:
    document.add_heading("4. Pago", 1)
    document.add_paragraph(
        "Para pagar se necesitan tres datos. Si alguno falta o no cumple la regla, el pago se rechaza."
    )
    _table(document, _PAYMENT)
    document.add_heading("4.1 Tarifas", 2)
    _table(document, _TARIFFS)
    document.add_heading("4.2 Cómo se liquida", 2)
    for rule in (
        "Cada sello descuenta 30 minutos de la estadía. Los sellos no se tienen en cuenta para las bicicletas.",
        "Si después de descontar los sellos la estadía es de 15 minutos o menos, no se cobra nada por ella.",
        "Si es de más de 15 minutos, se cobra completa, por hora o fracción de hora: 61 minutos son dos horas.",
        "El cobro de un día no pasa del máximo por día. En estadías de más de 24 horas se cobra el máximo por cada día "
        "completo de 24 horas y, por los minutos restantes, lo que corresponda por hora o fracción, también sin pasar del "
        "máximo por día.",
        "Si el tiquete está perdido se suma al valor de la estadía el recargo de la tabla, incluso cuando la estadía no se "
        "cobra.",
    ):
        document.add_paragraph(rule, "List Number")
    document.add_paragraph(
        "El sistema devuelve el total pagado. Con tarjeta solo se reciben pagos de 5.000 pesos o más; uno de menor valor se "
        "rechaza con el mensaje «Valor mínimo con tarjeta: 5.000». Ese mínimo no se exige cuando el total es cero."
    )
    document.add_paragraph(
        "Ejemplos. Un carro que estuvo 130 minutos sin sellos paga 13.500. El mismo carro con dos sellos paga por 70 "
        "minutos, es decir 9.000. Una moto que estuvo 1.500 minutos paga 15.000 por el primer día y 2.200 por la hora "
        "restante: 17.200."
    )


def _lost_and_left(document: Document) -> None:
    document.add_heading("5. Tiquete perdido", 1)
    document.add_paragraph(
        "Quien pierde su tiquete debe presentar un documento de identidad, cuyo número se registra solo con dígitos, "
        "entre 7 y 10. El tiquete queda perdido y se paga con el recargo."
    )
    document.add_heading("6. Salida", 1)
    document.add_paragraph(
        "La talanquera informa cuántos minutos han pasado desde el pago (un entero, desde 0). Hasta 20 minutos después del "
        "pago la salida se autoriza y el tiquete se cierra. Pasados los 20 minutos la salida se rechaza con el mensaje "
        "«Tiempo de salida vencido» y el tiquete vuelve a quedar emitido: habrá que pagar otra vez, ahora por el tiempo "
        "adicional, con las mismas reglas y sin recargo por pérdida."
    )
    document.add_paragraph(
        "Quien intenta salir sin haber pagado, con un tiquete emitido o perdido, recibe el mensaje «Debe pagar antes de salir»."
    )
    document.add_heading("7. Pendientes", 1)
    document.add_paragraph(
        "El administrador pide que la pantalla del cajero sea clara. La tarifa nocturna se definirá con la gerencia antes de "
        "diciembre y no se debe incluir todavía."
    )


def _table(document: Document, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Light Grid Accent 1")
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = words
