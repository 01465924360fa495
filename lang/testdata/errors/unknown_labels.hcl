connection "intercomm" "acme" {} # ERROR: Unknown provider

target "parkett" "users" { # ERROR: Unknown table format
  source = source.intercom.users
}

connection "intercom" "acme" {}

source "intercom" "users" {
  connection = connection.intercom.acme
  stream     = "users"
}

targett "parquet" "x" { # ERROR: Unsupported block type
}

connection "intercom" { # ERROR: Missing name for connection
}

target "iceberg" "leads" { # ERROR: Unknown table format
  source = source.intercom.users
}
