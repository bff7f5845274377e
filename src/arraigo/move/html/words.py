"""What the page says in Spanish and in English."""

Two = tuple[str, str]

RIGHT: dict[str, Two] = {
    "following": (
        "Todo está, y es igual; el destino sigue al origen",
        "Everything is there, and the same; the target follows the source",
    ),
    "cut_over": (
        "El destino tomó el relevo: todo está, y es igual",
        "The target has taken over: everything is there, and the same",
    ),
    "rolled_back": ("De vuelta en el origen", "Back at the source"),
}
SAME: Two = ("Todo está, y es igual", "Everything is there, and the same")
NOT_SAME: Two = ("No está todo, o no es igual", "Something is missing, or not the same")

PHASES: dict[str, Two] = {
    "planned": ("en curso", "under way"),
    "copied": ("copiado", "copied"),
    "verified": ("comprobado", "verified"),
    "following": ("el destino sigue al origen", "the target follows the source"),
    "cut_over": ("el destino tomó el relevo", "the target has taken over"),
    "rolled_back": ("devuelto al origen", "rolled back"),
    "failed": ("con diferencias", "with differences"),
}

BACK: dict[str, Two] = {
    "verified": (
        "El origen no se ha tocado: volver es seguir usándolo.",
        "The source was not touched: to go back is to go on using it.",
    ),
    "following": (
        "Las escrituras siguen llegando al origen. Renunciar no cuesta nada:",
        "Writes still go to the source. To give the move up costs nothing:",
    ),
    "cut_over": (
        "El origen rechaza escrituras. Volver, con lo que se escribió después:",
        "The source refuses writes. To go back, with what was written since:",
    ),
    "rolled_back": (
        "El origen recibe escrituras otra vez; los datos del destino se quedan allí.",
        "The source takes writes again; what is on the target stays there.",
    ),
}

CHECKS: dict[str, Two] = {
    "tables": ("columnas, tipos, valores por defecto y opciones", "columns, types, defaults and options"),
    "rows": ("las filas de cada tabla, contadas en ambos lados", "each table's rows, counted on both sides"),
    "fingerprints": (
        "cada valor de cada fila, resumido en ambos lados",
        "every value of every row, hashed on both sides",
    ),
    "foreign_keys": ("qué fila puede referirse a cuál", "which row may refer to which"),
    "orphans": ("filas que apuntan a una que no existe", "rows that refer to one that is not there"),
    "indexes": ("lo que hace rápidas las consultas", "what makes questions quick"),
    "constraints": ("lo que toda fila debe cumplir", "what every row has to meet"),
    "sequences": ("el próximo número no está ocupado", "the next number is not taken"),
    "triggers": ("lo que ocurre al escribir, y si está activo", "what happens on a write, and whether it is on"),
    "functions": ("el código que vive en la base de datos", "the code that lives in the database"),
    "views": ("las consultas con nombre", "questions that have a name"),
    "extensions": ("lo que se añadió al servidor", "what was added to the server"),
    "policies": ("quién ve qué filas", "who sees which rows"),
    "types": ("los tipos propios, con sus valores en orden", "types of one's own, with their values in order"),
    "grants": ("quién puede leer o escribir qué", "who may read or write what"),
    "critical_rows": ("las filas que nombra el inventario", "the rows that the inventory names"),
    "pause": ("el tiempo en que se rechazaron escrituras", "the time in which writes were refused"),
    "records": ("cada registro del origen, encontrado", "every record of the source, found"),
    "rejected": ("los que no se pudieron guardar tal cual", "those that could not be kept as they are"),
}
