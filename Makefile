# Todo lo que hace falta: make y Python 3.11 o posterior. `make` a secas dice qué sabe hacer.
#   make lab PYTHON=/ruta/a/python3.12    usa ese Python
#   make lab LAB="--no-browser --port 9999"    pasa opciones a JupyterLab

PYTHON ?= $(firstword $(foreach p,python3 python3.13 python3.12 python3.11,$(shell \
	$(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $(p))) python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.instalado
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2
LAB ?=
# Solo reveal.js, que viene dentro de un paquete, sin lo que ese paquete arrastra.
SLIDES := requirements-diapositivas.lock

.DEFAULT_GOAL := ayuda
.PHONY: ayuda lab test test-long lint lock notebooks slides clean

ayuda:  ## muestra esta lista
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

lab: $(INSTALLED)  ## instala lo necesario y abre el curso en JupyterLab
	$(BIN)/python -m jupyterlab $(LAB) notebooks/00_bienvenida.ipynb

test: $(INSTALLED)  ## pasa todas las pruebas, también las de los notebooks
	@rm -rf notebooks/soluciones/practica
	$(PYTEST) -q -n $(WORKERS) --dist loadfile --nbval -m "not long"

test-long: $(INSTALLED)  ## además, las pruebas largas
	@rm -rf notebooks/soluciones/practica
	$(PYTEST) -q -n $(WORKERS) --dist loadfile --nbval

lint: $(INSTALLED)  ## estilo del código y quién importa a quién
	$(BIN)/ruff check .
	$(BIN)/lint-imports

notebooks: $(INSTALLED)  ## vuelve a generar y ejecutar los notebooks desde sus fuentes
	$(BIN)/python -m dockerlab.course.make notebooks
	$(BIN)/python -m dockerlab.course.make notebooks/instructor
	$(BIN)/python -m dockerlab.course.handouts notebooks

slides: $(INSTALLED)  ## diapositivas de todos los notebooks, sin red, en build-artifacts/diapositivas
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $(SLIDES)
	$(BIN)/python -m dockerlab.course.slides notebooks

lock: $(INSTALLED)  ## vuelve a escribir requirements.lock desde pyproject.toml
	$(BIN)/python -m pip install --quiet 'uv>=0.5,<1'
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --generate-hashes \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links \
		--extra test pyproject.toml --output-file requirements.lock
	$(BIN)/python -c 'import tomllib; project = tomllib.load(open("pyproject.toml", "rb"))["project"]; \
		print(*project["optional-dependencies"]["diapositivas"], sep="\n")' \
		| $(BIN)/uv pip compile --quiet --no-deps --upgrade --generate-hashes --no-header --no-annotate \
		--no-emit-index-url - --output-file $(SLIDES)

clean:  ## borra el entorno y todo lo que se puede volver a hacer
	rm -rf $(VENV) build-artifacts dist notebooks/practica notebooks/.motor .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# La marca hace que la segunda vez sea inmediata.
$(INSTALLED): requirements.lock pyproject.toml notebooks/.jupyterlab/overrides.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Hace falta Python 3.11 o posterior, y «$(PYTHON)» es: $$($(PYTHON) --version 2>&1 || true)"; \
	  echo "Si tienes otro, dilo así:  make lab PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "A este Python le falta el módulo venv, que crea entornos separados."; \
	  echo "En Debian y Ubuntu se instala así:  sudo apt install python3-venv"; exit 1; }
	@echo "Preparo el entorno en $(VENV) (solo la primera vez, un minuto)…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
