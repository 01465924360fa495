schedule "now" {
  cron = "@daily"
}

schedule "many" {
  for_each = toset(["a"])
  cron     = "@daily"
}

moved { # ERROR: Invalid moved block
  from = schedule.now
  to   = schedule.many["a"]
}

moved { # ERROR: Invalid moved block
  from = schedule.old
  to   = schedule.nwo
}

moved {
  from = schedule.older
  to   = source.intercom.users # ERROR: Invalid moved block
}

moved {
  from = "schedule.${1}" # ERROR: Invalid moved block
  to   = schedule.now
}

moved { # ERROR: Missing attribute
  from = schedule.oldest
}

removed {
  from = schedule.now # ERROR: Invalid removed block
}

removed {
  from = target.parquet.gone
  data = "burn" # ERROR: Invalid value
}
