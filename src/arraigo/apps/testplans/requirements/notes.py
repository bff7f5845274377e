"""What a reader of an extraction should know, in the document's language."""

from arraigo.apps.testplans.plan import Language

NOTES: dict[str, tuple[str, str]] = {
    "page_without_text": (
        "La página {0} no tiene texto: parece una imagen y no se leyó.",
        "Page {0} has no text: it seems to be an image and was not read.",
    ),
    "hidden_sheet": ("La hoja oculta «{0}» no se leyó.", "The hidden sheet “{0}” was not read."),
    "other_format": (
        "El nombre del archivo dice otra cosa, pero su contenido es {0}: se leyó así.",
        "The file's name says otherwise, but what it holds is {0}: it was read as that.",
    ),
    "repeated_id": (
        "El identificador {0} se usa más de una vez: los siguientes llevan un número más.",
        "The id {0} is used more than once: the later ones have one more number.",
    ),
    "left_out": ("No se tomaron requisitos de la sección «{0}».", "No requirements were taken from the section “{0}”."),
    "none": ("No se encontró ningún requisito.", "No requirement was found."),
    "cut": ("El texto es muy largo: se guardó su comienzo.", "The text is very long: its beginning was kept."),
}


def told(key: str, about: str, language: Language) -> str:
    """The note in words."""
    return NOTES[key][0 if language == "es" else 1].format(about)
