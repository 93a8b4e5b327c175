"""Upgrades of the records from one version to the next, by Alembic. `knowledge.records.upgrading` runs them.

After changing a table: `python -m knowledge.records.migrations.drafting "Why"` writes the next file of versions/, to
be read and mended by hand; then raise SCHEMA_VERSION. Tests hold tables, versions and number together.
"""
