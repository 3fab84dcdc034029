#!/usr/bin/env bash
# tools/fuzz/run.sh [seconds] [target ...]
#
# Builds the fuzz targets with clang's libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer, and
# runs each for so many seconds. Inputs that violate a property or crash are kept in
# tools/fuzz/found/TARGET-*; what was mended becomes an input in tools/fuzz/corpus/TARGET, which every
# run begins with.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
seconds=${1:-900}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(families factors row_file text)
compiler=$(command -v clang++ || ls /usr/bin/clang++-* 2>/dev/null | tail -n 1)
eigen=$(Rscript -e 'cat(system.file("include", package = "RcppEigen"))')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p found

status=0
for target in "${targets[@]}"; do
  sources=("$target.cpp")
  [ "$target" = factors ] && sources+=(../../src/core_linalg.cpp)
  [ "$target" = families ] && sources+=(../../src/core_family.cpp ../../src/core_linalg.cpp)
  [ "$target" = row_file ] && sources+=(../../src/row_file.cpp ../../src/files.cpp
    ../../src/core_design.cpp ../../src/core_linalg.cpp)
  libraries=()
  if [ "$target" = text ]; then
    sources+=(../../src/text_rows.cpp ../../src/text_values.cpp ../../src/unpack.cpp)
    libraries=(-lz -lbz2 -llzma)
  fi
  "$compiler" -std=c++17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
    -isystem "$eigen" -I../../src/core -I../../src "${sources[@]}" \
    "${libraries[@]}" -o "$work/$target"
  mkdir -p "corpus/$target" "$work/new-$target"
  "$work/$target" -max_total_time="$seconds" -max_len=4096 -artifact_prefix="found/$target-" \
    -print_final_stats=1 "$work/new-$target" "corpus/$target" >"$work/log" 2>&1 || {
    status=1
    grep -aE 'violated|ERROR|SUMMARY|runtime error' "$work/log" | head -n 20
  }
  echo "$target: $(grep -ao 'stat::number_of_executed_units: *[0-9]*' "$work/log" |
    grep -o '[0-9]*$' || echo 'no count of') inputs in $seconds s"
done
exit $status
