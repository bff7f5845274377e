"""A vending machine; every figure is the document's."""

from typing import Any

from bench.testplans.values import Answer, digits, number, text, whole

_COINS = {10, 20, 50, 100, 200}
_PRICES = {"A": 180, "B": 120, "C": 90}
_SLOT = r"[A-C][1-4]"


class Reference:
    """Chapters 2 to 4."""

    def __init__(self) -> None:
        self.state = "idle"
        self.credit = 0
        self.items: dict[str, int] = {}
        self.wrong = 0

    def insert_coin(self, coin: Any = None) -> Answer:
        """2. Coins."""
        if self.state not in {"idle", "credit"}:
            return self._refused()
        if not number(coin) or coin not in _COINS:
            return self._refused("Coin not accepted")
        if self.credit + int(coin) > 500:
            return self._refused("Credit limit reached")
        self.credit += int(coin)
        self.state = "credit"
        return self._accepted(self.credit)

    def select_slot(self, slot: Any = None) -> Answer:
        """3. Selling."""
        if self.state not in {"idle", "credit"}:
            return self._refused()
        if not text(slot, _SLOT):
            return self._refused("Unknown slot")
        if self.items.get(slot, 5) == 0:
            return self._refused("Sold out")
        if self.credit < _PRICES[slot[0]]:
            return self._refused("Insert more money")
        change = self.credit - _PRICES[slot[0]]
        self.items[slot] = self.items.get(slot, 5) - 1
        self.credit = 0
        self.state = "idle"
        return self._accepted(change)

    def cancel(self) -> Answer:
        """3. Selling, end."""
        if self.state != "credit":
            return self._refused()
        returned = self.credit
        self.credit = 0
        self.state = "idle"
        return self._accepted(returned)

    def open_door(self, key: Any = None) -> Answer:
        """4.1 The door."""
        if self.state != "idle":
            return self._refused()
        typed = digits(key)
        if not text(typed, r"[0-9]{6}") or sum(map(int, str(typed))) != 30:
            self.wrong += 1
            if self.wrong >= 3:
                self.state = "blocked"
            return self._refused("Wrong key")
        self.wrong = 0
        self.state = "service"
        return self._accepted()

    def refill(self, slot: Any = None, items: Any = None) -> Answer:
        """4.2 Refilling."""
        if self.state != "service":
            return self._refused()
        if not text(slot, _SLOT):
            return self._refused("Unknown slot")
        if not whole(items) or items < 1:
            return self._refused()
        if self.items.get(slot, 5) + items > 10:
            return self._refused("Slot overfull")
        self.items[slot] = self.items.get(slot, 5) + int(items)
        return self._accepted(self.items[slot])

    def close_door(self) -> Answer:
        """4.3 Closing."""
        if self.state != "service":
            return self._refused()
        self.state = "idle"
        return self._accepted()

    def _accepted(self, value: int | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": value}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
