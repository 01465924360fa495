variable "secret" {
  type      = set(string)
  sensitive = true
  default   = ["a"]
}

schedule "list" {
  for_each = ["a", "b"] # ERROR: Invalid for_each
  cron     = "@daily"
}

schedule "text" {
  for_each = "a" # ERROR: Invalid for_each
  cron     = "@daily"
}

schedule "nothing" {
  for_each = null # ERROR: Invalid for_each
  cron     = "@daily"
}

schedule "numbers" {
  for_each = toset([1, 2]) # ERROR: Invalid for_each
  cron     = "@daily"
}

schedule "empty_key" {
  for_each = toset([""]) # ERROR: Invalid for_each
  cron     = "@daily"
}

schedule "secret" {
  for_each = var.secret # ERROR: Sensitive for_each
  cron     = "@daily"
}

schedule "same_mistake_in_each" {
  for_each = toset(["a", "b", "c"])
  cron     = "@dayly" # ERROR: Invalid schedule
}
