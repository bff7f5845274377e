"""A support desk; every figure is the document's."""

from math import ceil
from typing import Any

from bench.testplans.values import Answer, number, text, whole

_MATRIX = {"company": (1, 2, 3), "team": (2, 3, 4), "person": (3, 4, 4)}
_URGENCY = {"high": 0, "medium": 1, "low": 2}
_TARGET = {1: 4, 2: 8, 3: 24, 4: 72}
_ADDRESS = r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+"


class Reference:
    """Sections A to E."""

    def __init__(self) -> None:
        self.state = "none"
        self.priority = 4
        self.basic = False
        self.escalated = False
        self.handed = 0
        self.asked = 0
        self.reopened = 0

    def open_ticket(
        self, impact: Any = None, urgency: Any = None, agreement: Any = None, contact: Any = None
    ) -> Answer:
        """A. Opening a ticket."""
        if self.state != "none" or contact is None:
            return self._refused()
        if not text(impact) or impact not in _MATRIX or not text(urgency) or urgency not in _URGENCY:
            return self._refused()
        if not text(agreement) or agreement not in {"gold", "silver", "basic"}:
            return self._refused()
        if not text(contact, _ADDRESS):
            return self._refused("Enter an e-mail address")
        self.priority = _MATRIX[impact][_URGENCY[urgency]]
        if agreement == "gold":
            self.priority = max(self.priority - 1, 1)
        self.basic = agreement == "basic"
        if self.basic:
            self.priority = max(self.priority, 2)
        self.state = "queued"
        return self._accepted(f"P{self.priority}")

    def assign(self, agent_level: Any = None) -> Answer:
        """B.2 and B.3."""
        if self.state not in {"queued", "assigned", "escalated"} or not whole(agent_level):
            return self._refused()
        if agent_level < 1 or agent_level > 3:
            return self._refused()
        if agent_level < self._level():
            return self._refused("Agent level too low")
        if self.state == "assigned":
            if self.handed >= 2:
                return self._refused("Too many hand-overs")
            self.handed += 1
        self.state = "assigned"
        return self._accepted()

    def ask_customer(self) -> Answer:
        """B.4."""
        if self.state != "assigned":
            return self._refused()
        if self.asked >= 3:
            return self._refused("Customer was asked often enough")
        self.asked += 1
        self.state = "waiting"
        return self._accepted()

    def customer_answers(self) -> Answer:
        """B.1."""
        if self.state != "waiting":
            return self._refused()
        self.state = "assigned"
        return self._accepted()

    def resolve(self, hours: Any = None) -> Answer:
        """C. Resolving."""
        if self.state != "assigned" or not number(hours) or hours < 0 or hours > 2_000:
            return self._refused()
        late = max(ceil(hours - _TARGET[self.priority]), 0)
        self.state = "resolved"
        return self._accepted(0 if self.basic else min(late * 5, 40))

    def reopen(self, days_since_resolved: Any = None) -> Answer:
        """D. Reopening."""
        if self.state != "resolved" or not whole(days_since_resolved) or days_since_resolved < 0:
            return self._refused()
        if days_since_resolved > 14:
            return self._refused("Please open a new ticket")
        self.reopened += 1
        self.handed = 0
        self.escalated = self.reopened >= 3
        self.state = "escalated" if self.escalated else "queued"
        return self._accepted(self.reopened)

    def close(self, rating: Any = None, comment: Any = None) -> Answer:
        """E. Closing."""
        if self.state != "resolved" or not whole(rating) or rating < 1 or rating > 5:
            return self._refused()
        if comment is not None and not isinstance(comment, str):
            return self._refused()
        written = len(comment or "")
        if rating <= 2 and written < 15:
            return self._refused("Please tell us why")
        if written > 60:
            return self._refused("Comment too long")
        self.state = "closed"
        return self._accepted()

    def _level(self) -> int:
        """B.2."""
        if self.escalated:
            return 3
        return 2 if self.priority == 1 else 1

    def _accepted(self, value: str | int | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": value}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
