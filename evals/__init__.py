"""Measuring: labelled practices, scorers, reports."""
