# Everything a person or CI needs. `make` alone lists it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# The tools that look at dependencies have many of their own: they stay out of what they look at.
AUDIT  := .venv-audit
LOCK   := uv pip compile --universal --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate --no-strip-extras --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help demo test chaos soak bench check lint format types full audit sbom lock messages screenshots clean

help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-11s %s\n", $$1, $$2}'

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 ..."; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $(READY)

$(AUDIT)/.ready: requirements/audit.txt
	$(PYTHON) -m venv $(AUDIT)
	$(AUDIT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/audit.txt
	touch $@

demo: $(READY) ## chat with the bot, here and in the browser: no account, no server, nothing kept
	@$(BIN)/python -m bot demo

test: $(READY) ## every test, on a real Valkey and in a real Chromium
	TZ=Asia/Tashkent $(BIN)/python -m pytest -n 3 --dist worksteal --cov --cov-report=term $(ARGS)

lint: $(READY) ## ruff: lint and format check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY) ## mypy, strict
	$(BIN)/mypy

check: lint types test ## what CI runs

full: $(READY) ## the long runs too
	TZ=Asia/Tashkent $(BIN)/python -m pytest -n 3 --dist worksteal -m "slow or not slow" $(ARGS)
	TZ=Asia/Tashkent TEST_BY_WEBHOOK=1 $(BIN)/python -m pytest -n 3 --dist worksteal tests/flows

chaos: $(READY) ## kill the bot and the store again and again: KILLS=300 SEED=1, some ten minutes
	$(BIN)/python -m tests.chaos $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) $(ARGS)

soak: $(READY) ## 20 minutes at 20 updates/s: what grows; ARGS="--seconds 60 --webhook"
	@$(BIN)/python -m benchmarks.soak $(ARGS)

bench: $(READY) ## speed, against bare bots; PART=main, ROUNDS=2, SHORT=1
	@$(BIN)/python -m benchmarks $(addprefix --part ,$(PART)) $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(SHORT),--short) $(ARGS)

format: $(READY) ## format and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

audit: $(READY) $(AUDIT)/.ready ## known vulnerabilities in what the bot runs on, where a database of them can be reached
	@$(BIN)/python -m tools.audit $(AUDIT)/bin/pip-audit requirements/run.txt

sbom: $(READY) $(AUDIT)/.ready ## write what the bot is made of to dist/sbom.cdx.json (CycloneDX)
	@$(BIN)/python -m tools.sbom $(AUDIT)/bin/cyclonedx-py pyproject.toml requirements/run.txt dist/sbom.cdx.json

lock: ## pin all versions with hashes (needs uv); no index is written down
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) --group dev pyproject.toml -o requirements/dev.txt
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) requirements/audit.in -o requirements/audit.txt

screenshots: $(READY) ## take the README's pictures anew (needs Chromium)
	$(BIN)/python -m tests.browser.screenshots

clean: ## remove the environment and caches
	rm -rf $(VENV) $(AUDIT) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage htmlcov dist

messages: $(READY) ## bring the catalogues up to date with the texts in the code
	$(BIN)/pybabel -q extract --no-default-keywords -k tr -k html -k plural:1,2 --omit-header --no-location --no-wrap --sort-output -o locales/bot.pot bot
	$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --no-wrap -i locales/bot.pot -d locales -D bot
	@# What changes with every run, or names nobody, says nothing to a translator.
	@for po in locales/*/LC_MESSAGES/bot.po; do \
	    grep -vE '^"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By): ' $$po > $$po.new && mv $$po.new $$po; \
	done
