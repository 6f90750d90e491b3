#!/usr/bin/env bash
# Writes the lock files in requirements/ from pyproject.toml and requirements/build.in: versions and hashes, no addresses.
# Needs the tool `uv` (pip install uv). Run it to take newer versions; then `make check`.
set -euo pipefail
cd "$(dirname "$0")/.."

lock() { # lock OUTPUT INPUT [options]
    local output="$1" input="$2"
    shift 2
    uv pip compile "$input" --output-file "$output.new" --quiet --upgrade --universal --python-version 3.11 \
        --fork-strategy fewest --generate-hashes --no-header --no-annotate --no-config "$@"
    { printf '# Made by scripts/lock.sh from %s. Do not edit.\n' "$input"; cat "$output.new"; } > "$output"
    rm "$output.new"
}

lock requirements/build.txt requirements/build.in
lock requirements/web.txt requirements/web.in
lock requirements/runtime.txt pyproject.toml
lock requirements/test.txt pyproject.toml --extra test --extra dev --constraint requirements/runtime.txt
lock requirements/bench.txt pyproject.toml --extra bench --constraint requirements/test.txt

# The oldest versions that pyproject.toml admits of what the program needs, with the newest test tools that go with them.
floor="$(mktemp)"
trap 'rm -f "$floor"' EXIT
uv pip compile pyproject.toml --output-file "$floor" --quiet --universal --python-version 3.11 \
    --fork-strategy fewest --resolution lowest-direct --no-header --no-annotate --no-config
lock requirements/lowest.txt pyproject.toml --extra test --constraint "$floor"
