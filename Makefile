# Needs Python 3.11 or newer with venv, and make. Everything else is installed into .venv.
#   make run PORT=8080           another port
#   make run DATA_DIR=/srv/rh    another place for database and files
#   make test ARGS="-k pledge"   some tests; any words of pytest
# Paths are relative, because the project's own path may contain blanks.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PORT ?= 8000
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY = .venv/bin/python

export PORT
ifneq ($(origin DATA_DIR),undefined)
export DATA_DIR
endif

LOCK = $(PY) -m uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-annotate --custom-compile-command 'make lock'

# One text a line and no line numbers: a change of code is then no change of translations.
COLLECT = makemessages --all --no-wrap --add-location file

SCHEMA = spectacular --validate --fail-on-warn --lang en

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

.PHONY: install
install: .venv/.installed ## Install everything into .venv (run, test and check do it by themselves)

.venv/.installed: requirements/dev.txt
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed: install it, or name it with make PYTHON=..."; exit 1; }
	@echo "Installing into .venv (the first time takes about half a minute) ..."
	@"$(PYTHON)" -m venv .venv || { \
		echo "Python cannot make a virtual environment: on Debian, apt install python3-venv"; exit 1; }
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: run
run: .venv/.installed ## Prepare the database with the demonstration data and serve the site
	@DEBUG=1 $(PY) manage.py prepare
	@DATABASE_URL="$${DATABASE_URL:-$$($(PY) -m reviewhub.embedded site)}" \
	DEBUG=1 $(PY) manage.py runserver "127.0.0.1:$$PORT"

# Proofs that start servers of their own take minutes: `make crash trouble guesses`, and by name
# (make test ARGS=tests/reviewhub/test_replicas.py).
LONG = $(addprefix --ignore=tests/,crash trouble \
	$(addprefix reviewhub/test_,backups.py pooled.py replicas.py))

.PHONY: test
test: .venv/.installed ## Run the test suite, but for the proofs that take minutes (`make crash trouble guesses`)
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		echo; echo "  NO CHROMIUM FOUND: the browser tests are skipped. On Debian: apt install chromium"; echo; }
	@DEBUG=1 $(PY) -m pytest -n auto --dist worksteal $(or $(ARGS),$(LONG))

.PHONY: walk
walk: .venv/.installed ## Walk every public page in all languages with a real browser (make test: each in one)
	@WALK=1 DEBUG=1 $(PY) -m pytest -q $(addprefix tests/browser/test_,public_pages.py search.py pictures.py) $(ARGS)

.PHONY: pictures
pictures: .venv/.installed ## Make the pictures of the staff guide anew
	@PICTURES=1 DEBUG=1 $(PY) -m pytest -q tests/browser/test_staff_guide.py

.PHONY: schema
schema: .venv/.installed ## Write the description of the API, docs/openapi.yaml
	@DEBUG=1 $(PY) manage.py $(SCHEMA) --file docs/openapi.yaml

.PHONY: fuzz
fuzz: .venv/.installed ## Ask the API everything its description allows, and what it does not (FUZZ_EXAMPLES=25)
	@FUZZ_EXAMPLES=$${FUZZ_EXAMPLES:-25} DEBUG=1 $(PY) -m pytest -q tests/public/test_api_contract.py $(ARGS)

.PHONY: trouble
trouble: .venv/.installed ## Restart the database under load, take it away, send too much (RESTARTS=20)
	@RESTARTS=$${RESTARTS:-20} OVERLOAD_SECONDS=$${OVERLOAD_SECONDS:-20} DEBUG=1 $(PY) -m pytest -q \
		tests/trouble/test_trouble.py tests/trouble/test_headers.py tests/trouble/test_first_visit.py $(ARGS)

.PHONY: guesses
guesses: .venv/.installed ## Guess passwords and addresses of accounts from outside (GUESSES=10000)
	@GUESSES=$${GUESSES:-10000} TIMED=$${TIMED:-60} DEBUG=1 $(PY) -m pytest -q tests/trouble/test_guesses.py $(ARGS)

.PHONY: sbom
sbom: .venv/.installed ## Write what the site is made of: docs/sbom.json, docs/licences.md
	@DEBUG=1 $(PY) manage.py write_sbom

.PHONY: crash
crash: .venv/.installed ## Kill web server, database and imports at random moments, and miss nothing (ROUNDS=40)
	@ROUNDS=$${ROUNDS:-40} DEBUG=1 $(PY) -m pytest -q -s tests/crash $(ARGS)

.PHONY: embargo
embargo: .venv/.installed ## Ask every surface as every viewer for what is not public (EMBARGO=6, or all)
	@EMBARGO=$${EMBARGO:-6} DEBUG=1 $(PY) -m pytest -q -s tests/embargo $(ARGS)

.PHONY: mutants
mutants: .venv/.installed ## Take one check away at a time, in a copy: a test must notice each
	@$(PY) -m tests.mutants

.PHONY: twin
twin: .venv/.installed ## Ask a site with unpublished records and one without them the same, 20,000 times (TWIN_EVERY=1)
	@TWIN_EVERY=$${TWIN_EVERY:-1} DEBUG=1 $(PY) -m pytest -q tests/twin/test_twin.py tests/twin/test_times.py tests/twin/test_sabotage.py $(ARGS)

.PHONY: bench
bench: .venv/.installed ## Measure speed beside a floor of bare SQL, with N=10000 invented practices (docs/speed.md)
	@$(PY) -m bench.run $${N:-10000} $(ARGS)

.PHONY: plans
plans: .venv/.installed ## Compare by which indexes PostgreSQL answers what is asked most (N=100000)
	@$(PY) -m bench.plans $${N:-100000} $(ARGS)

.PHONY: check
check: check-lint check-types check-templates check-migrations check-messages check-schema check-surfaces check-deploy ## Everything that can be said without running the tests (-k goes on after a failure)

.PHONY: check-lint
check-lint: .venv/.installed
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

.PHONY: check-types
check-types: .venv/.installed
	DEBUG=1 $(PY) -m mypy

.PHONY: check-templates
check-templates: .venv/.installed
	$(PY) -m djlint --quiet --lint templates

.PHONY: check-migrations
check-migrations: .venv/.installed
	DEBUG=1 $(PY) manage.py makemigrations --check --dry-run

.PHONY: check-schema
check-schema: .venv/.installed
	@DEBUG=1 $(PY) manage.py $(SCHEMA) | diff -u docs/openapi.yaml - || { \
		echo "docs/openapi.yaml does not say what the code says: make schema, commit"; exit 1; }

.PHONY: check-surfaces
check-surfaces: .venv/.installed
	DEBUG=1 $(PY) manage.py check --tag surfaces

# In a copy, so that checking changes nothing. Line numbers and dates may differ.
.PHONY: check-messages
check-messages: .venv/.installed gettext
	@set -e; copy=$$(mktemp -d); trap 'rm -rf "$$copy"' EXIT; python="$$PWD/$(PY)"; \
	tar --exclude=./.venv --exclude=./.data --exclude=./.git --exclude=./tests -cf - . | tar -C "$$copy" -xf -; \
	(cd "$$copy" && DEBUG=1 "$$python" manage.py $(COLLECT) >/dev/null); \
	for file in locale/*/LC_MESSAGES/django.po; do \
		for side in . "$$copy"; do \
			grep -vE '^#: |^"POT-Creation-Date' "$$side/$$file" > "$$copy/$$( [ "$$side" = . ] && echo ours || echo fresh )"; \
		done; \
		diff -u "$$copy/ours" "$$copy/fresh" || { \
			echo "$$file does not say what the code says: make messages, translate, commit"; exit 1; }; \
		msgfmt -o "$$copy/fresh.mo" "$$file"; \
		msgunfmt "$$copy/fresh.mo" > "$$copy/fresh"; msgunfmt "$${file%.po}.mo" > "$$copy/ours"; \
		diff -u "$$copy/ours" "$$copy/fresh" || { \
			echo "$${file%.po}.mo is older than its .po: make messages, commit"; exit 1; }; \
		echo "$$file: $$(msgfmt --statistics -o /dev/null "$$file" 2>&1)"; \
	done

# As in production: no DEBUG, a random key, the database that is there.
.PHONY: check-deploy
check-deploy: .venv/.installed
	SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))')" \
	ALLOWED_HOSTS=reviewhub.example.org DEBUG=0 \
	DATABASE_URL="$${DATABASE_URL:-$$($(PY) -m reviewhub.embedded start)}" \
	$(PY) manage.py check --deploy --fail-level WARNING --database default

.PHONY: messages
messages: .venv/.installed gettext ## Collect the texts to translate into locale/, and compile them
	DEBUG=1 $(PY) manage.py $(COLLECT)
	DEBUG=1 $(PY) manage.py compilemessages --verbosity 0

.PHONY: gettext
gettext:
	@command -v msgfmt >/dev/null || { \
		echo "gettext is not installed, so the translations cannot be checked: apt install gettext"; exit 1; }

.PHONY: lock
lock: .venv/.installed ## Lock the requirements again; UPGRADE=1 takes the newest that fit
	@$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml -o requirements/runtime.txt
	@$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --extra s3 -c requirements/runtime.txt -o requirements/s3.txt
	@$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --extra s3 --group dev -c requirements/s3.txt -o requirements/dev.txt
	@! grep -nE '://|^ *-(i|f)|index-url|find-links' requirements/*.txt

.PHONY: backup
backup: .venv/.installed ## Back up database and files into backups/ (docs/operators.md)
	@DEBUG=$${DEBUG:-1} $(PY) manage.py backup

.PHONY: restore
restore: .venv/.installed ## Restore a backup: make restore NAME=reviewhub-… (OVERWRITE=1)
	@DEBUG=$${DEBUG:-1} $(PY) manage.py restore $(if $(OVERWRITE),--overwrite) "$(NAME)"

.PHONY: stop
stop: ## Stop the project's own PostgreSQL
	@$(PY) -m reviewhub.embedded stop
