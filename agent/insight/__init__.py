"""Sums over a practice's denials: what was denied, stands, came back, is lost; how fights end; what recurs and why."""
