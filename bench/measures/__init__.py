"""Every measure there is, in the order of the table."""

from bench.measures import (
    appending,
    http,
    interviewing,
    killing,
    langgraph_steps,
    listing,
    moving,
    outages,
    plan_exports,
    prefix,
    reading,
    records,
    searching,
    takeover,
    testplans,
    wal,
)

ALL = (
    *appending.MEASURES,
    *reading.MEASURES,
    *wal.MEASURES,
    *langgraph_steps.MEASURES,
    *listing.MEASURES,
    *searching.MEASURES,
    *http.MEASURES,
    *interviewing.MEASURES,
    *moving.MEASURES,
    *plan_exports.MEASURES,
    *takeover.MEASURES,
    *records.MEASURES,
    *testplans.MEASURES,
    *prefix.MEASURES,
    *outages.MEASURES,
    *killing.MEASURES,
)
