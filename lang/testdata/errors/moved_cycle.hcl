locals {}

moved { # ERROR: Invalid moved block
  from = schedule.a
  to   = schedule.b
}

moved { # ERROR: Invalid moved block
  from = schedule.b
  to   = schedule.a
}
