"""Room service; every figure is the document's."""

from decimal import Decimal
from typing import Any

from bench.testplans.values import Answer, clock, exact, number, rounded, text, whole

_PRICES = {
    "breakfast tray": Decimal("18.50"),
    "club sandwich": Decimal("14.00"),
    "soup": Decimal("9.00"),
    "steak": Decimal("31.00"),
    "wine": Decimal("26.00"),
}
_SERVED = {"breakfast tray": (390, 660), "soup": (660, 1_380), "steak": (660, 1_380)}  # in minutes after midnight


class Reference:
    """The whole mail."""

    def __init__(self) -> None:
        self.state = "empty"
        self.time = 0
        self.dishes = Decimal(0)
        self.bottles = 0
        self.due = Decimal(0)

    def open_order(self, room: Any = None, order_time: Any = None) -> Answer:
        """Which rooms."""
        time = clock(order_time)
        if self.state != "empty" or room is None or time is None:
            return self._refused()
        if text(room, r"[0-9]{3}"):
            room = int(room)
        if not whole(room) or room < 201 or room > 924 or not 1 <= room % 100 <= 24:
            return self._refused("No such room")
        self.time = time
        self.state = "open"
        return self._accepted()

    def add_dish(self, dish: Any = None, quantity: Any = None) -> Answer:
        """What there is."""
        if self.state != "open" or not text(dish) or dish not in _PRICES:
            return self._refused()
        if not whole(quantity) or quantity < 1 or quantity > 6:
            return self._refused()
        begin, end = _SERVED.get(dish, (0, 1_440))
        if self.time < begin or self.time >= end:
            return self._refused("Not served at this time")
        if dish == "wine":
            if 120 <= self.time < 600:
                return self._refused("No alcohol between 2 and 10")
            if self.bottles + quantity > 2:
                return self._refused("At most 2 bottles")
            self.bottles += int(quantity)
        else:
            self.dishes += exact(quantity) * _PRICES[dish]
        return self._accepted(self.dishes + self.bottles * _PRICES["wine"])

    def send_order(self) -> Answer:
        """Sending it to the kitchen."""
        if self.state != "open":
            return self._refused()
        if self.dishes == 0 and self.bottles == 0:
            return self._refused("Nothing ordered")
        total = self.dishes
        if self.time >= 1_380 or self.time < 360:
            total *= Decimal("1.15")
        total += self.bottles * _PRICES["wine"]
        if total < 45:
            total += 5
        if exact(rounded(total)) > 250:
            return self._refused("Please call reception")
        self.due = exact(rounded(total))
        self.state = "sent"
        return self._accepted(self.due)

    def deliver(self, minutes: Any = None) -> Answer:
        """Delivery."""
        if self.state != "sent" or not whole(minutes) or minutes < 0 or minutes > 240:
            return self._refused()
        if minutes > 60:
            self.due = Decimal(0)
        elif minutes > 40:
            self.due = exact(rounded(self.due * Decimal("0.90")))
        self.state = "delivered"
        return self._accepted(self.due)

    def sign(self, tip: Any = None) -> Answer:
        """Signature."""
        if self.state != "delivered" or not number(tip) or tip < 0:
            return self._refused()
        if self.due == 0 and tip != 0:
            return self._refused("No tip, it is on us")
        if tip > 50:
            return self._refused("Tip too high")
        self.state = "closed"
        return self._accepted(self.due + exact(tip))

    def cancel_order(self, minutes_since_sent: Any = None) -> Answer:
        """Cancelling."""
        if self.state not in {"open", "sent"} or not whole(minutes_since_sent) or minutes_since_sent < 0:
            return self._refused()
        if self.state == "sent" and minutes_since_sent > 10:
            return self._refused("Already being prepared")
        self.state = "cancelled"
        return self._accepted()

    def _accepted(self, value: Decimal | None = None) -> Answer:
        answer: Answer = {"accepted": True, "state": self.state}
        return answer if value is None else answer | {"value": rounded(value)}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
