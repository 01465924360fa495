# How an account is named. The simulated workspace needs no credentials, so they stand in comments.

connection "intercom" "main" {
  # oauth {
  #   client_id     = "your app's client id"
  #   client_secret = env("INTERCOM_CLIENT_SECRET")
  # }
  # or access_token = env("INTERCOM_ACCESS_TOKEN")
  # or app_id and api_key, which are deprecated and lose against both
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
  mode     = "replace"
}
