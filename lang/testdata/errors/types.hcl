connection "intercom" "acme" {
  api_version = 2.16 # ERROR: Wrong type
  rate_limit  = "most" # ERROR: Wrong type
  max_calls   = 1.5 # ERROR: Wrong type
  region      = "uss" # ERROR: Invalid value
  app_id      = "x" # WARNING: Deprecated attribute
  base_url    = "api.example.com" # ERROR: Malformed value
  oauth { # ERROR: Missing attribute
  }
  oauth {} # ERROR: Repeated block
}

source "intercom" "users" {
  connection = connection.intercom.acme
  stream     = "users"
  since      = "31/12/2026" # ERROR: Malformed value
  lookback   = "one hour" # ERROR: Malformed value
  filter     = ["role"] # ERROR: Wrong type
  expand     = ["tagz"] # ERROR: Invalid value
}

source "intercom" "nameless" { # ERROR: Missing attribute
  stream = "tags"
}

target "parquet" "users" {
  source        = source.intercom.users
  database      = "c/r/m" # ERROR: Malformed value
  max_file_size = "big" # ERROR: Malformed value
  retain        = [2] # ERROR: Wrong type
  columns       = "id" # ERROR: Wrong type
  timezone      = "JST" # ERROR: Malformed value
  time_colum    = "created_at" # ERROR: Unsupported argument
  column "a" {
    from = "email"
  }
  column "a" { # ERROR: Repeated block
    from = "email"
  }
}
