# ruff: noqa: D103 - each function makes the table of its name, all alike, and its numbers are that table's
"""Rows of the families: who logs in, who pays, who is cared for."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from arraigo.demo.companion.chance import FIRST_DAY, Chance, Row, as_json, words
from arraigo.demo.companion.world import Person, World

_PLANS = {"basic": ("Cerca Básico", Decimal("12.00")), "premium": ("Cerca Más", Decimal("19.90"))}
_STATES = ["active"] * 7 + ["pending", "cancelled", "expired", "paused"]
_KIN = ["madre", "padre", "esposa", "esposo", "hijo", "hija", "hermano", "hermana", "abuelo", "abuela", "otro"]
_ZONES = ["America/Mexico_City"] * 8 + ["America/Tijuana", "America/Cancun"]


def family_code(registration: int) -> str:
    """Seven signs, as families read it over the telephone."""
    return f"CE{registration:05}"


def users(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        world.users.append(chance.uuid())
        yield {
            "id": world.users[-1],
            "email": f"persona{number}@example.com",
            "phone": chance.maybe(chance.phone(), 0.5),
            "encrypted_password": None,
            "raw_user_meta_data": as_json({"nombre": chance.name(), "idioma": chance.one(["es", "es-MX", "en"])}),
            "created_at": chance.when(),
            "last_sign_in_at": chance.maybe(chance.when()),
        }


def registrations(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        plan = chance.one(["basic", "basic", "premium"])
        name, price = _PLANS[plan]
        world.prices.append(price)
        status, created = chance.one(_STATES), chance.when()
        payer = chance.one(["square", "stripe"])
        yield {
            "id": number,
            "codigo_familia": family_code(number),
            "migrant_name": chance.name(),
            "migrant_email": f"persona{number}@example.com",
            "migrant_phone": chance.phone(),
            "migrant_state": chance.one(["CA", "TX", "IL", "AZ", "NY", "GA"]),
            "principal_name": chance.name(),
            "principal_phone": chance.phone(),
            "principal_relationship": chance.one(_KIN),
            "plan_id": plan,
            "plan_name": name,
            "plan_price": price,
            f"{payer}_customer_id": f"cus_{number:06}",
            f"{payer}_subscription_id": f"sub_{number:06}",
            "status": status,
            "activated_at": None if status == "pending" else created + timedelta(minutes=chance.number(1, 9000)),
            "last_payment_at": chance.maybe(chance.when(), 0.7),
            "cancelled_at": chance.when() if status == "cancelled" else None,
            "created_at": created,
            "updated_at": created,
        }


def user_accounts(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        world.accounts.append(chance.uuid())
        yield {
            "id": world.accounts[-1],
            "registration_id": number,
            "auth_user_id": None if number % 50 == 0 else world.users[number - 1],
            "email": f"Persona{number}@Example.com" if number % 9 == 0 else f"persona{number}@example.com",
            "phone": chance.maybe(chance.phone()),
            "display_name": chance.name() + (f" {chance.one(words()['emoji'])}" if number % 15 == 0 else ""),
            "settings": as_json({"avisos": chance.happens(0.8), "volumen": chance.one([1, 1.0, 0.75]), "tema": None}),
            "marketing_consent": chance.one([True, False, None]),
            "login_count": 2**31 - 1 if number == 1 else chance.number(0, 300),
            "last_login_at": chance.maybe(chance.when()),
            "last_ip": chance.maybe(chance.one([f"192.0.2.{number % 256}", f"2001:db8::{number % 65536:x}"])),
            "created_at": chance.when(),
        }


def family_members(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        registration = (number - 1) // 3 + 1
        world.members.append((number, registration))
        yield {
            "id": number,
            "registration_id": registration,
            "full_name": chance.name(),
            "relationship": chance.one(_KIN),
            "birth_date": date(1956, 2, 29) if number % 100 == 0 else chance.maybe(chance.day(1935, 2020)),
            "phone": chance.maybe(chance.phone(), 0.4),
            "is_caregiver": number % 3 == 1,
            "notes": chance.maybe(chance.text(words()["remembered"]), 0.3),
            "created_at": chance.when(),
        }


def dependents(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        member, registration = world.members[number - 1]
        yield {
            "id": chance.uuid(),
            "registration_id": registration,
            "family_member_id": chance.maybe(member),
            "nombre": chance.name(),
            "parentesco": chance.one(_KIN),
            "fecha_nacimiento": chance.maybe(chance.day(1940, 2022)),
            "porcentaje_apoyo": chance.maybe(chance.weight() * chance.one([1, 10, 50])),
            "is_active": chance.happens(0.9),
            "metadata": chance.maybe(as_json({"escuela": chance.one(words()["place"]), "grado": chance.number(1, 12)})),
            "created_at": chance.when(),
        }


def beneficiaries(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        registration, order = (number - 1) // 4 + 1, (number - 1) % 4 + 1
        person = Person(chance.uuid(), registration, chance.one(words()["given"]))
        world.people.append(person)
        yield {
            "id": person.id,
            "registration_id": registration,
            "nombre": person.name,
            "apellido_paterno": chance.one(words()["family"]),
            "apellido_materno": chance.maybe(chance.one(words()["family"])),
            "fecha_nacimiento": date(1948, 2, 29) if number % 80 == 0 else chance.day(1932, 2015),
            "genero": chance.one(["masculino", "femenino", "femenino", "otro", "prefiero_no_decir", None]),
            "whatsapp": f"+57 300 000 {number % 10_000:04}",
            "email": chance.maybe(f"familia{number}@example.com", 0.3),
            "parentesco": chance.one(_KIN),
            "orden_beneficiario": order,
            "is_active": chance.happens(0.93),
            "is_primary": order == 1,
            "preferred_call_time": chance.maybe(chance.one(["por la mañana", "después de comer", "18:00"]), 0.6),
            "timezone": chance.one(_ZONES),
            "language": chance.one(["es-MX", "es-MX", "es-MX", "nah"]),
            "created_at": chance.when(),
        }


def subscriptions(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        started = chance.day()
        yield {
            "id": chance.uuid(),
            "registration_id": number,
            "state": chance.one(["active", "active", "active", "trialing", "past_due", "paused", "cancelled"]),
            "provider": chance.one(["square", "stripe"]),
            "provider_reference": chance.maybe(f"sub_{number:06}"),
            "price": world.prices[number - 1],
            "currency": chance.one(["USD", "USD", "MXN"]),
            "trial": chance.maybe(timedelta(days=chance.one([7, 14, 30])), 0.3),
            "started_on": started,
            "renews_on": chance.maybe(started + timedelta(days=30)),
            "cancel_reason": chance.maybe(chance.said(), 0.1),
            "created_at": chance.when(),
        }


def account_change_history(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        yield {
            "id": number,
            "account_id": chance.one(world.accounts),
            "field": chance.one(["phone", "display_name", "settings", "plan"]),
            "old_value": chance.maybe(f"antes {number}", 0.9),
            "new_value": f"después {number} {chance.one(words()['emoji'])}",
            "changed_by": chance.one(["user", "user", "soporte", "system"]),
            "origin": chance.maybe(f"198.51.100.{number % 256}/32", 0.5),
            "changed_at": chance.when(),
        }


def pre_checkout_customers(world: World, chance: Chance, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        step = chance.one(["plan", "datos", "familia", "pago", "hecho"])
        yield {
            "id": chance.uuid(),
            "email": f"interesada{number}@example.com",
            "phone": chance.maybe(chance.phone(), 0.5),
            "plan_id": chance.maybe(chance.one(["basic", "premium"])),
            "step": step,
            "utm": chance.maybe(as_json({"fuente": chance.one(["radio", "iglesia", "tía Ñuca"]), "clic": number})),
            "abandoned_at": None if step == "hecho" else chance.when(),
            "converted_registration_id": chance.number(1, len(world.prices)) if step == "hecho" else None,
            "created_at": FIRST_DAY + timedelta(days=number % 365),
        }
