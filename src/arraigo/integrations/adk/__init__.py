"""Google ADK's session service on our store.

    from arraigo.integrations.adk import ArraigoSessionService

    runner = Runner(agent=agent, app_name="guide", session_service=ArraigoSessionService())
"""

from arraigo.integrations.needs import need

need("google.adk", "adk")

from arraigo.integrations.adk.service import ArraigoSessionService  # noqa: E402 - the check comes first

__all__ = ["ArraigoSessionService"]
