"""The speed and memory benchmark of the X12 reader, beside peers from PyPI."""
