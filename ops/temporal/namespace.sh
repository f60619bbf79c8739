#!/bin/sh
# Makes the namespace as soon as the server serves. Safe to repeat. Which one and where is in the variables that the
# tool reads: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE.
set -eu

# an open port is not yet a server that serves
tries=60
until temporal operator cluster health; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || exit 1
  sleep 1
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 30d
