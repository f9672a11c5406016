#!/usr/bin/env bash
# Takes the folder of an environment; makes it, or says what is missing and the command that installs it.
# With --all it adds what `make test-all` needs: a browser, a PostgreSQL and a Java of the system, and what drives them.
# With --pins it resolves the dependencies anew in a folder of its own and writes constraints.txt.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

lowest='(3, 11)'
pause=${PAUSE:-10}
postgresql=${POSTGRESQL:-/usr/lib/postgresql} # where Debian keeps the programs of the server, off the PATH

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

# A slow network is no failure.
three_times() {
    local try
    for try in 1 2 3; do
        "$@" && return
        [ "$try" = 3 ] || sleep $((try * pause))
    done
    return 1
}

install() {
    local folder=$1
    shift
    three_times "$folder/bin/python" -m pip install --quiet --disable-pip-version-check "$@" ||
        { echo "The packages could not be installed. Is the network there? Try again with: make test" >&2; exit 1; }
}

has_postgresql() {
    local each
    for each in "$(command -v initdb)" "$postgresql"/*/bin/initdb; do
        [ -x "$each" ] && return
    done
    return 1
}

has_java() {
    local told
    told=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1) || return 1
    [[ $told =~ \"([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 17 ]
}

# What the system lacks, each as `what it is|Debian's name|Fedora's name|Homebrew's name`.
lacking() {
    command -v chromium >/dev/null || echo "the browser chromium|chromium|chromium|chromium"
    has_postgresql || echo "a PostgreSQL server|postgresql|postgresql-server|postgresql"
    has_java || echo "Java 17 or newer|openjdk-17-jre-headless|java-17-openjdk-headless|openjdk@17"
}

column() {
    local number=$1 between=$2 line fields all=
    while IFS= read -r line; do
        IFS='|' read -ra fields <<<"$line"
        all=$all${all:+$between}${fields[number]}
    done
    echo "$all"
}

install_in_debian() {
    local ways=(-qq -o Acquire::Retries=5 -o DPkg::Lock::Timeout=120)
    apt-get update "${ways[@]}" || return
    # Debian 13 has 21 in place of 17.
    apt-cache show openjdk-17-jre-headless >/dev/null 2>&1 || set -- "${@/openjdk-17/default}"
    DEBIAN_FRONTEND=noninteractive apt-get install -y "${ways[@]}" "$@"
}

if [ "${1:-}" = --all ]; then
    folder=$2
    lacks=$(lacking)
    if [ -n "$lacks" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $(column 0 ", " <<<"$lacks")" >&2
        log=$(mktemp)
        # shellcheck disable=SC2046  each name is an argument
        three_times install_in_debian $(column 1 " " <<<"$lacks") >"$log" 2>&1 || tail -n 5 "$log" >&2
        rm -f "$log"
        lacks=$(lacking)
    fi
    [ -z "$lacks" ] || missing "$(column 0 ", " <<<"$lacks")" "sudo apt-get install $(column 1 " " <<<"$lacks")" \
        "sudo dnf install $(column 2 " " <<<"$lacks")" "brew install $(column 3 " " <<<"$lacks")"
    echo "Installing what the tests of pages, of PostgreSQL, of Spark and of other engines need" >&2
    install "$folder" --constraint constraints.txt --editable '.[dev,browser,postgres,spark,bench]'
    exit
fi

python=$(find_python) || missing "Python 3.11 or newer" \
    "sudo apt-get install python3 python3-venv" "sudo dnf install python3" "brew install python"
"$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || missing "the module venv of $python" \
    "sudo apt-get install python3-venv" "sudo dnf install python3"

if [ "${1:-}" = --pins ]; then
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    "$python" -m venv "$folder/venv"
    install "$folder/venv" --editable '.[dev,browser,postgres,spark,bench]'
    {
        echo "# The exact releases that the tests ran with. Made anew with: make pins"
        "$folder/venv/bin/python" -m pip freeze --exclude-editable | grep -E '^[A-Za-z0-9._-]+==[^ ]+$'
    } >"$folder/pins"
    cp "$folder/pins" constraints.txt
    exit
fi

folder=$1
"$folder/bin/python" -c "import sys; sys.exit(sys.version_info < $lowest)" >/dev/null 2>&1 ||
    { echo "Making an environment in $folder with $("$python" --version)" >&2; "$python" -m venv --clear "$folder"; }
echo "Installing what constraints.txt pins" >&2
install "$folder" --constraint constraints.txt --editable '.[dev]'
