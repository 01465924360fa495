# All conversations, read whole in every run.

connection "intercom" "main" {
  # A simulated workspace, so that this applies anywhere. For your own account put
  # access_token = env("INTERCOM_ACCESS_TOKEN") in place of the sandbox block.
  sandbox {
    contacts      = 200
    conversations = 60
  }
}

source "intercom" "conversations" {
  connection = connection.intercom.main
  stream     = "conversations"
}

target "parquet" "conversations" {
  source      = source.intercom.conversations
  database    = "crm"
  mode        = "replace"
  time_column = "created_at"
}
