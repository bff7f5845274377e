"""Other people's interfaces on our store: what their agents say is kept as conversations and messages like any other.

Each module wants its own package, and says which where it is not installed: `pip install 'arraigo[openai-agents]'`.
"""


def missing(error: ModuleNotFoundError, extra: str) -> ModuleNotFoundError:
    """What to say when an integration is imported without the package that it is for."""
    sentence = f"{error.name} is not installed; run: pip install 'arraigo[{extra}]'"
    return ModuleNotFoundError(sentence, name=error.name)
