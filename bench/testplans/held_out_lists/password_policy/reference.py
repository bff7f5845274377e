"""Accounts and passwords; every figure is the document's."""
# ruff: noqa: PLR2004 - rule by rule as in the document, with its figures

from typing import Any

from bench.testplans.values import Answer, text

_SHORTEST = {"member": 8, "operator": 10, "admin": 14}
_SYMBOLS = "!#$%&*"


class Reference:
    """Sections A to E."""

    def __init__(self) -> None:
        self.state: str | None = None
        self.username = ""
        self.role = ""
        self.passwords: list[str] = []
        self.wrong = 0

    def create_account(self, username: Any = None, role: Any = None, password: Any = None) -> Answer:
        """SEC-1 to SEC-5."""
        if self.state is not None:
            return self._refused("Account already exists")
        if not text(username, r"[a-z][a-z0-9]*") or len(username) < 4 or len(username) > 20:
            return self._refused("Invalid username")
        if not text(role) or role not in {"member", "operator", "admin"}:
            return self._refused("Unknown role")
        if fault := _fault(username, role, password):
            return self._refused(fault)
        self.username = username
        self.role = role
        self.passwords = [password]
        self.state = "active"
        return self._accepted()

    def sign_in(self, password: Any = None) -> Answer:
        """SEC-12 to SEC-15."""
        if self.state is None:
            return self._refused()
        if self.state == "locked":
            return self._refused("Account locked")
        if password != self.passwords[-1]:
            self.wrong += 1
            if self.wrong >= 4:
                self.state = "locked"
            return self._refused("Wrong password")
        self.wrong = 0
        return self._accepted()

    def change_password(self, current_password: Any = None, new_password: Any = None) -> Answer:
        """SEC-16 to SEC-18."""
        if self.state != "active":
            return self._refused()
        if current_password != self.passwords[-1]:
            return self._refused("Wrong password")
        if new_password in self.passwords[-2:]:
            return self._refused("Password used before")
        if fault := _fault(self.username, self.role, new_password):
            return self._refused(fault)
        self.passwords.append(new_password)
        return self._accepted()

    def unlock(self, unlocked_by_role: Any = None) -> Answer:
        """SEC-19 and SEC-20."""
        if self.state != "locked":
            return self._refused("Account is not locked")
        if not text(unlocked_by_role) or unlocked_by_role not in {"operator", "admin"}:
            return self._refused("Not allowed")
        self.state = "active"
        self.wrong = 0
        return self._accepted()

    def _accepted(self) -> Answer:
        return {"accepted": True, "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}


def _fault(username: str, role: str, password: Any) -> str | None:
    """SEC-6 to SEC-11."""
    if not text(password) or len(password) < _SHORTEST[role]:
        return "Password too short"
    if len(password) > 30:
        return "Password too long"
    if not text(password, r".*[A-Z].*") or not text(password, r".*[a-z].*") or not text(password, r".*[0-9].*"):
        return "Password too simple"
    if role != "member" and not any(symbol in password for symbol in _SYMBOLS):
        return "Symbol required"
    if username in password.lower():
        return "Password contains username"
    return None
