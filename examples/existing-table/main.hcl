# apply makes no table of its own accord.

connection "intercom" "main" {
  # A simulated workspace, so that this applies anywhere. For your own account put
  # access_token = env("INTERCOM_ACCESS_TOKEN") in place of the sandbox block.
  sandbox {
    contacts      = 200
    conversations = 60
  }
}

source "intercom" "tags" {
  connection = connection.intercom.main
  stream     = "tags"
}

target "parquet" "tags" {
  source      = source.intercom.tags
  database    = "crm"
  mode        = "replace"
  auto_create = false
}
