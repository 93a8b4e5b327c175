"""Injections, the folder that carries them, and a model that obeys every one."""
