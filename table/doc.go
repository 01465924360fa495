// Package table keeps rows on disk: a table is a folder of immutable Parquet parts and a
// chain of manifests, one per commit, and a snapshot is what one manifest names, laid out
// for readers.
//
// A commit is atomic and durable: readers see the snapshot before it or after it, and
// rows and bookmark are in the same manifest. What a crash leaves behind, the next writer
// repairs; nothing it needs is in memory.
//
// A warehouse may stand on an object store instead. Then a folder of this machine is its
// mirror, and a commit is an object that was put where there was none.
package table
