# ENV: TOKEN=secret-value
variable "token" {
  sensitive = true
  default   = "abc"
}

locals {
  header = "Bearer ${var.token}"
  outer  = { inner = local.header }
}

connection "intercom" "acme" {
  access_token = env("TOKEN")
  api_version  = local.outer.inner # ERROR: Sensitive value would be stored
  region       = env("REGION") # ERROR: Ephemeral value would be stored
}

connection "intercom" "other" {
  access_token = local.header
  api_version  = upper(env("TOKEN")) # ERROR: Ephemeral value would be stored
}

source "intercom" "users" {
  connection = connection.intercom.acme
  stream     = "users"
}

target "parquet" "users" {
  source   = source.intercom.users
  database = parseint(env("TOKEN"), 10) # ERROR: Invalid function argument
  dynamic "column" {
    for_each = { (var.token) = 1 } # ERROR: Sensitive dynamic block
    labels   = ["plan"]
    content {
      from = "email"
    }
  }
}

output "token" {
  value = var.token # ERROR: Sensitive output
}

output "env" {
  sensitive = true
  value     = "x${env("TOKEN")}" # ERROR: Ephemeral output
}
