# The few targets that people, hooks and CI share. `make run` and `make test` need only Python 3.11 and make.
.PHONY: run test fast lint format locks translations
.DEFAULT_GOAL := run
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE = 1

run:            ## builds what is missing, loads the demo region and serves it
	@sh scripts/setup.sh run
	@$(BIN)/keqiao demo --serve

test:           ## the whole suite: SQLite, PostgreSQL, real browser
	@sh scripts/setup.sh dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n 2
	$(BIN)/python -m tests.postgres $(BIN)/pytest -n 2 -m databases tests

fast:           ## what changed most often: no browser, no slow tests, SQLite
	@sh scripts/setup.sh dev
	$(BIN)/pytest -n 2 -q -m "not slow and not journey"

lint:           ## format check, lint, types, import contracts
	@sh scripts/setup.sh dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

format:         ## rewrites the code in the house format
	$(BIN)/ruff format . && $(BIN)/ruff check --fix .

locks:          ## writes both locks anew (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements-dev.lock

translations:   ## collects new texts into keqiao/locale/en and compiles them
	$(BIN)/python scripts/translations.py
