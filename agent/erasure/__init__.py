"""Erase one patient from a home: every record, file, checkpoint and copy; others' evidence stays where it stood."""

from agent.erasure.erasing import Erased, UnderHold, erase, finish_erasures, look_at
from agent.erasure.patient import Asked, NotExact, Patient

__all__ = ["Asked", "Erased", "NotExact", "Patient", "UnderHold", "erase", "finish_erasures", "look_at"]
