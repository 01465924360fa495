connection "intercom" "acme" {}

source "intercom" "users" {
  connection = connection.intercom.amce # ERROR: Unknown reference
  stream     = "users"
}

source "intercom" "tags" {
  connection = conection.intercom.acme # ERROR: Unknown reference
  stream     = "tags"
}

source "intercom" "unfinished" {
  connection = connection.intercom # ERROR: Incomplete reference
  stream     = "tags"
}

source "intercom" "quoted" {
  connection = "connection.intercom.acme" # ERROR: Not a reference
  stream     = "tags"
}

source "intercom" "other" {
  connection = source.intercom.good # ERROR: Wrong kind of reference
  stream     = "tags"
}

source "intercom" "number" {
  connection = 7 # ERROR: Not a reference
  stream     = "tags"
}

source "intercom" "good" {
  connection = connection.intercom.acme
  stream     = "tags"
}

locals {
  a = local.missing # ERROR: Unknown reference
  b = var.missing # ERROR: Unknown reference
  c = source.intercom.good.strem # ERROR: Unsupported attribute
  d = upperr("x") # ERROR: Call to unknown function
  e = { region = "eu" }
  f = local.e.regoin # ERROR: Unsupported attribute
  g = schedule # ERROR: Incomplete reference
  h = hello # ERROR: Unknown reference
  i = var # ERROR: Incomplete reference
}
