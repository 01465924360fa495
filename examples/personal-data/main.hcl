# Users without what identifies them: columns are left out or hashed before anything is
# written, and claims about the rows are checked before anything is published.

inlay {
  hash_key = var.hash_key
}

variable "hash_key" {
  description = "Keys the hashes. Keep it: another key gives other hashes, and the table is read again."
  type        = string
  sensitive   = true
  default     = "for this example only" # give your own: INLAY_VAR_hash_key, or env("…") above
}

connection "intercom" "main" {
  # A simulated workspace, so that this applies anywhere. For your own account put
  # access_token = env("INTERCOM_ACCESS_TOKEN") in place of the sandbox block.
  sandbox {
    contacts = 200
  }
}

source "intercom" "users" {
  connection  = connection.intercom.main
  stream      = "users"
  incremental = true
  cursor      = "updated_at"
}

target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  mode        = "upsert"
  time_column = "created_at"

  # Everything but these, which are in no file, not in _rest either.
  columns = ["*", "-name", "-phone", "-formatted_phone", "-avatar", "-social_profiles", "-location", "-custom_attributes"]

  # The same address always gives the same hash, so tables can still be joined by it.
  column "email" {
    hash = true
  }

  # One attribute of your own as a column, though the others are left out.
  column "plan" {
    from = "custom_attributes.plan"
    type = "string"
  }

  # When someone is deleted upstream, `table erase` removes them from every snapshot.
  retain = 1

  expect "one row for each user" {
    not_null = ["id", "created_at"]
    unique   = ["id"]
  }

  expect "nobody is changed before they are made" {
    condition = "updated_at >= created_at"
  }

  expect "only users" {
    accepted_values = { role = ["user"] }
  }

  expect "the table is not nearly empty" {
    min_rows = 100
    severity = "warn"
  }
}
