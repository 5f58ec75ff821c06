# What a person does with Sitrep, one word each. `demo`, `run`, `test`, `lint` and `bench` install first where needed.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: install demo run test lint format bench picture lock clean

install: .venv/installed

.venv/bin/python:
	$(PYTHON) -m venv .venv

# The lock carries hashes, so nothing that was not reviewed is installed; the project itself needs nothing but the lock.
.venv/installed: .venv/bin/python pyproject.toml requirements.lock
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

demo: .venv/installed
	$(BIN)/sitrep demo --tour --keep-serving

run: .venv/installed
	$(BIN)/sitrep serve

test: .venv/installed-dev
	$(BIN)/python -m pytest

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/installed-dev
	$(BIN)/python -m benchmarks

# The README's picture, drawn anew from the tour.
picture: .venv/installed
	$(BIN)/python -m bot.demo.picture docs/tour.svg

# Renew both locks from pyproject.toml, after changing it or to take newer versions: `make lock LOCK_FLAGS=--upgrade`.
lock: .venv/installed-dev
	$(LOCK) $(LOCK_FLAGS) pyproject.toml --extra build -o requirements.lock
	$(LOCK) $(LOCK_FLAGS) pyproject.toml --extra build --extra dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
