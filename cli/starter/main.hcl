# A first configuration. It reads a simulated workspace, so it runs as it is:
#
#   inlay plan     what would happen
#   inlay apply    makes it so; run it again whenever you like
#
# docs/language.md explains the language, `inlay schema` lists every stream and column.

# Where tables and the state are kept. Both are beside this file unless said otherwise.
inlay {
  warehouse = "warehouse"
}

# The account. For a real one, replace the sandbox block by one of two ways in:
#
# Recommended: sign in once with `inlay login connection.intercom.main`. The token is kept
# outside of this folder, belongs to your app, and can be taken back in Intercom.
#
#   oauth {
#     client_id     = "your app's client id"
#     client_secret = env("INTERCOM_CLIENT_SECRET")
#   }
#
# Or a token of your own workspace, from the environment:
#
#   access_token = env("INTERCOM_ACCESS_TOKEN")
connection "intercom" "main" {
  # region = "eu"   # where the workspace is hosted: us (default), eu, au
  sandbox {}
}

# What to read: one stream of the account. Incremental reads bring what is new since the
# last import; the first one brings everything.
source "intercom" "users" {
  connection  = connection.intercom.main
  stream      = "users"
  incremental = true
  # cursor = "updated_at"   # rows that changed too; then mode = "upsert" keeps one row a user
}

# The table: warehouse/crm/users, in one folder for each month of created_at.
target "parquet" "users" {
  source      = source.intercom.users
  database    = "crm"
  mode        = "append"
  time_column = "created_at"
  timezone    = "UTC"
  schedule    = schedule.nightly
}

# When: each night at 00:10. `inlay run -due` from any scheduler imports what is due, and
# `inlay serve` waits for the clock itself.
schedule "nightly" {
  cron     = "10 0 * * *"
  timezone = "UTC"
}
