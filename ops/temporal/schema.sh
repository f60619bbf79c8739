#!/bin/sh
# Makes the tables of Temporal's two databases, or brings them up to date. Safe to repeat. The databases are there, and
# belong to the user. Where they are is in the variables that temporal-sql-tool reads: SQL_PLUGIN, SQL_HOST, SQL_PORT,
# SQL_USER, SQL_PASSWORD.
set -eu

bring_up_to_date() {
  temporal-sql-tool --db "$1" setup-schema --version 0.0
  temporal-sql-tool --db "$1" update-schema --schema-name "$2"
}

bring_up_to_date temporal postgresql/v12/temporal
bring_up_to_date temporal_visibility postgresql/v12/visibility
