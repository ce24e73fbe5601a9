#!/usr/bin/env bash
# The job of action.yml: run, gate, report. It writes its outputs and ends with 0; the action's last step ends with the exit code.
set -euo pipefail

words=()
while IFS= read -r target; do
  [ -z "$target" ] || words+=(--target "$target")
done <<<"${TARGETS:-}"
if [ "${LIVE:-false}" = true ]; then
  words+=(--live --max-requests "${MAX_REQUESTS:-300}")
fi

# The worse of two exit codes: 3 the input cannot be used, 1 breaks, 2 undecided, 0 conforms.
worse() {
  for code in 3 1 2; do
    if [ "$1" = "$code" ] || [ "$2" = "$code" ]; then
      echo "$code"
      return
    fi
  done
  echo "$(($1 > $2 ? $1 : $2))"
}

code=0
conformance run --reports "$REPORTS" ${words[@]+"${words[@]}"} || code=$?
mkdir -p "$REPORTS"
summary="$REPORTS/summary.md"
: >"$summary"
if [ -e "$REPORTS/results.json" ]; then
  if [ -n "${BASELINE:-}" ] && [ "$code" != 3 ]; then
    strict=()
    [ "${STRICT:-false}" != true ] || strict=(--strict)
    code=0
    conformance gate "$REPORTS/results.json" --baseline "$BASELINE" ${strict[@]+"${strict[@]}"} >"$REPORTS/gate.txt" || code=$?
    cat "$REPORTS/gate.txt"
  fi
  conformance report "$REPORTS/results.json" --format md --out "$summary"
  [ "${SARIF:-false}" != true ] || conformance report "$REPORTS/results.json" --format sarif --out "$REPORTS/conformance.sarif"
  headline='import json, sys; print(" ".join(json.load(open(sys.argv[1], encoding="utf-8"))["headline"].split()))'
  echo "headline=$(python -c "$headline" "$REPORTS/results.json")" >>"$GITHUB_OUTPUT"
fi
if [ -n "${UPGRADE_FROM:-}" ] && [ -n "${UPGRADE_TO:-}" ]; then
  upgrade=0
  conformance upgrade "$UPGRADE_FROM" "$UPGRADE_TO" --format md >"$REPORTS/upgrade.md" || upgrade=$?
  cat "$REPORTS/upgrade.md" >>"$summary"
  code=$(worse "$code" "$upgrade")
fi
if [ -e "$REPORTS/gate.txt" ]; then
  { echo; echo '```'; cat "$REPORTS/gate.txt"; echo '```'; } >>"$summary"
fi
cat "$summary" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
{
  echo "exit-code=$code"
  echo "summary=$summary"
} >>"$GITHUB_OUTPUT"
