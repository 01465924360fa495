# What the picture in the README is a recording of.

connection "intercom" "demo" {
  sandbox {
    contacts = 4000
    latency  = "120ms"
  }
}

schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "Asia/Tokyo"
  delay    = "30m"
}

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
  schedule    = schedule.nightly
}

source "intercom" "leads" {
  connection  = connection.intercom.demo
  stream      = "leads"
  incremental = true
}

target "parquet" "leads" {
  source      = source.intercom.leads
  database    = "crm"
  time_column = "created_at"
  schedule    = schedule.nightly
}
