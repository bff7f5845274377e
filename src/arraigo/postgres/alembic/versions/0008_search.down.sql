DROP TRIGGER search_changed ON arraigo.messages;
DROP TRIGGER search_gone ON arraigo.messages;
DROP TRIGGER search_made ON arraigo.conversations;
DROP TRIGGER search_renamed ON arraigo.conversations;
DROP FUNCTION arraigo.search_changed, arraigo.search_gone, arraigo.search_made, arraigo.search_look, arraigo.search_renamed;
DROP FUNCTION arraigo.search, arraigo.search_like, arraigo.search_slip, arraigo.search_snippet, arraigo.search_heard, arraigo.search_leg,
  arraigo.search_tail, arraigo.search_owners_behind, arraigo.search_index, arraigo.search_backlog;
DROP TABLE arraigo.message_search, arraigo.search_progress, arraigo.search_owners;
DROP FUNCTION arraigo.search_keys, arraigo.search_mark, arraigo.search_grams, arraigo.search_either, arraigo.search_trigrams, arraigo.search_vector,
  arraigo.search_language_of, arraigo.search_config, arraigo.search_spelled, arraigo.search_plain,
  arraigo.search_composed;
DROP DOMAIN arraigo.search_language;
