#!/bin/sh
# Build the wheel and use it with nothing but its locked run-time dependencies: what is forgotten shows here.
set -eu
bin=$1 python=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$bin/python" -m hatchling build -t wheel -d "$folder/dist" >/dev/null
"$python" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes -r requirements/run.lock
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps "$folder"/dist/*.whl
cd "$folder"
venv/bin/jingzhun --version
venv/bin/jingzhun pack check
venv/bin/jingzhun regions --level 3
JINGZHUN_DATA="$folder/data" venv/bin/jingzhun people demo --json >/dev/null
JINGZHUN_DATA="$folder/data" venv/bin/jingzhun trail verify
