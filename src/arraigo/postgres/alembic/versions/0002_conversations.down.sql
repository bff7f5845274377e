DROP FUNCTION arraigo.access, arraigo.append, arraigo.append_one;
DROP TABLE arraigo.message_revisions, arraigo.messages, arraigo.conversations;
DROP FUNCTION arraigo.keep_revision;
DROP TYPE arraigo.access_level;
DROP DOMAIN arraigo.conversation_kind, arraigo.conversation_status, arraigo.message_role, arraigo.message_content,
  arraigo.title, arraigo.language_tag, arraigo.external_id, arraigo.sequence_number;
