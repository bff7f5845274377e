"""Google ADK's session service on our store.

from arraigo.integrations.adk import ArraigoSessionService

runner = Runner(agent=agent, app_name="guide", session_service=ArraigoSessionService())
"""

from arraigo.integrations import missing

try:
    import google.adk  # noqa: F401 - whether it is there
except ModuleNotFoundError as error:
    raise missing(error, "adk") from error

from arraigo.integrations.adk.service import ArraigoSessionService

__all__ = ["ArraigoSessionService"]
