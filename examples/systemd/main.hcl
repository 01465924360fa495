# One import a night, started by another scheduler than ours.

connection "intercom" "main" {
  # A simulated workspace, so that this applies anywhere. For your own account put
  # access_token = env("INTERCOM_ACCESS_TOKEN") in place of the sandbox block.
  sandbox {
    contacts = 200
  }
}

schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "Asia/Tokyo"
  delay    = "30m"
}

source "intercom" "users" {
  connection  = connection.intercom.main
  stream      = "users"
  incremental = true
}

target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  time_column = "created_at"
  schedule    = schedule.nightly
}
