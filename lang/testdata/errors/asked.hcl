
connection "intercom" "acme" {}

source "intercom" "mistyped" {
  connection = connection.intercom.acme
  stream     = "users"
  filter     = { rolle = "user" } # ERROR: Invalid filter
}

source "intercom" "unfiltered" {
  connection = connection.intercom.acme
  stream     = "tags"
  filter     = { name = "vip" } # ERROR: Invalid filter
}

source "intercom" "right" {
  connection = connection.intercom.acme
  stream     = "users"
  filter     = { role = "user", "custom_attributes.plan" = "pro" }
  expand     = ["tags"]
}

source "intercom" "half_a_name" {
  connection = connection.intercom.acme
  stream     = "users"
  filter     = { "custom_attributes." = "pro" } # ERROR: Invalid filter
}

source "intercom" "nothing_to_complete" {
  connection = connection.intercom.acme
  stream     = "tags"
  expand     = ["tags"] # ERROR: Invalid expand
}

source "intercom" "other_list" {
  connection = connection.intercom.acme
  stream     = "conversations"
  expand     = ["companies"] # ERROR: Invalid expand
}
