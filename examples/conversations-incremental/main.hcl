# New conversations are appended.

connection "intercom" "main" {
  # A simulated workspace, so that this applies anywhere. For your own account put
  # access_token = env("INTERCOM_ACCESS_TOKEN") in place of the sandbox block.
  sandbox {
    contacts      = 200
    conversations = 60
  }
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
}
