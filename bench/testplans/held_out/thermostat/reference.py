"""A room thermostat; every figure is the document's."""
# ruff: noqa: N802, N803, PLR0911, PLR2004 - the glossary's names, the document's figures

from typing import Any

from bench.testplans.values import Answer, digits, number, text

_DEFAULT = {"heat": 20.0, "cool": 25.0, "away": 12.0}
_LIMITS = {"heat": (10, 28), "cool": (18, 32)}
_ON = {"idle", "heating", "cooling"}


class Reference:
    """Sections 3 to 5."""

    def __init__(self) -> None:
        self.state = "off"
        self.mode = "heat"
        self.target = 20.0
        self.invalid = 0
        self.pin: str | None = None
        self.wrong = 0

    def switchOn(self) -> Answer:
        """3.1."""
        if self.pin is not None:
            return self._refused("Panel locked")
        if self.state not in {"off", "frost protection"}:
            return self._refused()
        self.state, self.mode, self.target = "idle", "heat", 20.0
        return self._accepted(self.target)

    def switchOff(self) -> Answer:
        """3.2."""
        if self.pin is not None:
            return self._refused("Panel locked")
        if self.state in {"off", "frost protection"}:
            return self._refused()
        self.state = "off"
        self.invalid = 0
        return self._accepted()

    def setMode(self, mode: Any = None) -> Answer:
        """3.3."""
        if self.pin is not None:
            return self._refused("Panel locked")
        if self.state not in _ON or not text(mode) or mode not in _DEFAULT:
            return self._refused()
        self.mode = mode
        self.target = _DEFAULT[mode]
        self.state = "idle"
        return self._accepted(self.target)

    def setTarget(self, temperature: Any = None) -> Answer:
        """3.4."""
        if self.pin is not None:
            return self._refused("Panel locked")
        if self.state not in _ON or not number(temperature):
            return self._refused()
        if self.mode == "away":
            return self._refused("Not available in away mode")
        lowest, highest = _LIMITS[self.mode]
        if not lowest <= temperature <= highest or temperature * 2 % 1 != 0:
            return self._refused()
        self.target = float(temperature)
        return self._accepted(self.target)

    def reportRoomTemperature(self, roomTemperature: Any = None) -> Answer:
        """Section 4."""
        if not number(roomTemperature) or not -20 <= roomTemperature <= 50:
            self.invalid += 1
            if self.invalid >= 3:
                self.state = "fault"
            return self._refused("Sensor error")
        if self.state != "fault":
            self.invalid = 0
        self.state = self._next(roomTemperature)
        return self._accepted()

    def lockPanel(self, pin: Any = None) -> Answer:
        """5.1."""
        if self.pin is not None:
            return self._refused("Panel locked")
        if not text(digits(pin), r"[0-9]{4}"):
            return self._refused()
        self.pin = str(pin)
        self.wrong = 0
        return self._accepted()

    def unlockPanel(self, pin: Any = None) -> Answer:
        """5.2."""
        if self.pin is None:
            return self._refused()
        if self.wrong >= 3:
            return self._refused("Panel blocked")
        if digits(pin) != self.pin:
            self.wrong += 1
            return self._refused("Panel blocked" if self.wrong >= 3 else "Wrong PIN")
        self.pin = None
        return self._accepted()

    def serviceReset(self, serviceCode: Any = None) -> Answer:
        """5.4."""
        if not text(serviceCode, r"SV-[0-9]{6}"):
            return self._refused()
        self.pin = None
        return self._accepted()

    def _next(self, room: float) -> str:
        """4.2 to 4.4."""
        if self.state == "off" and room < 5:
            return "frost protection"
        if self.state == "frost protection" and room >= 7:
            return "off"
        if self.mode == "cool":
            if self.state == "idle" and room >= self.target + 1:
                return "cooling"
            if self.state == "cooling" and room <= self.target:
                return "idle"
        else:
            if self.state == "idle" and room <= self.target - 0.5:
                return "heating"
            if self.state == "heating" and room >= self.target + 0.5:
                return "idle"
        return self.state

    def _accepted(self, value: float | None = None) -> Answer:
        return {"accepted": True, "value": value, "state": self.state}

    def _refused(self, message: str | None = None) -> Answer:
        return {"accepted": False, "state": self.state, "message": message}
