"""DynamoDB: an export of a table, and live tables. Both become lines first, and records from there."""
