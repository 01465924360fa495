variable "region" {
  type    = string
  default = "us"
}

output "region" {
  value = var.region
}
