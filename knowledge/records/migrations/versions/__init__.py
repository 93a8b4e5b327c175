"""One file a version of the records, numbered as SCHEMA_VERSION was then. What has been released never changes."""
