locals {
  a = local.b
  b = local.c
  c = "${local.a}!" # ERROR: Reference cycle
}

schedule "self" {
  cron     = "@daily"
  timezone = schedule.self.timezone # ERROR: Reference cycle
}
