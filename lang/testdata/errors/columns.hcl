connection "intercom" "acme" {}

source "intercom" "users" {
  connection  = connection.intercom.acme
  stream      = "users"
  incremental = true
}

target "parquet" "selection" {
  source  = source.intercom.users
  columns = ["*", "-emial"] # ERROR: Invalid column
}

target "parquet" "key" {
  source  = source.intercom.users
  columns = ["-id"] # ERROR: Invalid column
}

target "parquet" "from" {
  source = source.intercom.users
  column "plan" {
    from = "custom_atributes.plan" # ERROR: Invalid column
  }
}

target "parquet" "reserved" {
  source = source.intercom.users
  column "_mine" { # ERROR: Invalid column
    from = "email"
  }
}

target "parquet" "hash" {
  source = source.intercom.users
  column "email" {
    hash = true # ERROR: Invalid column
  }
}

target "parquet" "wrong_time" {
  source      = source.intercom.users
  time_column = "email" # ERROR: Invalid time column
}

target "parquet" "unknown_time" {
  source      = source.intercom.users
  time_column = "creatd_at" # ERROR: Invalid time column
}

target "parquet" "both_times" {
  source      = source.intercom.users
  time_column = "created_at"
  time { # ERROR: Invalid time column
    from = "email"
  }
}

target "parquet" "sorted" {
  source  = source.intercom.users
  sort_by = ["emal"] # ERROR: Invalid column
}

target "parquet" "expect" {
  source = source.intercom.users
  expect "nothing" { # ERROR: Invalid expectation
  }
  expect "typo" {
    not_null = ["emai"] # ERROR: Invalid expectation
  }
  expect "condition" {
    condition = "creatd_at != null && email != \"\"" # ERROR: Invalid expectation
  }
  expect "grammar" {
    condition = "length(email) > 3" # ERROR: Malformed value
  }
  expect "kinds" {
    condition = "email > 3" # ERROR: Invalid expectation
  }
  expect "no answer" {
    condition = "email" # ERROR: Invalid expectation
  }
  expect "time" {
    condition = "created_at > \"2026-01-01\" && created_at < updated_at"
  }
  expect "values" {
    accepted_values = { email = "a" } # ERROR: Invalid expectation
  }
}

target "parquet" "with-dash" { # ERROR: Malformed value
  source = source.intercom.users
}
