"""The tests of LangGraph's suites that are not run on our checkpointer and store, each with the reason."""

# Parameters: other implementations, and the ways to have a connection of which ours has one.
WITHOUT = {
    *("memory", "memory_migrate_sends", "sqlite", "sqlite_aes", "sqlite_aio", "in_memory", "redis"),
    *("pool", "pipe", "shallow", "aio_pool", "aio_pipe"),
    *("postgres_pipe", "postgres_pool", "postgres_aio_pipe", "postgres_aio_pool"),
    *("_checkpointer_postgres_pipe", "_checkpointer_postgres_pool"),
    *("_checkpointer_postgres_aio_pipe", "_checkpointer_postgres_aio_pool"),
}

_VECTORS = "vector search, which ours refuses"
_TABLES = "reads or changes their tables"
_PRIVATE = "reaches into their class"
_OLD = "checkpoints of LangGraph before 0.5, which cannot be in this store"
_DELTA = "theirs refuses to prune where a DeltaChannel is; ours keeps what it is rebuilt from"

LEFT_OUT = {
    "test_vector_store_initialization": _VECTORS,
    "test_vector_insert_with_auto_embedding": _VECTORS,
    "test_vector_update_with_embedding": _VECTORS,
    "test_vector_search_with_filters": _VECTORS,
    "test_vector_search_pagination": _VECTORS,
    "test_vector_search_edge_cases": _VECTORS,
    "test_embed_with_path": _VECTORS,
    "test_embed_with_path_sync": _VECTORS,
    "test_embed_with_path_operation_config": _VECTORS,
    "test_search_sorting": _VECTORS,
    "test_scores": _VECTORS,
    "test_non_ascii": _VECTORS,
    "test_nonnull_migrations": _PRIVATE,
    "test_get_checkpoint_no_channel_values": _PRIVATE,
    "test_abatch_uses_single_pool_checkout": _PRIVATE,
    "test_async_walk_reads_nothing_newer_than_the_target": _PRIVATE,
    "test_sync_walk_reads_nothing_newer_than_the_target": _PRIVATE,
    "test_escape_like_literal": _PRIVATE,
    "test_namespace_match_pattern": _PRIVATE,
    "test_omit_expired_filters_read_paths": _TABLES,
    "test_omit_expired_disabled_preserves_expired_rows": _TABLES,
    "test_omit_expired_refresh_ttl_only_refreshes_live_rows": _TABLES,
    "test_omit_expired_search_pagination": _TABLES,
    "test_keep_latest_keeps_each_namespace_head_with_its_writes_and_blobs": _TABLES,
    "test_keep_latest_prunes_a_thread_storing_a_plain_true": _TABLES,
    "test_delete_removes_every_row_of_the_threads": _TABLES,
    "test_unknown_strategy_changes_nothing": _TABLES,
    "test_async_saver_prune_runs_from_another_thread_only": _TABLES,
    "test_prune_rejects_a_single_thread_id_string": _TABLES,
    "test_keep_latest_keeps_a_checkpoint_saved_while_it_runs": _TABLES,
    "test_keep_latest_keeps_the_history_of_a_delta_checkpoint_saved_after_the_thread_check": _TABLES,
    "test_keep_latest_deletes_a_subgraph_call_with_the_checkpoint_it_started_from": _TABLES,
    "test_keep_latest_keeps_a_checkpoint_saved_meanwhile_whatever_its_id": _TABLES,
    "test_keep_latest_refuses_a_batch_with_a_delta_channel_thread": _DELTA,
    "test_akeep_latest_refuses_a_batch_with_a_delta_channel_thread": _DELTA,
    "test_keep_latest_refuses_a_thread_that_turns_delta_after_the_batch_check": _DELTA,
    "test_keep_latest_keeps_the_parent_holding_a_pre_v4_heads_sends": _OLD,
    "test_pending_sends_migration": _OLD,
    "test_delta_channel_conformance": "asks the conformance kit for a capability that it does not have",
}
