"""Words that mean nearly the same, across Spanish and English, so that a glossary's names meet a document's words."""

from functools import lru_cache

from arraigo.apps.testplans.generator.words import fold, stem

_GROUPS = """
amount monto importe cuantía sum
value valor
term plazo duration duración periodo period
quantity cantidad count units unidades qty
weight peso kg kilo kilogram kilogramo kilogramos
age edad años years aged cumplidos
price precio tariff tarifa
rate tasa tarifa
cost costo coste cuesta
fee cargo comisión commission charge
fine multa penalty penalización sanction sanción
customer cliente client buyer comprador
user usuario
member socio membership membresía miembro afiliado
income ingreso ingresos salary salario sueldo earnings
debt deuda debts deudas
book libro copy ejemplar
loan préstamo credit crédito
lend lending lent prestar presta prestado borrow borrows borrowed borrowing checkout
return returned returns devolver devuelve devuelto devolución devueltos
date fecha
day día
hour hora time
minute minuto
month mes meses
mensual monthly
year año
anual annual yearly
week semana
weekly semanal
name nombre
surname apellido lastname
email correo e-mail mail
phone teléfono telephone celular móvil mobile
address dirección
city ciudad
country país
zone zona area área region región
distance distancia km kilómetros kilometres
length largo longitud
width ancho anchura
height alto altura estatura
volume volumen
size tamaño talla
temperature temperatura degrees grados °c
speed velocidad
password contraseña clave passphrase
pin nip
code código
id identifier identificador identificación
document documento
type tipo kind clase
category categoría class
level nivel tier
grade nota calificación score puntaje puntuación mark
points puntos
balance saldo
account cuenta
card tarjeta
payment pago pay paid pays paga pagar pagado paying
method método medio forma mode modo modalidad
order pedido orden
purchase compra bought comprar
sale venta sell
product producto item artículo
stock existencias inventory inventario existencia
discount descuento
coupon cupón voucher
insurance seguro insured asegurado asegurar
delivery entrega deliver entregar
shipping shipment envío enviar ship ships shipped despacho send sent
package paquete parcel bulto
urgent urgente express exprés priority prioridad
fragile frágil
student estudiante alumno pupil
teacher profesor docente
employee empleado worker trabajador
doctor médico physician
patient paciente
appointment cita turno
reservation reserva reservation booking reservar reserve reserved reserves booked
room habitación sala
guest huésped invitado
people personas person persona attendees asistentes passengers pasajeros participants participantes party seats
seat asiento puesto
ticket boleto billete tiquete entrada
passenger pasajero
flight vuelo
child niño children niños menor infant
vehicle vehículo car carro coche auto automóvil
plate placa matrícula patente registration
parking estacionamiento aparcamiento parqueo parked stay estancia estadía permanencia
subscription suscripción subscribe suscribir signup sign signs signing
plan plan
trial prueba
prescription prescribe receta recetar prescribir prescripción
activate activar activa activado activation
deactivate desactivar
pause pausar suspend suspender
resume reanudar reactivate reactivar reanuda
cancel cancelar anular annul void
approve aprobar aprueba aprobado authorise authorize autorizar
reject rechazar refuse deny denegar
submit send presentar presenta presentado radicar
create crear crea creado register registrar registra registrado alta enrol enroll inscribir matricular
open abrir abre abierto apertura
close cerrar cierra cerrado cierre
start iniciar inicia begin comenzar empezar iniciado
stop detener detiene parar end finalizar finish terminar
complete completar completado
pay pagar abonar
deposit depositar depósito consignar
withdraw withdrawal retirar retiro
transfer transferir transferencia
add agregar añadir añade sumar
remove quitar eliminar delete borrar
update actualizar change cambiar modify modificar
check verificar validate validar
calculate calcular compute cotizar quote estimate cotización cálculo
request solicitar solicita solicitud application apply applicant solicitante
confirm confirmar
assign asignar
renew renovar renovación renewal renovaciones extend
login ingresar acceder iniciar-sesión log-in signin access acceso
lock bloquear bloquea locked blocked block
unlock desbloquear
attempt intento try
dose dosis
medicine medicamento drug fármaco
income ingreso
instalment installment cuota cuotas
interest interés
tax impuesto
guarantee garantía warranty
guarantor codeudor fiador aval
delay retraso late atraso demora mora overdue
holiday festivo feriado
weekend fin-de-semana
night noche nocturno nocturna nightly
coin moneda coins
reading lectura meter measurement medición
consumption consumo usage
humidity humedad
target objetivo setpoint desired consigna deseada deseado
current actual
power potencia
comment comentario observation observación
message mensaje
reason motivo
description descripción
title título
gender sexo género
language idioma
currency moneda divisa
nights noches
floor piso
disabled discapacidad disability discapacitado
vip preferente preferential preferred
new nuevo nueva
used usado
international internacional abroad
national nacional domestic
score puntaje
history historial
experience experiencia seniority antigüedad
advance anticipación antelación anticipado notice previous
battery batería
arrival llegada checkin arrive llegar
departure salida checkout depart salir
""".strip().splitlines()

# What a number's unit says about the field that it is for.
UNIT_WORDS = {
    "kg": "weight",
    "g": "weight",
    "km": "distance",
    "cm": "length",
    "year": "age",
    "month": "month",
    "day": "day",
    "week": "week",
    "hour": "hour",
    "minute": "minute",
    "degree": "temperature",
    "litre": "volume",
    "$": "amount",
    "kwh": "consumption",
    "m3": "consumption",
    "metre": "length",
}

MONEY_NAMES = {
    stem(fold(word))
    for word in (
        "amount monto importe price precio income ingreso salary salario cost costo value valor balance "
        "saldo total deposit"
    ).split()
}

PRICE_NAMES = {
    stem(fold(word))
    for word in (
        "price cost fee fare charge fine total discount surcharge tariff instalment rent premium precio "
        "costo coste tarifa cargo multa recargo descuento cuota comision factura cobro"
    ).split()
}

_OF: dict[str, set[int]] = {}
for _number, _line in enumerate(_GROUPS):
    for _word in _line.split():
        _OF.setdefault(stem(fold(_word)), set()).add(_number)


@lru_cache(maxsize=20_000)
def alike(one: str, other: str) -> float:
    """How near two stems are: 1 the same, 0.95 of one root, 0.8 synonyms, 0 strangers."""
    if one == other:
        return 1.0
    shorter, longer = sorted((one, other), key=len)
    if (
        len(shorter) >= 4
        and longer.startswith(shorter)
        and len(longer) - len(shorter) <= (3 if len(shorter) > 4 else 2)
    ):
        return 0.95
    if _OF.get(one, set()) & _OF.get(other, set()):
        return 0.8
    return 0.0
