inlay {
  warehouse = "elsewhere"
}
