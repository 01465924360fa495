# What is kept of one workspace.

variable "connection" {
  description = "The connection to read from."
}

variable "schedule" {
  description = "When to import."
}

variable "database" {
  type        = string
  description = "The database that the tables go to."
}

source "intercom" "users" {
  connection  = var.connection
  stream      = "users"
  incremental = true
}

target "parquet" "users" {
  source      = source.intercom.users
  database    = var.database
  time_column = "created_at"
  schedule    = var.schedule
}

# Small lists are read whole and replaced.

source "intercom" "lists" {
  for_each   = toset(["tags", "segments", "teams"])
  connection = var.connection
  stream     = each.key
}

target "parquet" "lists" {
  for_each  = source.intercom.lists
  source    = each.value
  database  = var.database
  table     = each.key
  mode      = "replace"
  partition = "none"
  schedule  = var.schedule
}

output "database" {
  value = var.database
}
