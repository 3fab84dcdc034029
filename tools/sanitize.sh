#!/usr/bin/env bash
# tools/sanitize.sh [address|thread] [filter]
#
# Builds the package with a sanitizer and runs the tests that reach C++ (those whose files match
# `filter`); fails if the sanitizer reports anything. `address` is AddressSanitizer together with
# UndefinedBehaviorSanitizer, over all of them; `thread` is ThreadSanitizer, over threaded fits of
# every storage (tools/threaded-fits.R). Reports are kept in sanitizer-logs/.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
kind=${1:-address}
filter=${2:-'aliasing|convergence|confint|design|engine|fit|kernels|lr-test|model|passes|patterns|penalised|penalty|profile|properties|reference|rows|sandwich|separation|solve|source|stored|sums'}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
logs=$PWD/sanitizer-logs
rm -rf "$logs"
mkdir -p "$logs" "$work/library"

case $kind in
  address) flags="-fsanitize=address,undefined -fno-sanitize=vptr"; runtime=libasan.so ;;
  thread) flags="-fsanitize=thread"; runtime=libtsan.so ;;
  *) echo "$kind: neither address nor thread" >&2; exit 2 ;;
esac
cat >"$work/Makevars" <<EOF
CXX17 = g++
CXX17FLAGS = -O1 -g -fno-omit-frame-pointer $flags
SHLIB_CXX17LDFLAGS = -shared $flags
EOF

# Leaks are R's own: it frees nothing when it ends. The first library loaded must be the sanitizer's,
# and exceptions are those of the C++ library after it.
preload="$(gcc -print-file-name=$runtime) $(gcc -print-file-name=libstdc++.so.6)"
export ASAN_OPTIONS="detect_leaks=0:detect_odr_violation=0:log_path=$logs/address:exitcode=0"
export UBSAN_OPTIONS="print_stacktrace=1:log_path=$logs/undefined"
export TSAN_OPTIONS="log_path=$logs/thread:exitcode=0"

R_MAKEVARS_USER="$work/Makevars" R CMD INSTALL --preclean --clean --no-docs --no-test-load \
  --library="$work/library" .
rm -f src/*.o src/*.so
# Its allocator ends the process where ours has a sentence to say.
export R_LIBS="$work/library" NOT_CRAN=true FASTLOGIT_SANITIZED=$kind
if [ "$kind" = address ]; then
  run=(Rscript -e "testthat::test_dir('tests/testthat', filter = '$filter', package = 'fastlogit',
    load_package = 'installed', reporter = 'summary', stop_on_failure = FALSE)")
else
  run=(Rscript tools/threaded-fits.R)
fi
LD_PRELOAD="$preload" "${run[@]}"

if [ -n "$(ls "$logs")" ]; then
  echo "$kind: $(ls "$logs" | wc -l) reports in $logs:" >&2
  head -n 40 "$logs"/* >&2
  exit 1
fi
echo "$kind: nothing found"
