"""Who is asking. Chainlit hands a data layer ids of threads and says of nobody who asks for them.

It does say it in two other places: a chat runs in a context with its session's user, and before each request and each
connection Chainlit asks the data layer for the user whose token it has just checked. The second is remembered for the
rest of that request (a context variable is the task's own). See docs/decisions.
"""

from contextvars import ContextVar

from chainlit.context import context_var

_signed_in: ContextVar[str | None] = ContextVar("arraigo_chainlit_signed_in", default=None)


def remember(identifier: str) -> None:
    """This request is made by the user whose token was just checked.

    Inside a chat it changes nothing: there the session says who it is, and an app may look up whom it wants.
    """
    if not _in_a_chat():
        _signed_in.set(identifier)


def caller() -> str | None:
    """The identifier of the user who asks; None where nobody has signed in."""
    if _in_a_chat():
        user = context_var.get().session.user
        if user is not None:
            return str(user.identifier)
    return _signed_in.get()


def current_thread() -> str | None:
    """The thread of the chat that this runs in."""
    return str(context_var.get().session.thread_id) if _in_a_chat() else None


def _in_a_chat() -> bool:
    return context_var.get(None) is not None
