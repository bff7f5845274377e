-- Their conversations stay, as conversations; so do documents, without those that were exports.
DELETE FROM arraigo.documents WHERE NOT listed;
DROP TRIGGER queue_document ON arraigo.documents;
DROP TRIGGER forget_links ON arraigo.documents;
ALTER TABLE arraigo.documents DROP COLUMN listed, DROP COLUMN processing_notes;
DROP TABLE arraigo.plan_coverage, arraigo.plan_work, arraigo.plan_exports, arraigo.test_case_modifications,
  arraigo.test_case_requirements, arraigo.test_cases, arraigo.test_plans, arraigo.requirements, arraigo.plan_configurations;
DROP FUNCTION arraigo.change_case, arraigo.log_case, arraigo.log_link, arraigo.recount_changed, arraigo.recount,
  arraigo.forget_links, arraigo.queue_document, arraigo.claim_plan_work, arraigo.keep_requirements,
  arraigo.keep_generation, arraigo.case_number, arraigo.sweep_exports;
DROP DOMAIN arraigo.plan_type, arraigo.plan_status, arraigo.case_priority, arraigo.case_status, arraigo.case_maker,
  arraigo.percentage;
