schedule "a" {
  cron    = "@daily"
  enabled = "perhaps" # ERROR: Invalid enabled
  lifecycle {
    prevent_destroy = "maybe" # ERROR: Invalid prevent_destroy
  }
  lifecycle {} # ERROR: Repeated block
}

schedule "b" {
  cron = "@daily"
  lifecycle {
    prevent_destroyed = true # ERROR: Unsupported argument
  }
}
