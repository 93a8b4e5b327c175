"""Learned payer rules, measured: what they change in the answers to labelled cases, for better and for worse."""
