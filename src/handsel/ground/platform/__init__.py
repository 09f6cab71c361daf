"""Platform: event log, dispatch, jobs, numbering, idempotency, storage, egress."""
