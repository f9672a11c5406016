#!/usr/bin/env bash
# Takes the folder of an environment; makes it, or says what is missing and the command that installs it.
# With --browser it adds what the tests of pages need: a browser of the system, and what drives it.
# With --pins it resolves the dependencies anew in a folder of its own and writes constraints.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

lowest='(3, 11)'

# A `python3.12` may be there that does not run, so each is asked.
find_python() {
    local each
    for each in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if "$each" -c "import sys; sys.exit(sys.version_info < $lowest)" >/dev/null 2>&1; then
            echo "$each"
            return
        fi
    done
    return 1
}

missing() {
    echo "Missing: $1" >&2
    echo "Install it with one of:" >&2
    printf '    %s\n' "${@:2}" >&2
    exit 1
}

python=$(find_python) || missing "Python 3.11 or newer" \
    "sudo apt-get install python3 python3-venv" "sudo dnf install python3" "brew install python"
"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || missing "the module venv of $python" \
    "sudo apt-get install python3-venv" "sudo dnf install python3"

install() {
    local folder=$1
    shift
    "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@" ||
        { echo "The packages could not be installed. Is the network there? Try again with: make test" >&2; exit 1; }
}

if [ "${1:-}" = --pins ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    "$python" -m venv "$folder/venv"
    install "$folder/venv" --editable '.[dev,browser]'
    {
        echo "# The exact releases that the tests ran with. Made anew with: make pins"
        "$folder/venv/bin/python" -m pip freeze --exclude-editable | grep -E '^[A-Za-z0-9._-]+==[^ ]+$'
    } >"$folder/pins"
    cp "$folder/pins" constraints.txt
    exit
fi

if [ "${1:-}" = --browser ]; then
    folder=$2
    "$folder/bin/python" -c 'import axe_playwright_python, playwright' 2>/dev/null ||
        install "$folder" --constraint constraints.txt --editable '.[dev,browser]'
    if ! command -v chromium >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing chromium" >&2
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 || true
    fi
    command -v chromium >/dev/null || missing "the browser chromium" \
        "sudo apt-get install chromium" "sudo dnf install chromium" "brew install chromium"
    exit
fi

folder=$1
"$folder/bin/python" -c "import sys; sys.exit(sys.version_info < $lowest)" >/dev/null 2>&1 ||
    { echo "Making an environment in $folder with $("$python" --version)" >&2; "$python" -m venv --clear "$folder"; }
echo "Installing what constraints.txt pins" >&2
install "$folder" --constraint constraints.txt --editable '.[dev]'
