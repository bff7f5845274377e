"""From ARRAIGO_MODEL to a model that can be asked, or one sentence that says what it lacks."""

from arraigo.errors import BadSetting
from arraigo.llm.types import Model
from arraigo.settings import Settings

_EXAMPLE = "for example ARRAIGO_MODEL=anthropic:claude-sonnet-4-5"
_OPENAI = "OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own that wants no key"
# What the providers of the extra llm are told by.
_VARIABLES = {
    "anthropic": "ANTHROPIC_API_KEY",
    "bedrock": "AWS_DEFAULT_REGION, and credentials of AWS",
    "openai": _OPENAI,
    "openai-chat": _OPENAI,
    "openai-responses": _OPENAI,
}


def open(settings: Settings) -> Model | None:  # noqa: A001 - as arraigo.open
    """The model that is set; None where it is offline. Nothing is asked yet.

    Raises:
        BadSetting: There is no such provider, its package is missing, or its API key.
    """
    if settings.model is None:
        return None
    try:
        from arraigo.llm.asking import Asked, UnknownProvider, find  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        raise BadSetting("ARRAIGO_MODEL wants the extra llm", remedy="run: pip install 'arraigo[llm]'") from None
    provider = settings.model.partition(":")[0]
    ours = _VARIABLES.get(provider)
    try:
        return Asked(settings.model, find(settings.model))
    except UnknownProvider:
        bad = BadSetting("ARRAIGO_MODEL names a provider that pydantic-ai does not know", remedy=_EXAMPLE)
    except ImportError:
        package = "arraigo[llm]" if ours else f"pydantic-ai-slim[{provider}]"
        bad = BadSetting(
            "ARRAIGO_MODEL names a provider whose package is missing", remedy=f"run: pip install '{package}'"
        )
    except Exception:  # noqa: BLE001 - each provider's client has errors of its own
        bad = BadSetting(
            "ARRAIGO_MODEL names a provider whose API key or address is missing",
            remedy=f"set {ours or 'the variables that pydantic-ai names for this provider'}",
        )
    raise bad  # here, so that no trace leads to what the provider said
