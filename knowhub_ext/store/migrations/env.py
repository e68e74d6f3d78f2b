"""What Alembic runs: the revisions, on the connection and inside the transaction that `schema.migrate` opened.

A new revision is a file in `versions/` with the next number, and that number in `schema.REVISIONS`.
"""

from __future__ import annotations

from alembic import context

from knowhub_ext.store.schema import configuration

context.configure(connection=context.config.attributes["connection"], **configuration())
context.run_migrations()
