# VAR: nmae=x
# VAR: count=many
# VAR: list=[1,
# VARFILE: broken.vars
# ENV: INLAY_VAR_cuont=1
# ELSEWHERE: Unknown variable
# ELSEWHERE: Unknown variable
# ELSEWHERE: Invalid variables file
# ELSEWHERE: Null variable
# ELSEWHERE: Unknown variable
variable "name" { # ERROR: Variable without a value
  type = string
}

variable "count" { # ERROR: Invalid variable value
  type = number
}

variable "list" { # ERROR: Invalid variable value
  type = list(number)
}

variable "typed" {
  type = strng # ERROR: Invalid type specification
}

variable "default" {
  type    = number
  default = "many" # ERROR: Invalid variable default
}

variable "never_null" {
  nullable = false
}

variable "even" { # ERROR: Variable value refused
  type    = number
  default = 3
  validation {
    condition     = var.even % 2 == 0
    error_message = "The number must be even."
  }
}

variable "odd_rule" {
  type    = number
  default = 3
  validation {
    condition     = "perhaps" # ERROR: Invalid validation
    error_message = "x"
  }
  validation {
    condition     = var.odd_rule > local.x # ERROR: Invalid validation
    error_message = "x"
  }
}

variable "flags" {
  default   = 1
  sensitive = "yes" # ERROR: Wrong type
}

locals {
  x = 1
}

output "name" {
  value = var.name
}
