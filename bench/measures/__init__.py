"""Every measure there is, in the order of the table."""

from bench.measures import appending, http, langgraph_steps, listing, outages, prefix, reading, searching, wal

ALL = (
    *appending.MEASURES,
    *reading.MEASURES,
    *wal.MEASURES,
    *langgraph_steps.MEASURES,
    *listing.MEASURES,
    *searching.MEASURES,
    *http.MEASURES,
    *prefix.MEASURES,
    *outages.MEASURES,
)
