# Each run adds a whole copy of the list.

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
  source   = source.intercom.tags
  database = "crm"
  mode     = "append"
}
