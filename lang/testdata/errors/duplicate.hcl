inlay {}

inlay {} # ERROR: Declared twice

variable "a" {
  default = 1
}

variable "a" { # ERROR: Declared twice
  default = 2
}

locals {
  x = 1
}

locals {
  x = 2 # ERROR: Declared twice
}

schedule "nightly" {
  cron = "@daily"
}

schedule "nightly" { # ERROR: Declared twice
  cron = "@hourly"
}

connection "intercom" "acme" {}

connection "intercom" "acme" {} # ERROR: Declared twice

output "o" {
  value = 1
}

output "o" { # ERROR: Declared twice
  value = 2
}
