"""The longest wait in a walk-in clinic; every figure is the document's."""
# ruff: noqa: C901, PLR0911 - rule by rule as in the document

from typing import Any

from bench.testplans.values import Answer, exact, flag, number, text, whole


class Reference:
    """TR-1 to TR-14."""

    def assess_patient(
        self,
        patient_code: Any = None,
        age: Any = None,
        temperature: Any = None,
        pain: Any = None,
        pulse: Any = None,
        difficulty_breathing: Any = None,
        pregnant: Any = None,
        note: Any = None,
    ) -> Answer:
        """TR-2 to TR-14."""
        if None in (patient_code, age, temperature, pain, pulse, difficulty_breathing, pregnant):
            return self._refused("Incomplete")
        if not text(patient_code, r"[A-Z][0-9]{5}"):
            return self._refused("Unknown code")
        if not whole(age) or age < 0 or age > 115:
            return self._refused("Age not valid")
        if not number(temperature) or temperature < 34 or temperature > 42.5 or exact(temperature) * 10 % 1 != 0:
            return self._refused("Check the thermometer")
        if not whole(pain) or pain < 0 or pain > 10:
            return self._refused("Pain is 0 to 10")
        if not whole(pulse) or pulse < 20 or pulse > 250:
            return self._refused("Count the pulse again")
        if flag(difficulty_breathing) is None or flag(pregnant) is None:
            return self._refused("Answer yes or no")
        if flag(pregnant) and (age < 12 or age > 55):
            return self._refused("Pregnancy and age do not match")
        if note is not None and len(str(note)) > 80:
            return self._refused("Note too long")
        if pulse < 40 or pulse > 140:
            return self._refused("Send to hospital")
        wait = 0 if flag(difficulty_breathing) else _breathing(age, temperature, pain)
        if age >= 75:
            wait = wait * 2 // 3
        if flag(pregnant):
            wait = min(wait, 60)
        return {"accepted": True, "value": float(wait)}

    def _refused(self, message: str) -> Answer:
        return {"accepted": False, "message": message}


def _breathing(age: float, temperature: float, pain: float) -> int:
    """TR-1."""
    if temperature >= 40:
        return 10
    if pain >= 8:
        return 30
    if temperature >= 38:
        return 30 if age < 5 else 60
    return 90 if pain >= 4 else 150
