# Each task is a plain command; `make dev` first.
BIN = .venv/bin/

# Commands that tests start would compile every module again where Python may not keep what it compiled.
export PYTHONDONTWRITEBYTECODE =

.PHONY: dev lint types quick test coverage docs handbook snapshots site mutants zipapp release
dev:
	python3 -m venv .venv && $(BIN)pip install -q -e '.[test,dev,caldav,keyring,mcp]'
lint:
	$(BIN)ruff check . && $(BIN)ruff format --check . && $(BIN)lint-imports
types:
	$(BIN)mypy
quick:
	$(BIN)pytest -q -x -n auto -m "not slow"
test:
	$(BIN)pytest -n auto --dist worksteal
coverage:
	$(BIN)pytest -q -n auto --dist worksteal --cov --cov-report=term:skip-covered
docs:
	$(BIN)python docs/make_cli.py > docs/reference/cli.md && $(BIN)python docs/make_man.py > docs/lastresort.1 && $(BIN)python docs/make_settings.py && $(BIN)python docs/make_examples.py
handbook:
	$(BIN)sphinx-build -q -W --keep-going -b html docs dist/handbook
snapshots:
	$(BIN)pytest -q -n auto --snapshot-update tests/goldens tests/cli/test_stories.py tests/cli/test_explain.py tests/messages tests/outputs
mutants:
	$(BIN)python tests/mutants.py $(PARTS)
zipapp:
	$(BIN)shiv -q --compressed --reproducible -c lastresort -p "/usr/bin/env python3" -o dist/lastresort.pyz .
release:
	.ci/release
site:
	$(BIN)python src/lastresort/web/make_site.py site
