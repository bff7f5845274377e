"""Pure: the fields that a project's cases have beside those of every case, and how plan types are written."""

from collections.abc import Mapping
from typing import Any, get_args

from arraigo.apps.testplans.linking import plain
from arraigo.apps.testplans.plan import Language, PlanType

# What a project that begins with a plan has, and every plan without a project: the address and order fields.
ADDRESSES: Mapping[str, Mapping[Language, str]] = {
    "address_master_status": {"es": "Estado del maestro de direcciones", "en": "Address master status"},
    "cache_availability": {"es": "Disponibilidad de la caché", "en": "Cache availability"},
    "manual_modal_status": {"es": "Estado del modal manual", "en": "Manual dialog status"},
    "address_fields": {"es": "Campos de la dirección", "en": "Address fields"},
    "address_standardization": {"es": "Estandarización de la dirección", "en": "Address standardization"},
    "order_status": {"es": "Estado del pedido", "en": "Order status"},
}


def case_fields(of_project: Mapping[str, Any] | None, language: Language) -> dict[str, str]:
    """The fields by name, and what each is called in this language.

    Args:
        of_project: A project's case_fields: by name a label, or a label by language; None: there is no project.
        language: Of the labels.
    """
    fields = ADDRESSES if of_project is None else of_project
    return {name: _label(name, label, language) for name, label in fields.items()}


def _label(name: str, label: object, language: Language) -> str:
    if isinstance(label, Mapping):
        label = label.get(language) or next(iter(label.values()), None)
    return label if isinstance(label, str) and label else name


def plan_type(written: str) -> PlanType:
    """A plan's type, however it is accented and capitalised.

    Raises:
        ValueError: There is none of this name.
    """
    for known in get_args(PlanType):
        if plain(written) == plain(known):
            found: PlanType = known
            return found
    raise ValueError(f"is none of: {', '.join(get_args(PlanType))}")
