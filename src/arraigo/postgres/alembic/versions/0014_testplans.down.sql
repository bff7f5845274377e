-- Their conversations stay, as conversations.
DROP TABLE arraigo.plan_exports, arraigo.test_case_modifications, arraigo.test_case_requirements, arraigo.test_cases,
  arraigo.test_plans, arraigo.requirements, arraigo.plan_configurations;
DROP FUNCTION arraigo.change_case, arraigo.log_case, arraigo.log_link, arraigo.recount_changed, arraigo.recount;
DROP DOMAIN arraigo.plan_type, arraigo.plan_status, arraigo.case_priority, arraigo.case_status, arraigo.case_maker,
  arraigo.percentage;
