# Every target works in a fresh clone: the virtual environment is made, and remade
# when pyproject.toml changes, by whatever needs it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Servers or backends that the tests leave out, such as WITHOUT=mysql,postgresql+asyncpg
WITHOUT ?= $(ORMOLU_TEST_WITHOUT)

.PHONY: help demo test check lint types bench bench-servers bench-postgresql soak clean

help:
	@echo "make demo   run the main example on an in-memory SQLite database"
	@echo "make test   run every test, on private servers (WITHOUT=mysql leaves a server out)"
	@echo "make check  run every check: ruff, mypy --strict, pyright, tests"
	@echo "make soak   half an hour of random load on servers that are killed (SECONDS=900 on each)"
	@echo "make bench  print the benchmark table (ormolu, SQLAlchemy, raw driver)"
	@echo "make bench-servers     print those of PostgreSQL and MariaDB, on private servers"
	@echo "make bench-postgresql  print that of PostgreSQL through psycopg alone"

# mysqlclient is built from source. Where that fails, all else works, and the tests say what is missing.
$(STAMP): pyproject.toml scripts/install-servers.sh
	$(PYTHON) -m venv $(VENV)
	PYTHON=$(PYTHON) sh scripts/install-servers.sh
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[mysqlclient]' \
		|| echo "mysqlclient could not be built; the tests on it fail"
	@touch $@

demo: $(STAMP)
	$(BIN)/python examples/astronauts.py

test: $(STAMP)
	ORMOLU_TEST_WITHOUT=$(WITHOUT) $(BIN)/python -m pytest -n auto

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

check: lint types test

bench: $(STAMP)
	$(BIN)/python -m bench

bench-servers: $(STAMP)
	$(BIN)/python -m bench.servers

bench-postgresql: $(STAMP)
	$(BIN)/python -m bench.servers --drivers psycopg

# Seconds of load on each kind of server.
SECONDS ?= 900
soak: $(STAMP)
	PYTHONPATH=tests $(BIN)/python tests/soak/soak.py --seconds $(SECONDS)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
