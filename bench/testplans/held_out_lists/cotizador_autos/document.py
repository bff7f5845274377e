"""The requirements as an insurer's team keeps them: a workbook with a cover, the list, the fields and the rates."""

# ruff: noqa: E501 - the sentences of a document

import io

import xlsxwriter

NAME = "document.xlsx"

_COVER = (
    ("Proyecto", "Cotizador de seguro de autos"),
    ("Área", "Canales digitales, Aseguradora Ejemplo"),
    ("Contacto", "autos@aseguradora.example.com"),
    ("Versión", "1.4"),
)
_FIELDS = (
    ("Operación", "Campo", "Tipo", "Valores permitidos"),
    ("Cotizar", "Uso", "Lista", "particular, servicio público, carga"),
    ("Cotizar", "Valor comercial", "Entero (pesos)", "Entre 10.000.000 y 300.000.000"),
    ("Cotizar", "Antigüedad (años)", "Entero", "0 o más"),
    ("Cotizar", "Edad del conductor", "Entero", "18 a 75"),
    ("Cotizar", "Siniestros", "Entero", "0 o más"),
    ("Cotizar", "Deducible", "Lista", "bajo, medio, alto"),
    ("Cotizar", "GPS", "Sí/No", ""),
    ("Emitir", "Medio de pago", "Lista", "contado, financiado"),
    ("Emitir", "Cuotas", "Entero", "1 si es de contado; 2 a 12 si es financiado"),
    ("Pagar cuota", "Días de atraso", "Entero", "0 o más"),
)
_RATES = (
    ("Uso", "Tasa anual sobre el valor comercial"),
    ("particular", "3,2 %"),
    ("servicio público", "5,1 %"),
    ("carga", "4,5 %"),
)
_REQUIREMENTS = (
    ("ID", "Requisito", "Prioridad"),
    ("RF-01", "Todos los campos de la hoja Campos son obligatorios. Un valor no permitido se rechaza.", "Alta"),
    (
        "RF-02",
        "Si el valor comercial está fuera del rango permitido se muestra el mensaje «Valor comercial fuera de rango».",
        "Alta",
    ),
    (
        "RF-03",
        "No se aseguran vehículos con más de 15 años de antigüedad; para servicio público el máximo es de 10 años. En estos casos se muestra «Vehículo no asegurable por antigüedad».",
        "Alta",
    ),
    (
        "RF-04",
        "Si la edad del conductor no está entre 18 y 75 años se muestra «Edad del conductor no permitida».",
        "Alta",
    ),
    (
        "RF-05",
        "Los siniestros son los de los últimos tres años. Con más de 3 siniestros la cotización se rechaza con el mensaje «Cliente no asegurable».",
        "Alta",
    ),
    (
        "RF-06",
        "La prima se calcula multiplicando el valor comercial por la tasa de la hoja Tarifas según el uso.",
        "Alta",
    ),
    (
        "RF-07",
        "Si el conductor tiene menos de 25 años la prima aumenta un 25 %. Si tiene más de 65 años aumenta un 10 %.",
        "Alta",
    ),
    (
        "RF-08",
        "Si no hay siniestros se aplica un descuento del 10 %. Con 2 o 3 siniestros se aplica un recargo del 20 %. Con un siniestro la prima no cambia.",
        "Media",
    ),
    ("RF-09", "El deducible bajo aumenta la prima un 15 % y el deducible alto la disminuye un 12 %.", "Media"),
    ("RF-10", "Los vehículos con GPS tienen un descuento del 5 %, excepto los de uso particular.", "Media"),
    (
        "RF-11",
        "Los recargos y descuentos se aplican uno sobre otro, multiplicando. La prima mínima es de 700.000 pesos.",
        "Media",
    ),
    (
        "RF-12",
        "La prima se redondea al peso más cercano y es el resultado de la cotización, que queda en estado cotizada.",
        "Alta",
    ),
    (
        "RF-13",
        "Se puede cotizar de nuevo mientras la póliza no se haya emitido; la nueva cotización reemplaza la anterior. Una cotización rechazada no cambia la que existe.",
        "Baja",
    ),
    (
        "RF-14",
        "Solo se emite una póliza que esté cotizada. Si no lo está se muestra «No hay cotización vigente».",
        "Alta",
    ),
    ("RF-15", "De contado, el valor a pagar es la prima menos un 5 %, redondeado al peso.", "Media"),
    (
        "RF-16",
        "Financiado, la prima aumenta un 1 % por cada cuota y se divide en el número de cuotas. El sistema devuelve el valor de la cuota, redondeado al peso.",
        "Media",
    ),
    (
        "RF-17",
        "Al emitir una póliza financiada pasa al estado emitida. Una póliza emitida, pagada o suspendida no se puede volver a cotizar: «La póliza ya fue emitida».",
        "Alta",
    ),
    (
        "RF-18",
        "Las cuotas de una póliza financiada se pagan una a una, con los días de atraso de cada pago. Hasta 5 días de atraso se paga el valor de la cuota; con más de 5 días se paga un 2 % adicional. El sistema devuelve lo pagado, redondeado al peso.",
        "Media",
    ),
    (
        "RF-19",
        "Con más de 30 días de atraso el pago no se recibe, se muestra «Póliza suspendida por mora» y la póliza queda suspendida. Una póliza suspendida no recibe más pagos.",
        "Alta",
    ),
    (
        "RF-20",
        "Con el pago de la última cuota la póliza queda pagada. Una póliza emitida de contado queda pagada de una vez. No se reciben pagos de pólizas que no estén en estado emitida.",
        "Alta",
    ),
    (
        "RF-21",
        "Cuando una cotización incumple varias condiciones se informa la primera de ellas: valor comercial, antigüedad, edad, siniestros.",
        "Baja",
    ),
    ("RNF-01", "El cotizador debería ser fácil de usar.", "Baja"),
)


def made() -> bytes:
    """The XLSX."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows, widths, headed in (
            ("Portada", _COVER, (16, 40), False),
            ("Requisitos", _REQUIREMENTS, (10, 90, 12), True),
            ("Campos", _FIELDS, (14, 24, 18, 46), True),
            ("Tarifas", _RATES, (22, 36), True),
        ):
            sheet = book.add_worksheet(name)
            for column, width in enumerate(widths):
                sheet.set_column(column, column, width)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row, head if headed and number == 0 else plain)
    return file.getvalue()
