"""Lists of requirements as they are ordinarily written: states in a sentence, bounds in tables, words that follow."""

from arraigo.apps.testplans.generator.model import (
    Check,
    Compare,
    Every,
    Missing,
    Move,
    Not,
    OneOf,
    Ref,
    Shape,
    System,
    Vague,
    num,
)
from arraigo.apps.testplans.generator.understand import understand
from arraigo.apps.testplans.plan import Glossary, Operation
from arraigo.apps.testplans.requirements import extract


def _read(text: str, **operations: tuple[str, ...]) -> System:
    glossary = Glossary(operations={name: Operation(fields=fields) for name, fields in operations.items()})
    return understand(extract(text.encode(), "a.md").requirements, glossary)


def _checks(system: System) -> dict[object, str | None]:
    return {rule.when: rule.message for rule in system.rules if isinstance(rule, Check)}


def test_states_are_listed_in_a_sentence() -> None:
    """What a thing may be, one after the other; what is only done to it is none of these."""
    system = _read(
        "# Torno\n\n- R-1. El torno puede estar parado, girando o averiado. Se entrega en estado parado.\n"
        "- R-2. La petición es rechazada si no está prevista.\n",
        arrancar=(),
        frenar=(),
    )
    assert system.states == ["parado", "girando", "averiado"]
    assert system.initial == "parado"
    english = _read("# Gate\n\n- F-1. A gate is closed, raised or blocked. It starts as closed.\n", lift=(), lower=())
    assert english.states == ["closed", "raised", "blocked"]
    assert english.initial == "closed"


def test_where_a_thing_is_before_its_first_operation() -> None:
    """Before the operation that makes it."""
    system = _read(
        "# Equipajes\n\n- R-1. Antes de registrarse, la maleta está «ausente».\n"
        "- R-2. Toda maleta correcta quedará en estado «facturada». La maleta pasará a «en bodega» al cargarla.\n"
        "- R-3. Mientras no esté facturada ni en bodega, una maleta podrá ser retirada.\n",
        registrar_maleta=("peso",),
        cargar_maleta=(),
        retirar_maleta=(),
    )
    assert system.initial == "ausente"
    assert {"ausente", "facturada", "en bodega"} <= set(system.states)
    taken = [r for r in system.rules if isinstance(r, Move) and "retirar_maleta" in r.operations]
    assert all(not {"facturada", "en bodega"} & set(move.sources) for move in taken)


def test_a_table_bounds_inputs_for_each_value_of_another() -> None:
    """Columns that are least and most of inputs, and nothing else."""
    system = _read(
        "# Vivero\n\n| Campo | Tipo | Obligatorio | Reglas |\n| --- | --- | --- | --- |\n"
        "| Especie | Lista | Sí | helecho / cactus |\n| Riego | Decimal | Sí | Mayor que 0 |\n"
        "| Luz | Entero | Sí | De 0 a 24 |\n\n"
        "| Especie | Riego mínimo | Luz |\n| --- | --- | --- |\n| helecho | 3 | 2 a 6 |\n| cactus | 1 | 8 a 14 |\n",
        plantar=("especie", "riego", "luz"),
    )
    fern = OneOf("especie", ("helecho",))
    checks = _checks(system)
    assert Every((fern, Compare(Ref("riego"), "<", num(3)))) in checks
    assert Every((fern, Compare(Ref("luz"), ">", num(6)))) in checks


def test_the_words_of_a_refusal_of_anything_wrong_may_follow() -> None:
    """All that is missing or wrong is refused with what the next clause says."""
    system = _read(
        "# Alta\n\n- R-1. Para el alta se piden el aforo y el sector.\n- R-2. El aforo irá de 1 a 40, sin decimales.\n"
        "- R-3. Una petición a la que le falte algún dato, o en la que alguno sea incorrecto, no se admite; el usuario "
        "verá «Alta incorrecta».\n",
        dar_alta=("aforo", "sector"),
    )
    checks = _checks(system)
    assert checks[Missing("aforo")] == checks[Missing("sector")] == "Alta incorrecta"
    assert checks[Not(Compare(Ref("aforo"), "<=", num(40)))] == "Alta incorrecta"


def test_limits_after_as_a_minimum() -> None:
    """«como mínimo» gives no example."""
    system = _read(
        "# Sala\n\n- R-1. Las `sillas` son un número entero, como mínimo 2 y a lo sumo 30.\n", abrir=("sillas",)
    )
    assert {Not(Compare(Ref("sillas"), ">=", num(2))), Not(Compare(Ref("sillas"), "<=", num(30)))} <= set(
        _checks(system)
    )


def test_the_first_of_several_digits() -> None:
    """The first digit of a number is a form, not a list of values."""
    system = _read(
        "# Aviso\n\n| Campo | Tipo | Obligatorio | Validación |\n| --- | --- | --- | --- |\n"
        "| Clave | Texto | Sí | Seis cifras; la primera es 4 o 8 |\n| Formato | Lista | Sí | 3D, 4D |\n",
        avisar=("clave", "formato"),
    )
    checks = _checks(system)
    assert Not(Shape("clave", "[48][0-9]{5}", "")) in checks
    assert Not(OneOf("formato", ("3D", "4D"))) in checks


def test_an_unread_refusal_makes_its_value_unsure() -> None:
    """Nobody knows how many are too many: what it names is not sure, all else is."""
    system = _read(
        "# Mudanza\n\n- R-1. El bulto es silla, piano o caja.\n"
        "- R-2. Se llevan hasta 3 pianos por viaje. Aviso: «Demasiados pianos».\n",
        pedir=("bulto", "cuantos"),
    )
    assert any(isinstance(rule, Vague) and rule.when == OneOf("bulto", ("piano",)) for rule in system.rules)
