connection "intercom" "acme" {}

source "intercom" "typo" {
  connection = connection.intercom.acme
  stream     = "userz" # ERROR: Unknown stream
}

source "intercom" "tags" {
  connection  = connection.intercom.acme
  stream      = "tags"
  incremental = true # ERROR: Stream cannot be read incrementally
}

source "intercom" "users" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
  cursor      = "created" # ERROR: Invalid cursor
}

source "intercom" "new" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
}

source "intercom" "events" {
  connection = connection.intercom.acme
  stream     = "events"
}

target "parquet" "lossy" {
  source = source.intercom.new
  mode   = "replace" # ERROR: Mode does not fit the source
}

target "parquet" "deletes" {
  source  = source.intercom.tags
  deletes = "mark" # ERROR: Invalid deletes
}

target "parquet" "deletes_new" {
  source  = source.intercom.new
  mode    = "upsert"
  deletes = "remove" # ERROR: Invalid deletes
}

target "parquet" "keyless" {
  source      = source.intercom.events
  mode        = "upsert" # ERROR: Invalid key
  time_column = "time"
}

target "parquet" "key" {
  source = source.intercom.tags
  key    = ["idd"] # ERROR: Invalid key
}

target "parquet" "taken" {
  source = source.intercom.events # ERROR: Column time is taken
}

target "parquet" "same" {
  source = source.intercom.tags
  table  = "TAKEN" # ERROR: Two targets with one table
}
