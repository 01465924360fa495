inlay {
  warehouse = "s3://My_Bucket/tables" # ERROR: Invalid path
  state     = "gs://bucket/state.json" # ERROR: Invalid path
}
