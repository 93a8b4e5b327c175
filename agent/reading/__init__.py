"""Reading by a language model: what only reading can settle is asked, and every answer is held to its source.

`needed.py` says whether there is anything to ask, `library.py` what may be read, `registry.py` by which read-only
tools, `briefing.py` how the case is put, `answering.py` in what form it is answered, `checking.py` holds answers to
their sources, `loop.py` runs the talk, `applying.py` takes what stood into the inquiry.
"""
