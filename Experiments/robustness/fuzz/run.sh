#!/usr/bin/env bash
# Fuzzes the readers of foreign bytes with libFuzzer: tables, JSON lines, gzip, safetensors. Then says which lines of the
# readers the inputs that it kept pass through.
#
#   Experiments/robustness/fuzz/run.sh [executions a reader: 5000000]
#
# Needs a Swift toolchain for Linux (libFuzzer and llvm-cov come with it). With the default, 20 million executions:
# about twenty minutes on one core, at most 1 GB of memory, on top of two builds of one to two minutes each.
# Ends with an error at the first finding; the input is then under .build-fuzz/findings.
set -euo pipefail
cd "$(dirname "$0")"
executions="${1:-5000000}"
readers="csv jsonl gzip safetensors"
root="$(cd ../../.. && pwd)"
work="$root/.build-fuzz"

# What each reader starts from, and the pieces that it knows.
seed() { mkdir -p "$work/corpus/$1"; cat > "$work/corpus/$1/$2"; }
printf 'u,t,i\nu,5,"a ""b"""\r\n\nv,1970-01-01T00:00:00Z,"x\ny"\n' | seed csv quotes
printf '\xef\xbb\xbfi;x;u\na;;u\nb;"1;\n2";v\n' | seed csv semicolons
printf '{"u":"a","t":5,"i":"\\u0041"}\n{"x":[{"y":[]},null,true,-1.5e3],"u":1,"i":"\\ud83d\\ude00\\n"}\n' | seed jsonl objects
printf 'user\titem\nu\ta\nu\tb\n' | gzip -n | seed gzip member
{ printf 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' | gzip -nc; printf 'b' | gzip -n1c; printf '\0\0'; } | seed gzip members
seed safetensors golden < "$root/Tests/Support/Golden/tiny.safetensors"
head='{"__metadata__":{"a":"b"},"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}  '
{ printf "\\x$(printf %02x ${#head})\\0\\0\\0\\0\\0\\0\\0%s12345678" "$head"; } | seed safetensors number

words() { printf '"%s"\n' "$@" > "$work/words"; }

# A crash is libFuzzer's to report: it keeps the input.
export SWIFT_BACKTRACE=enable=no
nice -n 15 swift build -c release --sanitize fuzzer -Xswiftc -enable-testing --scratch-path "$work" >&2
mkdir -p "$work/findings"
for reader in $readers; do
    case $reader in
    csv) words u t i '\"' '\"\"' ',' ';' '\x0d\x0a' '\x0a' '\x00' '1970-01-01T00:00:00Z' '\xef\xbb\xbf' '\xc3\xa9' ;;
    jsonl) words '\"u\":' '\"t\":' '\"i\":' '{' '}' '[' ']' ',' '\\u0041' '\\ud83d\\ude00' '\\u0000' null true '-1.5e3' '\x0a' '\x00' ;;
    gzip) words '\x1f\x8b\x08' '\x00\x00\x00\x00\x00\x03' '\x03\x00' '\x4b' ;;
    safetensors) words '\"dtype\"' '\"shape\"' '\"data_offsets\"' '__metadata__' F32 F64 I32 U32 I64 '[0,8]' '9223372036854775807' '-1' ;;
    esac
    start=$(date +%s)
    # The largest input holds some tens of rows, or some tensors.
    nice -n 15 "$work/release/fuzz-$reader" -runs="$executions" -seed=20170801 -max_len=1024 -timeout=10 -rss_limit_mb=1024 \
        -dict="$work/words" -artifact_prefix="$work/findings/$reader-" -print_final_stats=1 "$work/corpus/$reader" \
        > "$work/$reader.log" 2>&1 || { tail -n 20 "$work/$reader.log"; exit 1; }
    cov=$(grep -oE 'cov: [0-9]+ ft: [0-9]+' "$work/$reader.log" | tail -n 1)
    echo "$reader: $(grep number_of_executed_units "$work/$reader.log" | grep -oE '[0-9]+') executions, $(($(date +%s) - start)) s, $cov, no finding"
done

nice -n 15 swift build -c release --sanitize fuzzer -Xswiftc -enable-testing -Xswiftc -profile-generate -Xswiftc -profile-coverage-mapping \
    --scratch-path "$work/coverage" >&2
tools="$(dirname "$(readlink -f "$(command -v swift)")")"
files=()
for reader in $readers; do
    LLVM_PROFILE_FILE="$work/$reader.profraw" "$work/coverage/release/fuzz-$reader" -runs=0 -max_len=1024 "$work/corpus/$reader" > /dev/null 2>&1
    files+=("$work/$reader.profraw")
done
"$tools/llvm-profdata" merge -o "$work/all.profdata" "${files[@]}"
binaries=("$work/coverage/release/fuzz-csv")
for reader in ${readers#csv }; do binaries+=(-object "$work/coverage/release/fuzz-$reader"); done
sources=()
for file in Corpora/{LineReader,DelimitedRows,JSONRows,JSONLine,Timestamp,Timestamp+ISO8601,UTF8Validation,GzipBytes} \
    StochasticEM/ModelFolder/Safetensors+{Reading,Writing}; do
    sources+=("$root/Sources/$file.swift")
done
"$tools/llvm-cov" report -show-functions=false -show-branch-summary=false -instr-profile "$work/all.profdata" "${binaries[@]}" -sources "${sources[@]}" \
    | awk '$8 ~ /^[0-9]+$/ { print $1 ": " $8 - $9 " of " $8 " lines" }'
