# A look at what is new decides whether the table is read and replaced.

connection "intercom" "main" {
  # A simulated workspace, so that this applies anywhere. For your own account put
  # access_token = env("INTERCOM_ACCESS_TOKEN") in place of the sandbox block.
  sandbox {
    contacts      = 200
    conversations = 60
  }
}

source "intercom" "users" {
  connection  = connection.intercom.main
  stream      = "users"
  incremental = true
}

target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  mode        = "replace_on_new_data"
  time_column = "created_at"
}
