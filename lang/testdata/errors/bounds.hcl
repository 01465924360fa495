connection "intercom" "acme" {}

source "intercom" "tags" {
  connection = connection.intercom.acme
  stream     = "tags"
}

target "parquet" "tags" {
  source     = source.intercom.tags
  max_shrink = 50 # ERROR: Out of range
  retain     = -1 # ERROR: Out of range
}
