"""A row in every table of test plans, past the application."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

_STATEMENTS = """
INSERT INTO arraigo.plan_configurations
       (conversation_id, owner_id, plan_type, coverage_percentage, min_test_cases, max_test_cases)
VALUES ({talk}, {owner}, 'UNITARIAS', 80, 1, 5);
INSERT INTO arraigo.requirements (conversation_id, code, owner_id, position, statement, kind, language)
VALUES ({talk}, 'RF-01', {owner}, 1, 'x', 'other', 'es');
INSERT INTO arraigo.test_plans (conversation_id, id, owner_id, title, plan_type, target_coverage)
VALUES ({talk}, {plan}, {owner}, 'x', 'UNITARIAS', 80);
INSERT INTO arraigo.test_cases (conversation_id, id, test_plan_id, owner_id, testcase_number, position, test_case_name)
VALUES ({talk}, {case}, {plan}, {owner}, 'TC-001', 1, 'x');
INSERT INTO arraigo.test_case_requirements (conversation_id, test_case_id, requirement, owner_id)
VALUES ({talk}, {case}, 'RF-01', {owner});
INSERT INTO arraigo.plan_exports (conversation_id, id, test_plan_id, owner_id, format, filename, expires_at)
VALUES ({talk}, {export}, {plan}, {owner}, 'csv', 'x', now());
INSERT INTO arraigo.plan_work (conversation_id, id, owner_id, kind) VALUES ({talk}, {export}, {owner}, 'export');
"""


def make(superuser: Callable[..., Any], owner: UUID, talk: UUID) -> None:
    """Configured, with one requirement, plan, case, link, export and thing to do; log and history come along."""
    values = {"owner": owner, "talk": talk, "plan": uuid4(), "case": uuid4(), "export": uuid4()}
    for statement in _STATEMENTS.split(";\n")[:-1]:
        superuser(statement.format(**{name: f"'{value}'" for name, value in values.items()}))
