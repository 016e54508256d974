# Every target works in a fresh clone: the virtual environment is made, and remade
# when pyproject.toml changes, by whatever needs it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help demo test check lint types bench clean

help:
	@echo "make demo   run the main example on an in-memory SQLite database"
	@echo "make test   run every test"
	@echo "make check  run every check: ruff, mypy --strict, pyright, tests"
	@echo "make bench  print the benchmark table (ormolu, SQLAlchemy, raw driver)"

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(STAMP)
	$(BIN)/python examples/astronauts.py

test: $(STAMP)
	$(BIN)/python -m pytest -n auto

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy
	$(BIN)/pyright

check: lint types test

bench: $(STAMP)
	$(BIN)/python -m bench

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
