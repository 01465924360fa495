inlay {
  required_version = ">= 2.0" # ERROR: Unsupported version
  warehouse        = " " # ERROR: Invalid path
}
