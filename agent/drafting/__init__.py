"""Make the work product of a decided case: letter, packet, corrected claim, authorization request."""
