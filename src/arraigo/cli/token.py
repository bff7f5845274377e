"""`arraigo token`: a token for the API."""

from typing import Annotated
from uuid import UUID

import typer

from arraigo.cli.output import raw
from arraigo.settings import load
from arraigo.web.tokens import issue


def token(
    user: Annotated[str, typer.Option("--user", metavar="U", help="Whose token it is.")],
    employee: Annotated[
        UUID | None, typer.Option("--employee", metavar="UUID", help="The claim employee_id, for interviews.")
    ] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", metavar="R", help="A role; give it again for another.")
    ] = None,
    hours: Annotated[float, typer.Option("--hours", metavar="N", help="How long it is good.")] = 12,
) -> None:
    """Print a token for the API, and nothing else.

    It is signed with ARRAIGO_JWT_SECRET, or with the secret that is made in ARRAIGO_HOME. Where only
    ARRAIGO_JWKS_URL is set, tokens come from its issuer and none can be made here (exit code 2).
    """
    raw(issue(load(), user, hours=hours, employee=str(employee) if employee else None, roles=role or ()))
