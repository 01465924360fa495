# Several mistakes in one block are all told.

connection "intercom" "acme" {}

source "intercom" "users" {
  connection = connection.intercom.acme
  stream     = "users"
}

target "parquet" "selected" {
  source      = source.intercom.users
  columns     = ["*", "-emial"] # ERROR: Invalid column
  time_column = "creatd_at" # ERROR: Invalid time column
  sort_by     = ["creatd_at"] # ERROR: Invalid column

  expect "texts" {
    condition = "email != ''" # ERROR: Malformed value
  }
  expect "names" {
    not_null = ["emial"] # ERROR: Invalid expectation
  }
  dynamic "expct" { # ERROR: Unsupported block type
    for_each = ["a"]
    content {}
  }
}

target "parquet" "renamed" {
  source  = source.intercom.users
  columns = ["*", "-emial"] # ERROR: Invalid column
  column "a" {
    from = "custom_attribute.plan" # ERROR: Invalid column
  }
  column "b" {
    from = "emial" # ERROR: Invalid column
  }
  time_column = "a"
}

schedule "s" {
  cron     = "@dayly" # ERROR: Invalid schedule
  timezone = "Asia/Tokio" # ERROR: Malformed value
}
