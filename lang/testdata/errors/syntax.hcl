connection "intercom" "acme" {}

source "intercom" "users" {
  connection = connection.intercom.acme
  stream     = "users"
  since      = 90d # ERROR: Missing newline after argument
}

schedule "daily" {
  cron = @daily # ERROR: Invalid character
}

target "parquet" "users" {
  source = source.intercom.users
  expect "an address" {
    condition = email like '%@%' # ERROR: Invalid character
  }
}
