# The list of segments.

connection "intercom" "main" {
  # A simulated workspace, so that this applies anywhere. For your own account put
  # access_token = env("INTERCOM_ACCESS_TOKEN") in place of the sandbox block.
  sandbox {
    contacts      = 200
    conversations = 60
  }
}

source "intercom" "segments" {
  connection = connection.intercom.main
  stream     = "segments"
}

target "parquet" "segments" {
  source      = source.intercom.segments
  database    = "crm"
  mode        = "replace"
  time_column = "created_at"
  partition   = "none"
}
