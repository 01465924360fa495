variable "least" {
  default = 1
}

connection "intercom" "acme" {
  region = eu # ERROR: Text without quotes
}

source "intercom" "conversations" {
  connection = connection.intercom.acme
  stream     = conversations # ERROR: Text without quotes
}

source "intercom" "users" {
  connection = connection.intercom.acme
  stream     = "users"
}

target "parquet" "users" {
  source   = source.intercom.users
  database = locl.name # ERROR: Unknown reference
  table    = "${users}" # ERROR: Unknown reference
  mode     = append # ERROR: Text without quotes

  expect "an age" {
    condition = session_count >= var.least && role == "user" # ERROR: Text without quotes
  }
  expect "a name" {
    condition = length(name) > 0 # ERROR: Text without quotes
  }
}
