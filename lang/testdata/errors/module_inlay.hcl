# ELSEWHERE: Not allowed in a module
module "own" {
  source = "./modules/inlay"
}
