"""What the assistant for test plans was before: items of DynamoDB."""

from arraigo.apps.testplans.legacy.plans import PLANS

__all__ = ["PLANS"]
