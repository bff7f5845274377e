DROP FUNCTION arraigo.sweep_states;
DROP TABLE arraigo.states;
DROP DOMAIN arraigo.state_value, arraigo.state_name;
