"""A Spanish document: a club rents out its sports courts."""

from support.papers.parts import Grid, Paper, Part, Points, Text, Title

_RULES: tuple[Part, ...] = (
    Title(1, "1 Introducción"),
    Title(2, "1.1 Propósito"),
    Text(
        "Este documento describe lo que debe hacer el sistema de alquiler de canchas del Club Ejemplo, disponible en "
        "https://canchas.example.com. Está dirigido a quienes lo construyen y a quienes lo prueban. El lector debe "
        "conocer el reglamento del club."
    ),
    Title(2, "1.2 Alcance"),
    Text("El sistema cubre las reservas, los pagos y las sanciones. La sección 5 trata de los pagos."),
    Points(("socios del club;", "invitados;", "personal de recepción.")),
    Title(2, "1.3 Fuera de alcance"),
    Text("El sistema no debe llevar la contabilidad del club ni podrá emitir nóminas."),
    Title(1, "2 Glosario"),
    Text("Franja: periodo de 30 minutos que debe empezar en punto o a la media hora."),
    Text("Socio: persona que tiene que pagar la cuota mensual."),
    Grid(
        "Tabla 1. Siglas",
        ("Sigla", "Significado"),
        (("CCE", "Cancha cubierta con espectadores"), ("PSR", "Persona sin reserva que debe esperar")),
    ),
    Title(1, "3 Requisitos de reservas"),
    Title(2, "3.1 Crear una reserva"),
    Text("RF-01 El sistema debe permitir que un socio reserve una cancha indicando cancha, fecha, hora y duración."),
    Text(
        "RF-02 La duración de una reserva debe estar entre l y 4 franjas. En caso contrario, la reserva se "
        "rechaza con "
        'el mensaje "La duración no es válida".'
    ),
    Text("Ejemplo: una reserva de 3 franjas se acepta y una de 9 franjas se rechaza."),
    Text(
        "RF-03 La cantidad de invitados debe estar entre o y 4. El total de personas cumple "
        "$\\text{personas} \\leq 10$ en las canchas pequeñas."
    ),
    Text("Cuando hay más de 4 invitados, el sistema deberá pedir la aprobación de recepción."),
    Text("RF-04 Para crear una reserva el sistema debe validar los siguientes datos:"),
    Points(
        (
            "nombre: obligatorio, de 3 a 60 caracteres;",
            "correo: obligatorio, con formato de correo electrónico;",
            "teléfono: opcional, de 7 a 15 dígitos; y",
            "código de socio: dos letras mayúsculas y 6 dígitos.",
        )
    ),
    Title(2, "3.2 Anticipación y horario"),
    Text("RF-05: Una reserva se hace con una anticipación de al menos 2 horas y como máximo 14 días."),
    Text(
        "RF-06: El club abre de lunes a viernes de 6:00 a 22:00 y los sábados de 7:00 a 14:00. No se permite "
        "reservar "
        "fuera de ese horario."
    ),
    Text("Los tipos de cancha permitidos son:"),
    Points(("Tenis", "Squash", "Pádel", "Fútbol sala")),
    Text(
        "Antes, el sistema anterior permitía reservar por teléfono. Un socio no puede tener más de tres "
        "reservas activas. "
        "Si lo intenta, el sistema muestra un aviso y no crea la reserva."
    ),
    Title(2, "RF-07 Cancelación"),
    Text("El socio puede cancelar su reserva hasta 24 horas antes de la hora de inicio sin costo."),
    Text(
        "Si cancela con menos de 24 horas, se cobra el 50 % de la tarifa. Por ejemplo, una tarifa de 61.234 pesos "
        "cuesta 20.000 pesos. Si no se presenta, se cobra el 100 %."
    ),
    Title(1, "4 Estados de una reserva"),
    Text("RF-08 Una reserva nueva queda en estado PENDIENTE y pasa a CONFIRMADA cuando se recibe el pago."),
    Text("Los cambios de estado permitidos se muestran en la tabla siguiente:"),
    Grid(
        "Tabla 2. Transiciones",
        ("Estado actual", "Evento", "Estado siguiente"),
        (
            ("PENDIENTE", "pagar", "CONFIRMADA"),
            ("PENDIENTE", "vencer (15 minutos)", "VENCIDA"),
            ("CONFIRMADA", "cancelar", "CANCELADA"),
            ("CONFIRMADA", "usar", "CUMPLIDA"),
        ),
    ),
    Text("RF-09 Una reserva VENCIDA, CANCELADA o CUMPLIDA no puede cambiar de estado."),
)
_MONEY: tuple[Part, ...] = (
    Title(1, "5 Tarifas y pagos"),
    Title(2, "5.1 Tarifas por cancha"),
    Text("RF-10 La tarifa por franja se toma de la tabla siguiente:"),
    Grid(
        "Tabla 3. Tarifas por franja en pesos",
        ("Código", "Cancha", "Lunes a viernes", "Sábado", "Condición"),
        tuple(
            (
                f"TF-{number:02d}",
                f"{sport} {place}",
                f"{10 + number}.000",
                f"{14 + number}.500",
                f"Se aplica un recargo del {number % 7 + 3} % con iluminación y se rechaza el pago en cuotas.",
            )
            for number, (sport, place) in enumerate(
                [
                    (s, p)
                    for s in ("Tenis", "Squash", "Pádel", "Fútbol sala", "Baloncesto", "Voleibol")
                    for p in ("norte", "sur", "este", "oeste", "central")
                ],
                1,
            )
        ),
    ),
    Title(2, "5.2 Descuentos"),
    Text("El descuento depende de la antigüedad y de la hora:"),
    Points(
        (
            "si el socio tiene 5 años o más y reserva antes de las 10:00, el descuento es del 20 %;",
            "si tiene 5 años o más y reserva desde las 10:00, el descuento es del 10 %;",
            "en los demás casos no hay descuento.",
        )
    ),
    Text("RN-1 El total se redondea al múltiplo de 50 más cercano."),
    Text("RN-2 El total no puede superar $5 \\times 10^{5}$ pesos por reserva ni 1O0 franjas por mes."),
    Text("RN-2 El pago se hace en línea; el efectivo se rechaza."),
    Title(2, "5.3 Ejemplos de cálculo"),
    Text("Un socio de 6 años reserva dos franjas a las 9:00 y debe pagar 17.600 pesos."),
    Grid("Tabla 4. Ejemplo de cálculo", ("Franjas", "Total"), (("2", "17.600"), ("4", "35.200"))),
    Title(1, "6 Sanciones"),
    Text("HU-7 Como recepcionista quiero bloquear a los socios que faltan para cuidar la disponibilidad."),
    Text("Criterios de aceptación:"),
    Points(
        (
            "Después de tres ausencias en 30 días, el sistema bloquea al socio durante 15 días.",
            (
                "Mientras está bloqueado, el socio no puede:",
                "crear reservas nuevas;",
                "invitar a otras personas.",
            ),
            "El bloqueo se levanta cuando recepción lo autoriza.",
        )
    ),
    Title(1, "7 Requisitos no funcionales"),
    Text("RNF 1 El 95 % de las consultas responde en menos de 800 ms con 200 usuarios concurrentes."),
    Text(
        "RNF 2 La contraseña tiene de 10 a 64 caracteres; después de 5 intentos fallidos la cuenta se bloquea "
        "30 minutos."
    ),
    Text("RNF 3 La interfaz debe ser intuitiva y agradable."),
    Text("RNF 4 El sistema debe ser rápido."),
    Text("RNF 5 Los textos están en español e inglés y cumplen WCAG 2.2 nivel AA."),
    Title(1, "8 Administración"),
    Text("8.1.1 El administrador puede crear, editar y eliminar canchas."),
    Text("8.1.2 No se permite eliminar una cancha con reservas activas."),
    Text("8.1.3 El sistema guarda cada cambio con fecha, autor y valor anterior durante 5 años."),
    Title(1, "9 Referencias"),
    Points(("Reglamento del club, que todo socio debe aceptar.", "Guía de estilo de example.com, versión 2.")),
)
SPANISH = Paper(
    language="es",
    name="requisitos-canchas",
    title="Especificación de requisitos: alquiler de canchas",
    contents="Índice",
    history=Grid(
        "Historial de revisiones",
        ("Versión", "Fecha", "Autor", "Descripción"),
        (
            ("0.1", "2026-01-12", "A. Ejemplo", "Primera versión, que debe revisarse"),
            ("1.0", "2026-02-20", "B. Ejemplo", "Se permite cancelar por teléfono"),
        ),
    ),
    parts=_RULES + _MONEY,
    ids=(
        *("RF-01", "RF-02", "RF-03", "RF-04", "RF-05", "RF-06", "RF-07", "RF-08", "RF-09", "RF-10"),
        *(f"TF-{number:02d}" for number in range(1, 31)),
        *("RN-1", "RN-2", "RN-2-2", "HU-7", "RNF 1", "RNF 2", "RNF 3", "RNF 4", "RNF 5", "8.1.1", "8.1.2", "8.1.3"),
    ),
    said=(
        ("RF-02", "entre 1 y 4 franjas. En caso contrario"),
        ("RF-03", "entre 0 y 4."),
        ("RF-03", "personas ≤ 10"),
        ("RF-03", "aprobación de recepción"),
        ("RF-04", "validar los siguientes datos: nombre: obligatorio"),
        ("RF-04-4", "código de socio: dos letras"),
        ("RF-07", "cobra el 50 %"),
        ("RF-07", "Si no se presenta"),
        ("RN-2", "500000 pesos"),
        ("RN-2", "100 franjas"),
        ("RN-2-2", "el efectivo se rechaza"),
        ("TF-17", "Cancha: Fútbol sala sur; Lunes a viernes: 27.000; Sábado: 31.500"),
        ("", "Estado actual: PENDIENTE; Evento: pagar; Estado siguiente: CONFIRMADA"),
        ("", "Los tipos de cancha permitidos son: Tenis; Squash; Pádel; Fútbol sala."),
        ("", "tres reservas activas"),
        ("", "El descuento depende de la antigüedad y de la hora: si el socio tiene 5 años o más y reserva antes"),
        ("", "el socio no puede: invitar a otras personas"),
    ),
    traps=(
        *("Este documento", "contabilidad", "punto o a la media hora", "cuota mensual", "Persona sin reserva"),
        *("una de 9 franjas", "por teléfono", "17.600", "35.200", "Primera versión", "todo socio", "Confidencial"),
        *("El lector", "Club Ejemplo", "....", "61.234", "Guía de estilo"),
    ),
    sections={"RF-02": "3.1 Crear una reserva", "TF-17": "5.1 Tarifas por cancha", "8.1.2": "8 Administración"},
    untestable=("intuitiva y agradable", "debe ser rápido"),
    header="Club Ejemplo — Especificación de requisitos",
    footer="Confidencial. El contenido no debe divulgarse",
)
