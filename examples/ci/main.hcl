# A configuration that is applied from CI. Every job runs in a fresh clone, so tables and
# state stand outside of it, in a folder of the runner: INLAY_VAR_data names it.

variable "data" {
  description = "The folder that holds tables and state, and outlives every job."
  type        = string
}

inlay {
  warehouse = "${var.data}/warehouse"
  state     = "${var.data}/state.json"
}

connection "intercom" "main" {
  access_token = env("INTERCOM_ACCESS_TOKEN")
}

schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "Asia/Tokyo"
}

source "intercom" "tags" {
  connection = connection.intercom.main
  stream     = "tags"
}

target "parquet" "tags" {
  source   = source.intercom.tags
  database = "crm"
  mode     = "replace"
  schedule = schedule.nightly
}
