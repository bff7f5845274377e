"""The tests of Chainlit's suites that are not run on our data layer, each with the reason."""

_STATEMENTS = "counts and reads the SQL statements of ChainlitDataLayer; what they do is tried in test_sql_alchemy.py"

LEFT_OUT = {
    "test_get_current_timestamp": "a helper of SQLAlchemyDataLayer's own, no part of the interface",
    "test_update_thread_preserves_metadata_when_none_existing_thread": _STATEMENTS,
    "test_update_thread_noop_skips_upsert_on_existing_thread": _STATEMENTS,
    "test_update_thread_new_thread_includes_empty_metadata": _STATEMENTS,
    "test_update_thread_merges_metadata_when_provided": _STATEMENTS,
    "test_update_thread_deletes_keys_with_none_values": _STATEMENTS,
    "test_create_step_uses_nullif_for_output_and_input": "reads ChainlitDataLayer's source; ours is tried for the same "
    "in test_chainlit.py::test_a_first_step_that_comes_late_empties_nothing",
}
