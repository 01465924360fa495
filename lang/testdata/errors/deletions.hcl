# ENV: HASH_KEY=k

inlay { hash_key = env("HASH_KEY") }

connection "intercom" "acme" {}

source "intercom" "users" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
}

source "intercom" "talks" {
  connection  = connection.intercom.acme
  stream      = "conversations"
  incremental = true
}

target "parquet" "unseen" {
  source  = source.intercom.users
  mode    = "upsert"
  deletes = "mark" # ERROR: Invalid deletes
}

target "parquet" "told" {
  source  = source.intercom.talks
  mode    = "upsert"
  deletes = "mark"
}

target "parquet" "renamed" {
  source  = source.intercom.talks
  mode    = "upsert"
  deletes = "remove"

  column "conversation" { from = "id" }
}

target "parquet" "other_key" {
  source  = source.intercom.talks
  mode    = "upsert"
  key     = ["updated_at"]
  deletes = "remove" # ERROR: Invalid deletes
}

target "parquet" "hashed" {
  source  = source.intercom.talks
  mode    = "upsert"
  deletes = "remove" # ERROR: Invalid deletes

  column "id" { hash = true }
}
