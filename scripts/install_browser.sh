#!/usr/bin/env bash
# The tests of the report open it in a real browser: Debian's Chromium. Installs it where it is missing.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then
        echo "Browser for the page tests: $(command -v "$name")"
        exit 0
    fi
done

packages=(chromium fonts-dejavu-core)
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "Installing ${packages[*]} for the page tests ..."
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends "${packages[@]}" </dev/null
    exit 0
fi

echo "No browser was found, so the page tests will be skipped. To run them: sudo apt-get install ${packages[*]}" >&2
if [ "${CI:-}" = "true" ]; then exit 1; fi
