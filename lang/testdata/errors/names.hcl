connection "intercom" "a b" {} # ERROR: Invalid name

schedule "1st" { # ERROR: Invalid name
  cron = "@daily"
}

variable "größe" { # ERROR: Invalid name
  default = 1
}

locals {
  größe = 2 # ERROR: Invalid name
}
