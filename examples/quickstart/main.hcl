# Four tables from a simulated workspace: no account, no token, nothing to set up.
#
#   inlay -chdir=examples/quickstart apply
#
# The workspace grows with time, so a later import finds more.

connection "intercom" "demo" {
  sandbox {
    contacts      = 5000
    conversations = 800
    growth        = "10m"
  }
}

schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "Asia/Tokyo"
  delay    = "30m"
}

schedule "hourly" {
  cron     = "@hourly"
  timezone = "UTC"
}

# Rows created since the last run are appended, none twice and none missed.

source "intercom" "users" {
  connection  = connection.intercom.demo
  stream      = "users"
  incremental = true
}

target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  mode        = "append"
  time_column = "created_at"
  timezone    = "Asia/Tokyo"
  schedule    = schedule.nightly
}

source "intercom" "conversations" {
  connection  = connection.intercom.demo
  stream      = "conversations"
  incremental = true
}

target "parquet" "conversations" {
  source      = source.intercom.conversations
  database    = "crm"
  mode        = "append"
  time_column = "created_at"
  schedule    = schedule.hourly
}

# Small lists are read whole and replaced.

source "intercom" "tags" {
  connection = connection.intercom.demo
  stream     = "tags"
}

target "parquet" "tags" {
  source    = source.intercom.tags
  database  = "crm"
  mode      = "replace"
  partition = "none"
  schedule  = schedule.nightly
}

source "intercom" "segments" {
  connection = connection.intercom.demo
  stream     = "segments"
}

target "parquet" "segments" {
  source    = source.intercom.segments
  database  = "crm"
  mode      = "replace"
  partition = "none"
  schedule  = schedule.nightly
}
