inlay {
  required_version = "two" # ERROR: Malformed version constraint
}
