// Package iceberg shows tables of inlay in the catalogs of Apache Iceberg, so that Spark,
// Trino, Snowflake, DuckDB and whoever else speaks Iceberg reads them.
//
// It is another way to publish a table and not another way to commit one. The manifest stays
// the commit: rows and bookmark together. After each manifest that changes rows the Iceberg
// table gets one snapshot, in one commit of the catalog's, with the parts that are new as data
// files and without those that left. The parts are read where they stand; nothing is copied.
// The summary of the snapshot says which manifest it shows, with bookmark, slot and run. So
// what an Iceberg reader sees is always some snapshot of ours, whole, and whoever was killed in
// between finds out from the summary what is still to be done.
package iceberg
