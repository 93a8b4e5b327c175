"""Are corrected claims fit to send? Many corrections, each file read by a validator that is not ours (pyx12)."""
