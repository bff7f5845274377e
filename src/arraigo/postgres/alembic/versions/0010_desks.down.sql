DROP FUNCTION arraigo.append_with_states;
DROP FUNCTION arraigo.set_states;
DROP TABLE arraigo.chainlit_parts;
DROP DOMAIN arraigo.chainlit_kind, arraigo.chainlit_value;
