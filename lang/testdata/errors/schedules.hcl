schedule "never" {
  cron = "0 0 30 2 *" # ERROR: Invalid schedule
}

schedule "zone" {
  cron     = "@daily"
  timezone = "EST" # ERROR: Malformed value
}

schedule "long" {
  cron  = "@daily"
  delay = "400d" # ERROR: Invalid schedule
}

schedule "either" {
  cron = "0 0 1 * 1" # WARNING: Surprising schedule
}
