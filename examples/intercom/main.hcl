# Four tables from a real Intercom workspace. It needs nothing but a token:
#
#   export INTERCOM_ACCESS_TOKEN=…      # Developer Hub, your app, Authentication
#   inlay -chdir=examples/intercom plan
#   inlay -chdir=examples/intercom apply
#
# The token is read when it is needed and is stored nowhere.

variable "region" {
  description = "Where the workspace is hosted: us, eu or au."
  type        = string
  default     = "us"
}

connection "intercom" "main" {
  access_token = env("INTERCOM_ACCESS_TOKEN")
  region       = var.region
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
  connection  = connection.intercom.main
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
  connection  = connection.intercom.main
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
  connection = connection.intercom.main
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
  connection = connection.intercom.main
  stream     = "segments"
}

target "parquet" "segments" {
  source    = source.intercom.segments
  database  = "crm"
  mode      = "replace"
  partition = "none"
  schedule  = schedule.nightly
}
