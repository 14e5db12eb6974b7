#!/bin/bash
# Registration under fire: what clients were told, what is there afterwards and
# what was mailed agree, whatever was killed.  HISTORY_SEED plays a seed again.
set -euo pipefail

if [ -z "${CONVENE_URL:-}" ] || [ -z "${CONVENE_MAIL:-}" ]; then
	echo "1..0 # SKIP no running instance"
	exit 0
fi
here=$(dirname "$0")/history
python3 "$here/doctored.py"
exec python3 "$here/run.py" ${HISTORY_SEED:+--seed "$HISTORY_SEED"} \
    ${HISTORY_MINUTES:+--minutes "$HISTORY_MINUTES" --seconds 60 --clients 150}
