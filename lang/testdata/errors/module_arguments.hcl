module "typo" {
  source = "./modules/plain"
  regoin = "eu" # ERROR: Unknown module argument
}

module "missing" { # ERROR: Missing module argument
  source = "./modules/needs"
}

module "fine" {
  source = "./modules/plain"
}

output "typo" {
  value = module.fine.regoin # ERROR: Unknown reference
}

output "unknown" {
  value = module.fien.region # ERROR: Unknown reference
}

output "incomplete" {
  value = module["fine"] == null ? module : 1 # ERROR: Incomplete reference
}
