# ELSEWHERE: Module includes itself
module "loop" {
  source = "./modules/loop"
}
