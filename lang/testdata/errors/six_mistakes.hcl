connection "intercom" "acme" {
  region = "uk" # ERROR: Invalid value
}

source "intercom" "users" {
  connection = connection.intercom.acme
  stream     = "user" # ERROR: Unknown stream
}

target "parquet" "users" {
  source   = source.intercom.users
  mode     = "apend" # ERROR: Invalid value
  schedule = schedule.nigthly # ERROR: Unknown reference
}

schedule "nightly" {
  cron = "10 25 * * *" # ERROR: Invalid schedule
}

output "where" {
  value = local.nowhere # ERROR: Unknown reference
}
