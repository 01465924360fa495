module "remote" {
  source = "github.com/example/workspace" # ERROR: Invalid module source
}

module "none" { # ERROR: Missing attribute
}

module "computed" {
  source = "./modules/${local.which}" # ERROR: Variables not allowed
}

locals {
  which = "plain"
}
