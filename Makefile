# What a person does with Sitrep, one word each. `demo`, `run`, `test`, `lint` and `bench` install first where needed.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# What the tests use of JavaScript (tests/package.json) is installed where npm is.
JS_PACKAGES := $(if $(shell command -v npm 2>/dev/null),tests/node_modules/.installed)
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.PHONY: install demo run test lint format bench pictures lock clean

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
	$(BIN)/sitrep demo

run: .venv/installed
	$(BIN)/sitrep serve

# A failure is no end of it: the tests say what they miss, and are skipped (in CI they fail).
tests/node_modules/.installed: tests/package.json tests/package-lock.json
	cd tests && npm ci --cache $(CURDIR)/.venv/npm --loglevel error && touch node_modules/.installed || true

test: .venv/installed-dev $(JS_PACKAGES)
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

# The documents' pictures of the page, drawn anew by Chromium from the tour. Look at each before it is committed.
pictures: .venv/installed-dev
	$(BIN)/python -m tests.page.pictures docs/page

# Renew both locks from pyproject.toml, after changing it or to take newer versions: `make lock LOCK_FLAGS=--upgrade`.
lock: .venv/installed-dev
	$(LOCK) $(LOCK_FLAGS) pyproject.toml --extra build -o requirements.lock
	$(LOCK) $(LOCK_FLAGS) pyproject.toml --extra build --extra dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv tests/node_modules build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
