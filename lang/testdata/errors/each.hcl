connection "intercom" "acme" {
  region = each.key # ERROR: each outside for_each
}

source "intercom" "all" {
  for_each   = toset(["users", "tags"])
  connection = connection.intercom.acme
  stream     = each.key
}

target "parquet" "one" {
  source = source.intercom.all # ERROR: Incomplete reference
}

target "parquet" "missing" {
  source = source.intercom.all["tagz"] # ERROR: Unknown instance
}

target "parquet" "keyed" {
  source = source.intercom.all["tags"]
  schedule = schedule.nightly["x"] # ERROR: Unknown instance
}

target "parquet" "number" {
  source = source.intercom.all[0] # ERROR: Unknown instance
}

schedule "nightly" {
  cron = "@daily"
}
