# Nothing is due while the schedule is paused.

connection "intercom" "main" {
  # A simulated workspace, so that this applies anywhere. For your own account put
  # access_token = env("INTERCOM_ACCESS_TOKEN") in place of the sandbox block.
  sandbox {
    contacts      = 200
    conversations = 60
  }
}

schedule "nightly" {
  cron   = "@daily"
  paused = true
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
