module "empty" {
  source = "./modules/empty" # ERROR: No configuration files
}
