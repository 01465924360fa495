connection "intercom" "both" {
  access_token = env("TOKEN") # WARNING: Surprising connection
  rate_limit   = 90 # ERROR: Invalid connection
  oauth {
    client_id = "abc"
  }
}
